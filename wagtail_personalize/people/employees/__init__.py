"""A ready-made employee profile, for sites that have none of their own."""
