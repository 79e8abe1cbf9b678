"""The kinds of things that can be followed, and the contract that another room or the site fulfils for one of its own.

    @register_kind
    class Communities(SourceKind):
        name, label, label_plural, icon = "community", _("Community"), _("Communities"), "group"

        def found(self, keys, viewer): ...       # those of these keys that the viewer may see, as ``Shown``
        def offered(self, viewer, typed): ...    # the keys of everything that the viewer may follow
        def items(self, key, viewer): ...        # what is new there, newest first
        def keys_of(self, pages): ...            # of which sources of this kind each page is an item
        def pages_of(self, key): ...             # all live pages that are items of a source
        def labels(self, keys): ...              # what they are called, for editors
        def labels_for(self, keys, viewer): ...  # the same for one editor; optional

Nothing else decides who may see a source: the buttons, the lists, the catalogue and the address that follows one ask
``found``, and what it leaves out is missing for them.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer


@dataclass(frozen=True)
class Shown:
    """A source as one viewer may see it."""

    kind: "SourceKind"
    key: str
    label: str
    url: str
    #: A few words below the label, such as where a page stands.
    about: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """By which it is the same source everywhere."""
        return self.kind.name, self.key


class SourceKind(ABC):
    """One kind of source. Every method takes many at once and asks a fixed number of queries."""

    name: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    label_plural: ClassVar[Any] = ""
    icon: ClassVar[str] = ""
    #: Kinds stand in this order in lists.
    order: ClassVar[int] = 100

    @abstractmethod
    def found(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, Shown]:
        """Those of these keys that exist and that ``viewer`` may see; takes any text for a key."""

    @abstractmethod
    def offered(self, viewer: Viewer, typed: str = "") -> Sequence[str]:
        """The keys of what ``viewer`` may follow, for the catalogue; ``typed`` narrows. Counted and sliced lazily."""

    @abstractmethod
    def items(self, key: str, viewer: Viewer, number: int = 5) -> list[Page]:
        """The newest pages of this source that ``viewer`` may open."""

    @abstractmethod
    def keys_of(self, pages: Iterable[Page]) -> Mapping[Any, set[str]]:
        """By the key of each page: the sources of this kind of which it is an item. Says nothing about who may see it.

        What no kind of the package knows of stays out: a kind whose items are no pages returns ``{}``.
        """

    def pages_of(self, key: str) -> QuerySet | None:
        """All live pages that are its items, whoever may see them; the same that ``keys_of`` says.

        ``None`` for a kind whose items are no pages.
        """
        return None

    @abstractmethod
    def labels(self, keys: Collection[str]) -> Mapping[str, str]:
        """What these sources are called, for editors in the admin; whoever may see them. Only those that exist."""

    def labels_for(self, keys: Collection[str], viewer: Viewer) -> Mapping[str, str]:
        """The same for one editor. What the editor may not be told of goes by its kind, such as "a page"."""
        return self.labels(keys)

    def present(self, keys: Collection[str]) -> set[str]:
        """Those of these keys that still exist."""
        return set(self.labels(keys))


class Keys(Sequence):
    """The keys of a queryset of one column, as texts; asked only for what is looked at."""

    def __init__(self, keys: QuerySet) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return self._keys.count()

    def __getitem__(self, place: Any) -> Any:
        found = self._keys[place]
        return [str(key) for key in found] if isinstance(place, slice) else str(found)


T = TypeVar("T", bound=type[SourceKind])
_kinds: dict[str, SourceKind] = {}


def register_kind(kind: T) -> T:
    """Let people follow a kind of things; usable as a decorator. Registering the same class again changes nothing."""
    known = kind()
    if not (known.name and known.label and known.label_plural) or len(known.name) > 20:
        raise ValueError(f"{kind.__name__} needs a name of at most 20 letters, a label and a plural.")
    if known.name in _kinds and type(_kinds[known.name]) is not kind:
        raise ValueError(f"There is a kind called {known.name!r} already; give {kind.__name__} another name.")
    _kinds[known.name] = known
    return kind


def kinds() -> list[SourceKind]:
    """All kinds in order."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.name))


def kind_called(name: str) -> SourceKind | None:
    return _kinds.get(name)
