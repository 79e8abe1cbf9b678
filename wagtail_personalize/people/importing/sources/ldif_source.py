"""People from an LDIF file, as directories write it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from .contract import ImportRefused, Line, Unreadable
from .ldif_entries import Entry, entries
from .problems import cell, is_text, problem_of, refuse_empty, refuse_too_many
from .text_file import TextFile


@dataclass
class _Names:
    """What one pass over the file tells about the names of attributes, which are the same in any case."""

    #: Name in lower case → how the file writes it first.
    spelling: dict[str, str] = field(default_factory=dict)
    #: Name in lower case → how many entries have a text there, and how many something else.
    texts: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    def see(self, entry: Entry) -> None:
        for name in [*entry.values, *sorted(entry.no_text)]:
            self.spelling.setdefault(name.lower(), name)
        self.texts.update({name.lower() for name in entry.values})
        self.others.update({name.lower() for name in entry.no_text})

    @property
    def left_out(self) -> dict[str, str]:
        """Pictures and keys: attributes that more often are no text than one."""
        return {key: name for key, name in self.spelling.items() if self.others[key] > self.texts[key]}

    @property
    def columns(self) -> dict[str, str]:
        return {key: name for key, name in self.spelling.items() if self.others[key] <= self.texts[key]}


class LdifSource(TextFile):
    """Every entry is a person; the columns are all attributes that occur in any of them, and ``dn``."""

    newline = None

    @cached_property
    def _names(self) -> _Names:
        names, problem = _Names(), ""
        with self.open() as text:
            for entry in entries(text):
                if entry.problem:
                    problem = problem or entry.problem
                else:
                    names.see(entry)
                refuse_too_many(len(names.spelling))
        if not names.spelling:
            raise self._without_people(problem)
        return names

    def _without_people(self, problem: str) -> ImportRefused:
        if not problem:
            return refuse_empty(self.name)
        return ImportRefused(
            _("The file %(name)s holds no LDIF entries: %(problem)s") % {"name": self.name, "problem": problem}
        )

    @cached_property
    def columns(self) -> list[str]:
        return list(self._names.columns.values())

    def lines(self) -> Iterator[Line | Unreadable]:
        columns = self._names.columns
        with self.open() as text:
            for entry in entries(text):
                yield self._line(entry, columns)

    def statements(self) -> list[str]:
        left_out = ", ".join(self._names.left_out.values())
        remark = _("Left out, because it is no text: %(names)s") % {"names": left_out}
        return [_("Format: LDIF"), *super().statements(), *([remark] if left_out else [])]

    def _line(self, entry: Entry, columns: dict[str, str]) -> Line | Unreadable:
        values: dict[str, list[str]] = {}
        for name, texts in entry.values.items():
            values.setdefault(name.lower(), []).extend(texts)
        cells = {name: cell(values[key]) for key, name in columns.items() if key in values}
        if problem := entry.problem or self._no_text(entry, columns) or problem_of(cells, self.encoding):
            return Unreadable(entry.line, problem, {name: text for name, text in cells.items() if is_text(text)})
        return Line(entry.line, dict.fromkeys(columns.values(), "") | cells)

    def _no_text(self, entry: Entry, columns: dict[str, str]) -> str:
        bad = [name for name in sorted(entry.no_text) if name.lower() in columns]
        return _("The value of “%(name)s” is no text.") % {"name": bad[0]} if bad else ""
