"""The floor: what may be published about people, and what is recorded about them."""
