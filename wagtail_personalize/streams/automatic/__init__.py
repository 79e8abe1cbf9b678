"""Auto-subscription: who is in a segment follows a source, as the rule of an editor says."""
