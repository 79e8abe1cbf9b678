"""Personalised and cacheable: pages and fragments are kept for all viewers who would get the same.

What a rendering depended on is found out while it goes on (``recorder.py``), and is in the key under which it is kept
(``keys.py``). For a site's own code, among others::

    uncacheable(request)              # what is being rendered is for this person only: keep it for nobody
    valid_until(request, moment)      # it becomes another one by itself at that time
    content_changed(Model)            # rows were changed in a way that Django did not see
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from .announcing import content_changed
from .facts import fact, register_fact
from .recorder import recorder_of
from .tables import never_shown

__all__ = ["content_changed", "fact", "never_shown", "register_fact", "uncacheable", "valid_until"]


def uncacheable(request: HttpRequest | None, why: str = "the site said so") -> None:
    """Keep neither the page that is being rendered nor the fragment that this is called in.

    For whatever belongs to one person, such as a name: nobody's text may be stored. Costs nothing without a cache.
    """
    recorder: Any = recorder_of(request)
    if recorder is not None:
        recorder.personal(why)


def valid_until(request: HttpRequest | None, *moments: datetime | None) -> None:
    """What is being rendered may become another one at these times."""
    recorder: Any = recorder_of(request)
    if recorder is not None:
        recorder.moment(*moments)
