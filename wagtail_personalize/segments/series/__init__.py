"""Segments from data: one segment for each value of an attribute, kept in step when values come and go."""
