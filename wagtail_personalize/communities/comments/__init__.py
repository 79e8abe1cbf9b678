"""Comments on any page: written, read, answered, mentioned, reported and moderated."""
