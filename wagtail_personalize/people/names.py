"""What to call somebody."""

from typing import Any


def person_name(user: Any) -> str:
    """The full name of a user, of any user model; else the login name."""
    full_name = user.get_full_name() if hasattr(user, "get_full_name") else ""
    return full_name or str(user)
