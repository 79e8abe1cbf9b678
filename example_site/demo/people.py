"""Writes the people of ``staffing.py`` into the database, in sets: no query per person, no signal per row."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from wagtail.users.models import UserProfile

from wagtail_personalize.people.changes import changed
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.employees.models import (
    Country,
    Department,
    Division,
    EmployeeProfile,
    Language,
    Location,
)
from wagtail_personalize.people.origins.writing import note_changed, recorded_names, set_by

from . import names
from .staffing import COUNTRY_OF, Employee, Staffing

User = get_user_model()

COUNTRIES = {"DE": "Germany", "NL": "Netherlands", "GB": "United Kingdom"}
LOCATIONS = {"munich": "Munich", "landshut": "Landshut", "utrecht": "Utrecht", "london": "London"}
TIME_ZONES = {
    "munich": "Europe/Berlin",
    "landshut": "Europe/Berlin",
    "utrecht": "Europe/Amsterdam",
    "london": "Europe/London",
}
EMAIL = "{}@tarnwell.example"


@transaction.atomic
def load_people(today: date) -> int:
    """Bring users and profiles to what the organisation says; returns how many work here. Running it twice is safe."""
    staffing = Staffing(today)
    _upsert(Country, "code", [Country(code=code, name=name) for code, name in COUNTRIES.items()])
    _upsert(Language, "code", [Language(code=code, name=name) for code, name in names.LANGUAGES.items()])
    _load_locations()
    _load_organisation(staffing)
    _load_users(staffing.people)
    _load_profiles(staffing.people)
    for field, attribute in (("languages", "code"), ("skills", "name"), ("interests", "name")):
        _load_links(staffing.people, field, attribute)
    changed(cause="bulk")
    with set_by("import"):
        note_changed(None, recorded_names())
    with set_by("self"):
        note_changed(None, {attribute.name for attribute in get_declaration().attributes if attribute.source == "self"})
    return sum(not person.left for person in staffing.people)


def _upsert(model: type[models.Model], key: str, rows: list[models.Model], fields: Iterable[str] = ("name",)) -> None:
    """Insert what is new; bring ``fields`` of the rest up to date."""
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=[key], update_fields=list(fields))


def _by(model: type[models.Model], key: str) -> dict[str, models.Model]:
    return {getattr(row, key): row for row in model.objects.all()}


def _load_locations() -> None:
    countries = _by(Country, "code")
    rows = [Location(code=code, name=name, country=countries[COUNTRY_OF[code]]) for code, name in LOCATIONS.items()]
    _upsert(Location, "code", rows, ["name", "country"])


def _load_organisation(staffing: Staffing) -> None:
    divisions = [Division(code=d.code, name=d.name) for d in staffing.departments if d.parent is None]
    _upsert(Division, "code", divisions)
    depth = {None: -1}
    for department in staffing.departments:
        depth[department.code] = depth[department.parent] + 1
    for level in range(max(depth.values()) + 1):
        known = _by(Department, "code")
        here = [d for d in staffing.departments if depth[d.code] == level]
        rows = [Department(code=d.code, name=d.name, parent=known.get(d.parent)) for d in here]
        _upsert(Department, "code", rows, ["name", "parent"])


def _load_users(people: list[Employee]) -> None:
    """Nobody can sign in with a password until ``access.py`` gives the personas theirs."""
    known = set(User.objects.values_list("username", flat=True))
    closed = make_password(None)
    rows = [_user(person, closed) for person in people]
    User.objects.bulk_create([user for user in rows if user.username not in known])
    ids = dict(User.objects.values_list("username", "pk"))
    for user in rows:
        user.pk = ids[user.username]
    User.objects.bulk_update(
        [user for user in rows if user.username in known], ["first_name", "last_name", "email", "is_active"]
    )
    zones = [UserProfile(user_id=ids[p.username], current_time_zone=TIME_ZONES[p.place]) for p in people]
    UserProfile.objects.bulk_create(zones, ignore_conflicts=True)


def _user(person: Employee, password: str) -> models.Model:
    return User(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=EMAIL.format(person.username),
        is_active=not person.left,
        password=password,
    )


def _load_profiles(people: list[Employee]) -> None:
    users, locations = dict(User.objects.values_list("username", "pk")), _by(Location, "code")
    departments, divisions = _by(Department, "code"), _by(Division, "code")
    rows = [
        EmployeeProfile(
            user_id=users[person.username],
            staff_number=person.number,
            department=departments[person.department],
            division=divisions[person.division] if person.division in divisions else divisions["board"],
            location=locations[person.place],
            job_title=person.title,
            function=person.function,
            level=person.level,
            employment_type=person.employment,
            work_mode=person.mode,
            shift=person.shift,
            hire_date=person.hired,
            birthday=person.birthday,
            phone=person.phone,
        )
        for person in people
    ]
    given = [field.name for field in EmployeeProfile._meta.concrete_fields]
    fields = [name for name in given if name not in {"id", "user", "staff_number", "manager", "photo", "language"}]
    _upsert(EmployeeProfile, "staff_number", rows, fields)
    profiles = _by(EmployeeProfile, "staff_number")
    for person in people:
        profiles[person.number].manager = profiles[person.manager.number] if person.manager else None
    EmployeeProfile.objects.bulk_update(profiles.values(), ["manager"])


def _load_links(people: list[Employee], field: str, key: str) -> None:
    """One of the many-to-many fields; missing skills and interests are made."""
    relation = EmployeeProfile._meta.get_field(field)
    target, through = relation.related_model, relation.remote_field.through
    values = {value for person in people for value in getattr(person, field)}
    if key == "name":
        target.objects.bulk_create([target(name=value) for value in sorted(values)], ignore_conflicts=True)
    ids = dict(target.objects.values_list(key, "pk"))
    profiles = dict(EmployeeProfile.objects.values_list("staff_number", "pk"))
    column = relation.m2m_reverse_field_name()
    rows = [
        through(employeeprofile_id=profiles[person.number], **{f"{column}_id": ids[value]})
        for person in people
        for value in getattr(person, field)
    ]
    through.objects.bulk_create(rows, ignore_conflicts=True)
