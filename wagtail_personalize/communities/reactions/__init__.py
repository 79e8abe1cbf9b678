"""Reactions to pages and comments: one for each person, openly visible to those who may see the page."""
