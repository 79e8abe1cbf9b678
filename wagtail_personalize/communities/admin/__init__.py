"""What editors and moderators do about comments."""
