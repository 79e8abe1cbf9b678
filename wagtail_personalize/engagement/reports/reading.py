"""Reading figures, and nothing else of what is stored: each number has passed the privacy layer when it leaves here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, Sum

from wagtail_personalize.privacy.figures import Family, Measure, Reason, Shown, Structure, Withheld, published
from wagtail_personalize.privacy.figures.stored import newest, structure_of

from ..models import ALL, Content, Figures
from .measures import MEASURES, NAMES
from .periods import Period


class Numbers(dict[str, Shown | Withheld]):
    """What may be told of one content, period and group. What nobody knows is told like what too few people did."""

    def __missing__(self, name: str) -> Withheld:
        return Withheld(Reason.TOO_FEW)

    def value(self, name: str) -> Any:
        """The number, or ``None`` where it is withheld."""
        decision = self[name]
        return decision.value if isinstance(decision, Shown) else None

    def ratio(self, part: str, whole: str) -> Shown | Withheld:
        """A share between 0 and 1, told where both numbers are."""
        for name in (whole, part):
            if isinstance(self[name], Withheld):
                return self[name]
        of = self.value(whole)
        return Shown(min(self.value(part) / of, 1.0)) if of else Withheld(Reason.TOO_FEW)

    def total(self, names: Iterable[str]) -> Shown | Withheld:
        """The sum of numbers of actions that are told."""
        told = [self.value(name) for name in names]
        return Shown(sum(filter(None, told))) if any(one is not None for one in told) else Withheld(Reason.TOO_FEW)


class Told:
    """What may be told of some contents in some periods, of all people and of each reporting segment."""

    def __init__(self, found: Mapping[tuple[int, Period], Mapping[int, Mapping[str, Shown | Withheld]]]) -> None:
        self._found = found

    def of(self, content: int | None, period: Period | None, group: int = ALL) -> Numbers:
        return Numbers(self._found.get((content, period), {}).get(group, {}))


class Reader:
    """Reads for one report; the audit is asked once."""

    def __init__(self, structure: Structure | None = None) -> None:
        self.structure = structure_of(newest()) if structure is None else structure

    @property
    def groups(self) -> list[int]:
        """The segments that may be told at all."""
        return sorted(self.structure.groups - {ALL})

    def read(
        self,
        contents: Collection[int],
        periods: Collection[Period],
        names: Collection[str] = NAMES,
        measures: Collection[Measure] = MEASURES,
    ) -> Told:
        """One query. ``measures`` say what these numbers are."""
        rows: dict[tuple[int, Period], dict[int, dict[str, int | None]]] = defaultdict(dict)
        for content, segment, span, start, *values in _rows(contents, periods):
            rows[content, Period(span, start)][segment] = dict(zip(NAMES, values, strict=True))
        return Told({key: self._tell(key[1], numbers, names, measures) for key, numbers in rows.items()})

    def read_site(self, periods: Collection[Period]) -> tuple[int | None, Told]:
        """Of the whole site, with the views of all pages and all searches; four queries."""
        site = Content.objects.filter(type=Content.Type.SITE).values_list("pk", flat=True).first()
        rows: dict[tuple[int, Period], dict[int, dict[str, int | None]]] = defaultdict(dict)
        for content, segment, span, start, *values in _rows([site], periods):
            rows[content, Period(span, start)][segment] = dict(zip(NAMES, values, strict=True))
        for (segment, period), sums in _sums(periods).items():
            rows[site, period].get(segment, {}).update(sums)
        return site, Told({key: self._tell(key[1], numbers, NAMES, MEASURES) for key, numbers in rows.items()})

    def _tell(
        self,
        period: Period,
        numbers: Mapping[int, Mapping[str, int | None]],
        names: Collection[str],
        measures: Collection[Measure],
    ) -> Any:
        wanted = [measure for measure in measures if measure.name in names or _is_asked_by(measure.name, names)]
        return published(Family(numbers, period.is_closed), wanted, self.structure)


def _is_asked_by(name: str, names: Collection[str]) -> bool:
    return any(measure.of == name for measure in MEASURES if measure.name in names)


def _within(periods: Collection[Period]) -> Q:
    condition = Q(pk__in=[])
    for span in {period.span for period in periods}:
        condition |= Q(span=span, start__in=[period.start for period in periods if period.span == span])
    return condition


def _rows(contents: Collection[int | None], periods: Collection[Period]) -> Iterable[tuple[Any, ...]]:
    figures = Figures.objects.filter(_within(periods), content__in=[pk for pk in contents if pk]).order_by()
    return figures.values_list("content_id", "segment_id", "span", "start", *NAMES)


def _sums(periods: Collection[Period]) -> dict[tuple[int, Period], dict[str, int]]:
    """On the site itself only presence is counted: what was opened and searched stands with pages and searches."""
    found: dict[tuple[int, Period], dict[str, int]] = defaultdict(
        lambda: {"views": 0, "searches": 0, "searches_without_result": 0}
    )
    kinds = ((Content.Type.PAGE, ("views",)), (Content.Type.SEARCH, ("searches", "searches_without_result")))
    for kind, names in kinds:
        figures = Figures.objects.filter(_within(periods), content__type=kind).order_by()
        grouped = figures.values_list("segment_id", "span", "start").annotate(*(Sum(name) for name in names))
        for segment, span, start, *values in grouped:
            found[segment, Period(span, start)].update(zip(names, values, strict=True))
    return found
