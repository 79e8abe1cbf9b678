"""What the columns of a file mean: read from TOML (``definition.py``) and checked against the site (``binding.py``)."""
