"""Objecting to measurement, and taking it back: from the next request on nothing of the person is counted."""
