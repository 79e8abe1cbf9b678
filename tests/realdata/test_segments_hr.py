"""Segments over two real HR files, held against counts made from the files in plain Python.

"Today" is 22 February 2003 for the one, so that the birthdays of 29 February come on the 28th, and 1 March 2018 for the
other.
"""

import csv
import tomllib
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from time_machine import travel

from tests.builders import segment
from tests.intranet.models import Unit
from wagtail_personalize.people.importing.mapping.definition import Mapping
from wagtail_personalize.people.importing.run import import_people
from wagtail_personalize.people.importing.sources.csv_source import CsvSource
from wagtail_personalize.segments.checking import check
from wagtail_personalize.segments.models import Membership, Segment

DATA = Path(__file__).parents[3] / "shared" / "data"
MAPPINGS = Path(__file__).parent / "mappings"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.exists(), reason="the data folder is not there"),
]


def rows(name, **options):
    """The people of a file by staff number, read without any code of ours."""
    with (DATA / name / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file, **options))
    return {next(iter(row.values())): row for row in people}


def bring_in(name, path, errors, **more):
    mapping = tomllib.loads((MAPPINGS / f"{name}.toml").read_text()) | more
    return import_people(CsvSource(path), Mapping.from_dict(mapping), error_path=errors)


@contextmanager
def the_house(django_db_blocker, day):
    """Whatever is brought in stays until the block ends."""
    with django_db_blocker.unblock(), travel(day, tick=False), transaction.atomic():
        yield
        transaction.set_rollback(True)


def condition(attribute, operator, value=None, **rest):
    return {"attribute": attribute, "operator": operator} | ({} if value is None else {"value": value}) | rest


def stored():
    """(short name, staff number) of every membership."""
    return set(Membership.objects.values_list("segment__slug", "person__staff__staff_number"))


def expected(definitions, people):
    """The same, counted in the file: each definition ends with what it means for a row."""
    return {(slug, no) for slug, (_rule, means) in definitions.items() for no, row in people.items() if means(row)}


def sizes(pairs, definitions):
    return {slug: sum(1 for name, _no in pairs if name == slug) for slug in definitions}


def bosses_above(number, boss_of):
    """Everybody above, nearest first, until nobody is left or it goes round in a circle."""
    line = [number]
    while (boss := boss_of(line[-1])) and boss not in line:
        line.append(boss)
    return line[1:]


class TestTenThousandEmployees:
    NAME = "hr-employees-10k"
    TODAY = date(2003, 2, 22)
    DIVISIONS = {
        "Technology": ["Development", "Production", "Research", "Quality Management"],
        "Market": ["Sales", "Marketing", "Customer Service"],
        "Services": ["Finance", "Human Resources"],
    }
    #: The departments of the file, found in a tree that the firm already has.
    TREE = {"links": {"unit": {"find": {"name": "department"}}}}
    PEOPLE = rows(NAME) if DATA.exists() else {}

    @staticmethod
    def hired(row):
        return date.fromisoformat(row["hire_date"])

    @staticmethod
    def here(row):
        return not row["left_on"]

    @classmethod
    def in_days(cls, text, days):
        """Does a day of the year come within so many days? 29 February is the 28th in 2003."""
        coming = {(cls.TODAY + timedelta(days=n)).strftime("%m-%d") for n in range(days + 1)}
        return text[5:].replace("02-29", "02-28") in coming

    @classmethod
    def definitions(cls, people=PEOPLE):
        """short name: the rule, and what it means for a row of the file."""
        here = cls.here

        def above(row):
            return bosses_above(row["emp_no"], lambda number: people[number]["manager_emp_no"])

        engineers = [condition("job_title", "contains", "engineer"), condition("unit", "is_under", ["technology"])]
        technology = cls.DIVISIONS["Technology"]
        return {
            "technology": (
                {"all": [condition("unit", "is_under", ["technology"])]},
                lambda row: here(row) and row["department"] in technology,
            ),
            "engineers": (
                {"all": engineers},
                lambda row: here(row) and "Engineer" in row["title"] and row["department"] in technology,
            ),
            "seniors-elsewhere": (
                {
                    "all": [
                        condition("job_title", "starts_with", "SENIOR"),
                        {"none": [condition("unit", "is_under", ["technology", "market"])]},
                    ]
                },
                lambda row: (
                    here(row) and row["title"].startswith("Senior") and row["department"] in cls.DIVISIONS["Services"]
                ),
            ),
            "fifteen-years": (
                {"all": [condition("hired", "more_than_ago", 15, unit="years")]},
                lambda row: here(row) and cls.hired(row) < date(1988, 2, 22),
            ),
            "recent": (
                {"all": [condition("hired", "in_the_last", 60, unit="months")]},
                lambda row: here(row) and cls.hired(row) >= date(1998, 2, 22),
            ),
            "anniversaries": (
                {"all": [condition("hired", "anniversary_within", 6, unit="days")]},
                lambda row: here(row) and cls.in_days(row["hire_date"], 6),
            ),
            "birthdays": (
                {"all": [condition("birthday", "anniversary_within", 1, unit="weeks")]},
                lambda row: here(row) and cls.in_days(row["birth_date"], 7),
            ),
            "direct-reports": (
                {"all": [{"operator": "reports_to", "value": "10567", "depth": "direct"}]},
                lambda row: here(row) and row["manager_emp_no"] == "10567",
            ),
            "below-but-not-directly": (
                {
                    "all": [
                        {"operator": "reports_to", "value": "11534", "depth": "any"},
                        {"none": [{"operator": "reports_to", "value": "11534", "depth": "direct"}]},
                    ]
                },
                lambda row: here(row) and "11534" in above(row)[1:],
            ),
            "old-hands-who-sell": (
                {
                    "all": [
                        {"operator": "in_segment", "value": "fifteen-years"},
                        {"operator": "not_in_segment", "value": "engineers"},
                        {
                            "any": [
                                condition("department", "is", "sales"),
                                {
                                    "all": [
                                        condition("department", "is_one_of", ["MARKETING", "customer service"]),
                                        condition("hired", "before", "1987-01-01"),
                                    ]
                                },
                            ]
                        },
                    ]
                },
                lambda row: (
                    here(row)
                    and cls.hired(row) < date(1988, 2, 22)
                    and (
                        row["department"] == "Sales"
                        or (row["department"] in ("Marketing", "Customer Service") and row["hire_date"] < "1987")
                    )
                ),
            ),
        }

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def house(cls, django_db_setup, django_db_blocker, tmp_path_factory):
        with the_house(django_db_blocker, cls.TODAY):
            for division, departments in cls.DIVISIONS.items():
                top = Unit.objects.create(code=division.lower(), name=division)
                for name in departments:
                    Unit.objects.create(code=name.lower(), name=name, parent=top)
            errors = tmp_path_factory.mktemp("hr") / "errors.csv"
            bring_in(cls.NAME, DATA / cls.NAME / "people.csv", errors, **cls.TREE)
            for slug, (rule, _means) in cls.definitions().items():
                segment(slug, rule)
            yield

    def test_are_in_ten_segments_as_the_file_says(self):
        found, definitions = stored(), self.definitions()

        assert found == expected(definitions, self.PEOPLE)
        assert len(definitions) == 10
        assert {one.slug: one.size() for one in Segment.objects.all()} == sizes(found, definitions)
        assert min(sizes(found, definitions).values()) > 50

    def test_of_whom_200_move_change_segments_exactly_so(self, tmp_path):
        movers = [no for no, row in self.PEOPLE.items() if self.here(row) and row["department"] == "Finance"][:100]
        movers += [no for no, row in self.PEOPLE.items() if self.here(row) and row["department"] == "Production"][:100]
        moved = {
            no: self.PEOPLE[no] | {"department": "Sales", "title": "Senior Staff", "manager_emp_no": "11534"}
            for no in movers
        }
        before, since = stored(), dict(Membership.objects.values_list("pk", "since"))
        now = {**self.PEOPLE, **moved}
        with transaction.atomic():
            self.bring_in_later(moved, tmp_path)
            found = stored()
            kept = Membership.objects.filter(pk__in=since).values_list("pk", "since")
            unchanged = all(since[pk] == moment for pk, moment in kept)
            differences = check()
            transaction.set_rollback(True)

        was, should_be = expected(self.definitions(), self.PEOPLE), expected(self.definitions(now), now)
        assert found - before == should_be - was
        assert before - found == was - should_be
        assert {no for _slug, no in found ^ before} == set(movers)
        assert (unchanged, differences) == (True, [])

    def bring_in_later(self, moved, folder):
        path = folder / "moved.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, next(iter(moved.values())))
            writer.writeheader()
            writer.writerows(moved.values())
        with travel("2003-02-22 15:00:00+00:00", tick=False):
            result = bring_in(self.NAME, path, folder / "errors.csv", **self.TREE)
        assert (result.counts.changed, result.counts.rejected) == (200, 0)


class TestHundredAndSevenEmployees:
    NAME = "hr-oracle"
    TODAY = date(2018, 3, 1)
    PEOPLE = rows(NAME, delimiter=";") if DATA.exists() else {}

    @staticmethod
    def hired(row):
        day, month, year = map(int, row["Hired"].split("."))
        return date(year, month, day)

    @classmethod
    def above(cls, row):
        return bosses_above(row["Staff no"], lambda number: cls.PEOPLE[number]["Manager"])

    @classmethod
    def definitions(cls):
        above, hired = cls.above, cls.hired
        clerks = {"any": [condition("job_title", "contains", "clerk")]}
        return {
            "europe": (
                {"all": [condition("unit", "is_under", ["europe"])]},
                lambda row: row["Region"] == "Europe",
            ),
            "britain-or-germany": (
                {"any": [condition("unit", "is_under", ["united-kingdom"]), condition("city", "is", "MUNICH")]},
                lambda row: row["City"] in ("Oxford", "London", "Munich"),
            ),
            "not-in-america": (
                {"all": [condition("unit", "is_not_under", ["americas"])]},
                lambda row: row["Region"] != "Americas",
            ),
            "seattle": (
                {"all": [condition("office", "is", "seattle")]},
                lambda row: row["City"] == "Seattle",
            ),
            "nowhere": (
                {"any": [condition("office", "is_empty"), condition("department", "is_empty")]},
                lambda row: not row["City"] or not row["Department"],
            ),
            "clerks": (clerks, lambda row: "Clerk" in row["Job title"]),
            "clerks-below-a-new-manager": (
                {
                    "all": [
                        {"operator": "in_segment", "value": "clerks"},
                        {"any": [{"operator": "reports_to", "value": no, "depth": "direct"} for no in ("123", "124")]},
                    ]
                },
                lambda row: "Clerk" in row["Job title"] and row["Manager"] in ("123", "124"),
            ),
            "below-the-second": (
                {"all": [{"operator": "reports_to", "value": "101", "depth": "any"}]},
                lambda row: "101" in above(row),
            ),
            "two-years": (
                {"all": [condition("hired", "in_the_last", 24, unit="months")]},
                lambda row: date(2016, 3, 1) <= hired(row) <= date(2018, 3, 1),
            ),
            "long-in-sales-but-no-manager": (
                {
                    "all": [
                        condition("department", "is_one_of", ["Sales", "Marketing"]),
                        condition("hired", "more_than_ago", 30, unit="months"),
                        {"none": [condition("job_title", "contains", "manager"), condition("level", "is_set")]},
                    ]
                },
                lambda row: (
                    row["Department"] in ("Sales", "Marketing")
                    and hired(row) < date(2015, 9, 1)
                    and "Manager" not in row["Job title"]
                ),
            ),
        }

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def house(cls, django_db_setup, django_db_blocker, tmp_path_factory):
        with the_house(django_db_blocker, cls.TODAY):
            errors = tmp_path_factory.mktemp("hr") / "errors.csv"
            bring_in(cls.NAME, DATA / cls.NAME / "people.csv", errors)
            for slug, (rule, _means) in cls.definitions().items():
                segment(slug, rule)
            yield

    def test_are_in_ten_segments_as_the_file_says(self):
        found, definitions = stored(), self.definitions()

        assert found == expected(definitions, self.PEOPLE)
        assert len(definitions) == 10
        assert {one.slug: one.size() for one in Segment.objects.all()} == sizes(found, definitions)
        assert min(sizes(found, definitions).values()) > 0
