"""Personas: target groups described as if they were one person, with invented people who stand for them."""
