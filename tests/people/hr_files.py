"""Small HR files and what a test expects of their import."""

from datetime import date
from pathlib import Path

from django.apps import apps

from wagtail_personalize.people.importing.mapping.definition import Mapping
from wagtail_personalize.people.importing.run import import_people
from wagtail_personalize.people.importing.sources.formats import source_for

TODAY = date(2026, 11, 21)

#: The columns that most tests need; ``mapping(…)`` adds to it.
BASIC = {
    "match": "no",
    "create_users": True,
    "login_name": "p{no}",
    "columns": {
        "first": {"to": "user.first_name", "optional": True},
        "mail": {"to": "user.email", "optional": True},
        "dept": {"to": "department", "optional": True},
        "title": {"to": "job_title", "optional": True},
        "hired": {"to": "hired", "optional": True},
    },
    "manager": {"column": "boss", "optional": True},
    "leave_date": {"column": "left", "optional": True},
}


def mapping(**more):
    """The basic mapping with other keys on top."""
    return Mapping.from_dict({**BASIC, **more})


def hr_file(folder: Path, text: str | bytes, name="people.csv"):
    """A file of people; text is written as UTF-8."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def bring_in(path: Path, rules: Mapping | None = None, *, source=None, **options):
    """Import a file, "today" being 21 November 2026; rejected lines go to ``<file>.errors.csv``."""
    options = {"error_path": errors_of(path), "today": TODAY, **options}
    return import_people(source or source_for(path), rules or mapping(), **options)


def errors_of(path: Path) -> Path:
    return path.with_name(path.name + ".errors.csv")


def staff(number):
    """The profile with this staff number, as stored now."""
    return apps.get_model("intranet.Staff").objects.select_related("user", "manager").get(staff_number=number)


def counts(result):
    """The counts that are not zero."""
    return {name: count for name, count in vars(result.counts).items() if count}
