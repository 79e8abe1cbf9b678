"""The pages of this room that everybody uses."""
