"""A small firm with every difficulty that a value can have, for tests that hold rules against what they mean."""

from contextlib import contextmanager
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.db import transaction
from django.test import override_settings

from tests.builders import person
from tests.intranet.models import Office, Skill, Staff, Unit
from tests.segments import declared
from wagtail_personalize.people.changes import changed, suppressed

#: Letters of Europe, composed and decomposed, with blanks around and characters that LIKE treats specially.
TEXTS = [
    "IT", "IT ", " it", "Zürich", "ZÜRICH", "Zu\u0308rich", "zurich", "straße", "STRASSE", "Łódź", "lodz", "Ærø",
    "aero", "İstanbul", "ıstanbul", "istanbul", "ΣΊΣΥΦΟΣ", "σίσυφος", "Київ", "київ", "Þór", "thor", "Đà", "da",
    "Œuvre", "Ħal", "100%", "1000", "a_b", "axb", "a\\b", "O'Neill", "“quoted”", "ﬁnance", "Finance", "e\u0301",
    "é", "  ", "\u0301", "",
]  # fmt: skip
DAYS = [
    date(1999, 12, 31), date(2000, 2, 29), date(2019, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2023, 2, 28),
    date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 31),
    date(2025, 2, 28), date(2025, 3, 31), date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1),
]  # fmt: skip
#: As UTC: around midnight in Berlin, in winter and in summer, and in the night of a change of the clock.
MOMENTS = [
    (2024, 2, 28, 22, 59), (2024, 2, 28, 23, 0), (2024, 2, 29, 23, 30), (2024, 6, 30, 21, 59), (2024, 6, 30, 22, 0),
    (2025, 3, 29, 23, 30), (2025, 3, 30, 1, 30), (2025, 10, 26, 0, 30), (2025, 10, 26, 1, 30), (2025, 12, 31, 23, 0),
]  # fmt: skip
UNITS = {"firm": None, "it": "firm", "web": "it", "ops": "it", "sales": "firm", "attic": None}
OFFICES = {"MUC": "München", "UTR": "Utrecht", "LON": "London"}
SKILLS = ["Python", "Zürich", "łódź", "cooking"]
GROUPS = ["Writers", "Shop floor", "Nobody"]


@contextmanager
def firm(size=40):
    """The firm stands in the database until the block ends; the declaration is the wide one."""
    with override_settings(WAGTAIL_PERSONALIZE={"PROFILE": declared.NAME}), transaction.atomic():
        with suppressed():
            people = _hire(size, Random(20260301))
        changed()
        yield people
        transaction.set_rollback(True)


def profiles():
    """All profiles with what the reference walks over, keyed by login name."""
    found = Staff.objects.select_related("user", "unit", "office", "manager").prefetch_related("skills", "user__groups")
    return {profile.user.username: profile for profile in found}


def _hire(size, random):
    units, offices, skills, groups = _build(random)
    people = [_person(f"p{number}", random, units, offices) for number in range(size)]
    for one in people:
        one.staff.skills.set(random.sample(skills, random.choice([0, 0, 1, 2])))
        one.groups.set(random.sample(groups[:2], random.choice([0, 0, 1, 2])))
        if random.random() < 0.7:
            one.staff.manager = random.choice(people[: max(1, size // 4)]).staff
            one.staff.save()
    _nobody_knows("nil")
    return people


def _build(random):
    units = {}
    for code, above in UNITS.items():
        units[code] = Unit.objects.create(code=code, name=code.title(), parent=units.get(above))
    offices = [Office.objects.create(code=code, city=city) for code, city in OFFICES.items()]
    skills = [Skill.objects.create(name=name) for name in SKILLS]
    groups = [Group.objects.create(name=name) for name in GROUPS]
    return list(units.values()), offices, skills, groups


def _person(name, random, units, offices):
    def perhaps(values):
        return random.choice([*values, None])

    one = person(
        name,
        active=random.random() < 0.9,
        last_name=random.choice(TEXTS),
        staff_number=f"N-{name}",
        department=random.choice(TEXTS),
        job_title=perhaps(TEXTS),
        level=perhaps(range(-2, 5)),
        hired=perhaps(DAYS),
        birthday=perhaps([day.replace(year=2000) for day in DAYS]),
        remote=perhaps([True, False]),
        motto=random.choice(TEXTS),
        unit=perhaps(units),
        office=perhaps(offices),
    )
    one.date_joined = datetime(*random.choice(MOMENTS), tzinfo=ZoneInfo("UTC"))
    one.save()
    return one


def _nobody_knows(name):
    """Somebody of whom nothing is known."""
    person(name)
