"""Pages that somebody saved for later: a private list."""
