"""Blocks with colleagues for start pages: who is new, whom one may want to know, birthdays and anniversaries."""
