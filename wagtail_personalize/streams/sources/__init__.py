"""What can be followed: pages, hashtags, colleagues, and whatever another room or the site registers."""
