"""What every page inherits: the definition, over the few pages that can make a difference.

A page has its own choice (by translation key, so in all languages), what its parent has, and, when it is an alias,
what its source has. Only pages with a choice and aliases are *nodes*; every other page has what the nearest node above
it has. So the whole site comes down to a sorted list of steps, and storing it is one statement over path ranges.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from .clauses import Clauses, read
from .models import PageAudience
from .page_tree import after, page_model, parent_of, topmost, upwards


class Choice(NamedTuple):
    """The clauses that restrict, and those that recommend."""

    access: Clauses = frozenset()
    recommendation: Clauses = frozenset()

    def union(self, other: "Choice") -> "Choice":
        return self if other is NOTHING else Choice(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING = Choice()


class Inheritance:
    """``own`` choices and alias ``sources`` by path; ``at(path)`` is what the page there has in all."""

    def __init__(self, own: Mapping[str, Choice], sources: Mapping[str, str]) -> None:
        self.own = own
        self.sources = sources
        self._nodes = sorted({*own, *sources})
        self._solved: dict[str, Choice] = dict.fromkeys(self._nodes, NOTHING)
        if own:
            while self._pass():
                pass

    @classmethod
    def load(cls) -> "Inheritance":
        """As the database has it now; three queries."""
        columns = "translation_key", "access__clauses", "recommendation__clauses"
        choices = {
            key: Choice(read(access or ()), read(recommendation or ()))
            for key, access, recommendation in PageAudience.objects.values_list(*columns)
        }
        pages = page_model()._base_manager.order_by()
        chosen = pages.filter(translation_key__in=PageAudience.objects.values("translation_key"))
        own = {path: choices.get(key, NOTHING) for path, key in chosen.values_list("path", "translation_key")}
        aliases = pages.filter(alias_of__isnull=False).values_list("path", "alias_of__path")
        return cls(own, dict(aliases))

    def _pass(self) -> bool:
        """One round over the nodes; aliases of aliases, or in a circle, need more than one."""
        changed = False
        for path in self._nodes:
            choice = self.own.get(path, NOTHING).union(self.at(parent_of(path)))
            if path in self.sources:
                choice = choice.union(self.at(self.sources[path]))
            if choice != self._solved[path]:
                self._solved[path] = choice
                changed = True
        return changed

    def at(self, path: str) -> Choice:
        """Everything that holds at ``path``; a page need not exist there."""
        return next((self._solved[above] for above in upwards(path) if above in self._solved), NOTHING)

    def steps(self) -> list[tuple[str, Choice]]:
        """``(path, choice)`` in the order of paths: the choice holds from there up to the next step."""
        edges = {""}
        for path in self._nodes:
            if self._solved[path] != self.at(parent_of(path)):
                edges |= {path, after(path) or path}
        found: list[tuple[str, Choice]] = []
        for edge in sorted(edges):
            choice = self.at(edge)
            if not found or found[-1][1] != choice:
                found.append((edge, choice))
        return found

    def affected_by(self, paths: Iterable[str]) -> list[str]:
        """The subtrees in which something changes when something changes at ``paths``: aliases follow their source."""
        reached, queue = set(topmost(paths)), True
        while queue:
            queue = {a for a, source in self.sources.items() if a not in reached and _is_in(source, reached)}
            reached |= queue
        return topmost(reached)

    def without_sources(self, paths: Collection[str]) -> "Inheritance":
        """The same site if the aliases at ``paths`` were ordinary pages."""
        return Inheritance(self.own, {path: source for path, source in self.sources.items() if path not in paths})


def _is_in(path: str, subtrees: Collection[str]) -> bool:
    return any(above in subtrees for above in upwards(path))
