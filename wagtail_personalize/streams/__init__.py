"""WHAT REACHES ME: hashtags, and later subscriptions, the timeline and notifications."""
