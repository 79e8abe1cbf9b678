"""Who works here: the profile declaration, its import and its pages."""
