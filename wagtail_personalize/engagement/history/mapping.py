"""The mapping file: what the columns of a log mean. See ``docs/how-to/load-history.md`` for the format."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_personalize.people.importing.mapping.definition import parse_mapping
from wagtail_personalize.people.importing.sources.contract import ImportRefused

#: How a log may name people and pages.
PEOPLE = ("", "staff_number", "username")
PAGES = ("path", "id", "slug", "title")


@dataclass(frozen=True)
class LogMapping:
    """The names of columns, but for the last ones. Only the first three are required."""

    time: str
    person: str
    page: str
    type: str = ""
    session: str = ""
    user_agent: str = ""
    #: What the page is called, for those that this site does not have.
    title: str = ""
    #: Engaged seconds of a view.
    seconds: str = ""
    #: The words of a search, and how many results it had.
    search: str = ""
    results: str = ""
    #: What the person column holds, if people of this site can be found by it; else nobody is.
    people: str = ""
    pages_by: str = "path"
    time_zone: str = ""
    #: ``dmy`` or ``mdy``, where days and months cannot be told apart.
    time_format: str = ""
    encoding: str = ""
    delimiter: str = ""
    #: What each type of the log is: the name of a kind, or nothing if it does not count.
    types: dict[str, str] = field(default_factory=dict)
    #: Where a page of the old site is now.
    pages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Self:
        """A mapping from the dictionary that a mapping file is; refuses what it does not know."""
        for name, value in given.items():
            _check(name, value)
        if missing := [name for name in ("time", "person", "page") if not given.get(name)]:
            raise ImportRefused(_("The mapping lacks “%(name)s”.") % {"name": missing[0]})
        _check_choice("people", given.get("people", ""), PEOPLE)
        _check_choice("pages_by", given.get("pages_by", "path"), PAGES)
        _check_choice("time_format", given.get("time_format", ""), ("", "dmy", "mdy"))
        return cls(**given)

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are named, by what they hold."""
        held = ("time", "person", "page", "type", "session", "user_agent", "title", "seconds", "search", "results")
        return {name: column for name in held if (column := getattr(self, name))}

    @property
    def zone(self) -> Any:
        """Where times are from that do not say it."""
        try:
            return ZoneInfo(self.time_zone) if self.time_zone else timezone.get_default_timezone()
        except (KeyError, ValueError, OSError) as error:
            raise ImportRefused(
                _("“%(zone)s” is not a time zone. An example: Europe/Berlin.") % {"zone": self.time_zone}
            ) from error

    def check(self, columns: list[str]) -> None:
        """Refuse a file that lacks a column that is named."""
        if missing := sorted(set(self.columns.values()) - set(columns)):
            raise ImportRefused(
                _("The file has no column “%(name)s”. It has: %(known)s.")
                % {"name": missing[0], "known": ", ".join(columns)}
            )


def load_log_mapping(path: Path | str) -> LogMapping:
    """The mapping in a TOML file, or in a JSON file when its name ends so."""
    try:
        return LogMapping.from_dict(parse_mapping(Path(path).name, Path(path).read_bytes()))
    except OSError as error:
        raise ImportRefused(
            _("The mapping file %(name)s cannot be read: %(error)s.") % {"name": path, "error": error.strerror}
        ) from error


def _check(name: str, value: Any) -> None:
    known = {f.name: f for f in fields(LogMapping)}
    if name not in known:
        raise ImportRefused(
            _("The mapping does not know “%(name)s”. It knows: %(known)s.") % {"name": name, "known": ", ".join(known)}
        )
    is_table = known[name].type == dict[str, str]
    texts = list(value.values()) if is_table and isinstance(value, dict) else [value]
    if is_table != isinstance(value, dict) or not all(isinstance(text, str) for text in texts):
        expected = _("a table of texts") if is_table else _("a text")
        raise _must_be(name, expected)


def _check_choice(name: str, value: str, options: tuple[str, ...]) -> None:
    if value not in options:
        listed = _(" or ").join(f"“{option}”" for option in options if option)
        raise _must_be(name, listed)


def _must_be(name: str, expected: str) -> ImportRefused:
    return ImportRefused(_("In the mapping, “%(name)s” must be %(expected)s.") % {"name": name, "expected": expected})
