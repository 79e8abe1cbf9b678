"""Reading where values come from, and saying so."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from .models import ValueOrigin
from .writing import EVERYTHING, PERHAPS


@dataclass(frozen=True)
class Origin:
    """Who set a value and when; ``file_name`` is that of the import."""

    source: str
    at: datetime
    run_id: int | None = None
    file_name: str = ""
    #: Since then the value may have been changed together with many others: whoever did it did not say what.
    doubted: datetime | None = None

    @property
    def day(self) -> str:
        return _day(self.at)

    def sentence(self, own: bool = False) -> str:
        """Said to somebody else, or (``own``) to the person themself."""
        said = _wording(self, own) % {"day": self.day, "file": self.file_name}
        if self.doubted is None:
            return said
        doubt = {"origin": said, "day": _day(self.doubted)}
        return _("%(origin)s; perhaps changed with many profiles on %(day)s") % doubt


class Origins:
    """The origins of one person's values; one query."""

    def __init__(self, person_id: Any) -> None:
        rows = ValueOrigin.objects.filter(person=person_id).select_related("run").order_by("pk")
        self._rows = {row.attribute: _origin(row) for row in rows}

    def of(self, *attributes: str) -> Origin | None:
        """The latest origin of these attributes' values; ``None`` when it was not recorded."""
        found = [self._rows[name] for name in (*attributes, EVERYTHING) if name in self._rows]
        latest, doubt = max(found, key=lambda origin: origin.at, default=None), self._rows.get(PERHAPS)
        if latest is None or doubt is None or doubt.at <= latest.at:
            return latest
        return replace(latest, doubted=doubt.at)

    def of_nothing(self, *attributes: str) -> Origin | None:
        """Who emptied a value, as far as it was noted; ``None`` for one that perhaps never was."""
        return self.of(*attributes) if self._rows.keys() & attributes else None

    def runs(self) -> set[int]:
        """The keys of the imports of which a value still stands."""
        return {origin.run_id for origin in self._rows.values() if origin.run_id}


def said(origin: Origin | None, own: bool = False) -> str:
    """The sentence for an origin, also for one that was not recorded."""
    return origin.sentence(own) if origin else _("not recorded")


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT")


def _origin(row: ValueOrigin) -> Origin:
    return Origin(row.source, row.at, row.run_id, row.run.file_name if row.run else "")


def _wording(origin: Origin, own: bool) -> str:
    match origin.source:
        case ValueOrigin.Source.IMPORT:
            return _("import from HR on %(day)s (%(file)s)") if origin.file_name else _("import from HR on %(day)s")
        case ValueOrigin.Source.SELF:
            return _("you, on %(day)s") if own else _("the person, on %(day)s")
        case ValueOrigin.Source.BULK:
            return _("part of a change of many profiles on %(day)s")
    return _("administration, on %(day)s")
