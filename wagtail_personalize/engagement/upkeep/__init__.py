"""Somebody looks after each page, and looks at it again in time."""
