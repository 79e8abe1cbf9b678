"""The reports: read from roll-ups only, and every number through the privacy layer."""
