"""System checks: reactions that can be stored, shown and read aloud."""

import re
from typing import Any

from django.core.checks import CheckMessage, Error

from wagtail_personalize.conf import get_settings

#: More would be no small set.
MOST = 8
_KEY = re.compile(r"[a-z0-9_-]{1,20}")


def check_communities(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All checks of this room."""
    reactions = get_settings().REACTIONS
    wrong = [key for key, words in reactions.items() if not (_KEY.fullmatch(key) and _has_name(words))]
    if wrong or not 1 <= len(reactions) <= MOST:
        return [
            Error(
                f"REACTIONS is not as it must be{': ' if wrong else ''}{', '.join(map(str, wrong))}.",
                hint=f"One to {MOST} keys of at most 20 small letters, digits, - and _, each with a sign, a blank and "
                'its name, such as {"like": "👍 Like"}. The name is what a screen reader says.',
                id="personalize_communities.E001",
            )
        ]
    return []


def _has_name(words: Any) -> bool:
    sign, _blank, name = str(words).partition(" ")
    return bool(sign and name.strip())
