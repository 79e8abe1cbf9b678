"""A thousand people at a time: plan what differs from what is stored, write it, tell the house who changed."""
