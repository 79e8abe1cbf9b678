"""The contract of a report. A report has a name, says what it tells, and builds a ``Body`` of what was asked.

Adding one: write a subclass and list it in ``registry.py``. It reads through ``asked.reader`` only, so that every
number passes the privacy layer, and takes a number of queries that does not depend on how much there is.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wagtail_personalize.privacy.figures import rules

from .cells import Body
from .filters import Asked

NOTHING_YET = _(
    "There are no figures yet. They appear when a week is over and people have read something; figures are made every "
    "night."
)


class Report(ABC):
    """``choices`` are the names of the filters it offers (``filters.py``)."""

    name: ClassVar[str]
    title: ClassVar[Any]
    explanation: ClassVar[Any] = ""
    choices: ClassVar[tuple[str, ...]] = ("period",)
    spans: ClassVar[tuple[str, ...]] = ("week", "month")

    def is_offered(self) -> bool:
        """Whether the rules of this site allow it."""
        return rules().is_measured

    @abstractmethod
    def build(self, asked: Asked, request: HttpRequest) -> Body:
        """What is shown to the user of ``request``."""
