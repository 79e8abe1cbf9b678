"""Which reactions there are: the setting ``REACTIONS``, ``{"like": "👍 Like"}``, a key with a sign and its name."""

from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop

from wagtail_personalize.conf import get_settings

#: The names of the setting's default, so that they are translated; a site translates its own in the same way.
_NAMES = (gettext_noop("Like"), gettext_noop("Love"), gettext_noop("Congratulations"), gettext_noop("Good idea"))


class Choice(NamedTuple):
    kind: str
    sign: str
    name: str


def choices() -> list[Choice]:
    """In the order of the setting."""
    found = []
    for kind, words in get_settings().REACTIONS.items():
        sign, _blank, name = words.partition(" ")
        found.append(Choice(kind, sign, gettext(name)))
    return found
