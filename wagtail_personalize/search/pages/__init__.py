"""The search page, its part for typing, and the same as JSON."""
