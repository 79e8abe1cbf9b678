"""Who follows what: subscriptions, what became of them, and the shortcuts on the start page."""
