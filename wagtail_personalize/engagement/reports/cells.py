"""What a report is made of: figures, charts and tables. The same rows are shown and taken away as a file."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.figures import Shown, Withheld

Decision = Shown | Withheld


@dataclass(frozen=True)
class Cell:
    """One value of a table: as it reads, and as a number for files and charts (``None``: withheld)."""

    text: str
    number: Any = None
    is_withheld: bool = False
    url: str = ""

    @property
    def exported(self) -> Any:
        return self.text if self.number is None else self.number


def text_cell(text: Any, url: str = "") -> Cell:
    return Cell(str(text), url=url)


def _cell(decision: Decision, say: Callable[[Any], str]) -> Cell:
    if isinstance(decision, Withheld):
        return Cell(decision.reason.sentence, is_withheld=True)
    return Cell(say(decision.value), decision.value)


def said_number(number: Any) -> str:
    return str(number_format(number, force_grouping=True, use_l10n=True))


def number_cell(decision: Decision) -> Cell:
    return _cell(decision, said_number)


def said_share(share: float) -> str:
    return _("%(number)s %%") % {
        "number": number_format(round(share * 100, 1) if 0 < share < 0.1 else round(share * 100))
    }


def share_cell(decision: Decision) -> Cell:
    """A share between 0 and 1; files hold per cent."""
    if isinstance(decision, Shown):
        decision = Shown(round(decision.value, 3))
    return _cell(decision, said_share)


def said_seconds(seconds: int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


def seconds_cell(decision: Decision) -> Cell:
    return _cell(decision, said_seconds)


def per_head_cell(decision: Decision) -> Cell:
    return _cell(decision, lambda value: str(number_format(round(value, 1))))


@dataclass(frozen=True)
class Column:
    """``explanation`` says what the number means."""

    label: Any
    explanation: Any = ""
    is_number: bool = True


@dataclass
class Table:
    """Rows of cells under their columns. ``empty`` is said in place of rows."""

    title: Any
    columns: Sequence[Column]
    rows: list[list[Cell]]
    empty: Any = ""
    note: Any = ""
    #: Whether it says in words what a chart above it shows.
    is_of_chart: bool = False

    @property
    def explained(self) -> list[Column]:
        return [column for column in self.columns if column.explanation]


@dataclass(frozen=True)
class Chart:
    """Bars or lines. A table on the same page says the same, so the drawing is hidden from readers."""

    title: Any
    labels: Sequence[Any]
    series: Sequence[tuple[Any, Sequence[float | None]]]
    kind: str = "bar"
    is_share: bool = False

    @property
    def drawn(self) -> str:
        """For the script: everything as JSON."""
        series = [{"label": str(label), "values": list(values)} for label, values in self.series]
        labels = [str(label) for label in self.labels]
        return json.dumps({"kind": self.kind, "labels": labels, "series": series, "isShare": self.is_share})

    @property
    def has_something(self) -> bool:
        return any(value is not None for _label, values in self.series for value in values)


@dataclass(frozen=True)
class Figure:
    """A key figure: its value, what it means, and how it differs from the period before."""

    label: Any
    cell: Cell
    explanation: Any
    change: str = ""
    direction: str = ""
    second: str = ""


@dataclass
class Body:
    """All of a report. The first table is the one that is taken away as a file."""

    figures: list[Figure] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    empty: Any = ""


def bars(title: Any, rows: Iterable[Sequence[Cell]], column: int, *, most: int = 12, is_share: bool = False) -> Chart:
    """A chart of one column of a table, named by the first one."""
    told = [(row[0].text, row[column].number) for row in rows if row[column].number is not None][:most]
    return Chart(title, [name for name, _n in told], [(title, [number for _n, number in told])], is_share=is_share)
