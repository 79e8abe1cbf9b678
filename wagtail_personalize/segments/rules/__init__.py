"""What a rule is: JSON that is checked (``schema``), compiled to a ``Q`` (``compile``), read aloud (``sentence``)."""
