"""Every door of the house, for every kind of viewer."""
