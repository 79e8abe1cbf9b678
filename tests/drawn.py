"""How many examples a property is tried on."""

import os

import django

ON_OTHERS = 3
NEWEST = (6, 1)


def tries(number: int) -> int:
    """All on SQLite with the newest Django; a third elsewhere, where each costs more and every run draws new ones."""
    is_sqlite = os.environ.get("DATABASE", "sqlite") == "sqlite"
    return number if is_sqlite and django.VERSION[:2] >= NEWEST else number // ON_OTHERS
