"""*Measurement status* in Wagtail's reports: whether what browsers send arrives, and whether the account is right."""
