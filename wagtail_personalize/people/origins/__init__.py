"""Where the value of an attribute comes from, and since when it stands: import, administration or the person."""
