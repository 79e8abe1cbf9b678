"""What the segments of a series are called: names follow the data, short names stay."""

import re
from collections.abc import Container, Iterable, Mapping

from django.utils.text import slugify
from django.utils.translation import gettext as _

from wagtail_personalize.people.folding import fold

from ..models import Segment
from .models import SegmentSeries
from .values import Value, label_of

LONGEST_NAME, LONGEST_SLUG = 150, 140
#: All that a pattern may hold. It is no ``%`` format: widths such as ``%(value)9000000s`` would fill the memory.
_TOKENS = re.compile(r"%%|%\(attribute\)s|%\(value\)s")


def pattern_problem(pattern: str) -> str:
    """Why segments cannot be named by ``pattern``, if they cannot."""
    if "%" in _TOKENS.sub("", pattern):
        return _("Only %(attribute)s and %(value)s can stand in a name. Write %% for a percent sign.")
    if "%(value)s" not in _TOKENS.findall(pattern):
        return _("Every segment would have the same name. Write %(value)s where the value should stand.")
    return ""


def wanted_name(series: SegmentSeries, value: Value) -> str:
    """What the segment of a value should be called; anything else in the pattern stands for itself."""
    told = {"%(attribute)s": str(label_of(series.attribute)), "%(value)s": value.label, "%%": "%"}
    return _TOKENS.sub(lambda token: told[token[0]], series.name_pattern).strip()[:LONGEST_NAME]


class Names:
    """Names and short names that are still free, read once.

    They are compared folded: some databases take "Müller" and "muller" for the same, and so might people.
    """

    def __init__(self) -> None:
        pairs = list(Segment.objects.order_by().values_list("name", "slug"))
        self._names = {fold(name) for name, _slug in pairs}
        self._slugs = {fold(slug) for _name, slug in pairs}

    def name(self, wanted: str, present: str = "") -> str:
        """``wanted``, or with a number behind it where that is taken by another segment than the one called so now."""
        self._names.discard(fold(present))
        name = _free(wanted, LONGEST_NAME, self._names)
        self._names.add(fold(name))
        return name

    def slug(self, series: SegmentSeries, value: Value) -> str:
        """A short name made of the attribute's name and the value."""
        wanted = slugify(f"{series.attribute}-{value.asked}", allow_unicode=True) or slugify(series.attribute)
        return self.free_slug(wanted)

    def free_slug(self, wanted: str) -> str:
        """``wanted``, or with a number behind it where that is taken."""
        slug = _free(wanted[:LONGEST_SLUG], LONGEST_SLUG + 10, self._slugs, "-{}")
        self._slugs.add(fold(slug))
        return slug


def _free(wanted: str, longest: int, taken: Container[str], form: str = " ({})") -> str:
    number, name = 1, wanted
    while fold(name) in taken:
        number += 1
        ending = form.format(number)
        name = wanted[: longest - len(ending)] + ending
    return name


def labels(values: Iterable[Value]) -> Mapping[str, Value]:
    """The values by their keys."""
    return {value.key: value for value in values}
