"""What leaves the house: mail, alerts, chat. Nothing is sent yet; here is what a channel will have to be."""
