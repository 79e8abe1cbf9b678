"""How many examples a property is tried on."""

import os

ON_OTHERS = 3


def tries(number: int) -> int:
    """All on SQLite; a third on the other databases, where each costs more and every run draws new ones."""
    return number if os.environ.get("DATABASE", "sqlite") == "sqlite" else number // ON_OTHERS
