"""When drills come: from a schedule's rules to slots, purely. Days come first; only `zones` knows an offset."""
