"""Which people a crowd is made of: those with keys in a span, or a few that are listed."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from .keys import Among


class Scope(ABC):
    """Some of the people."""

    @abstractmethod
    def among(self, path: str) -> Q:
        """Is the user whose key stands at the end of ``path`` one of them?"""


@dataclass(frozen=True)
class Span(Scope):
    """Everybody whose key comes after one and not after the other; ``None`` where there is no bound."""

    after: Any = None
    upto: Any = None

    def among(self, path: str) -> Q:
        bounds = {f"{path}__gt": self.after, f"{path}__lte": self.upto}
        return Q(**{lookup: key for lookup, key in bounds.items() if key is not None})


@dataclass(frozen=True)
class People(Scope):
    """Users by key, at most a thousand."""

    keys: Sequence[Any]

    def among(self, path: str) -> Q:
        return Q(Among(F(path), self.keys))
