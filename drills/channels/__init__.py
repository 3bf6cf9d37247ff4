"""What is sent out: mail, alerts, chat. Nothing is sent yet; this is what a channel will have to be."""
