"""Who works at Tarnwell: makes 250 people out of ``content/organisation.toml``.

Pure and repeatable: the same day gives the same people, and only dates move from day to day.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from wagtail_personalize.people.folding import fold

from . import names

ORGANISATION = Path(__file__).parent / "content" / "organisation.toml"
SEED = 1987
COUNTRY_OF = {"munich": "DE", "landshut": "DE", "utrecht": "NL", "london": "GB"}
OWN_LANGUAGE = {"DE": "de", "NL": "nl", "GB": "en"}
PHONE = {
    "munich": "+49 89 5550 {:04}",
    "landshut": "+49 871 5550 {:04}",
    "utrecht": "+31 30 555 {:04}",
    "london": "+44 20 7946 0{:03}",
}
LEVEL = {"board": 7, "division": 6, "team": 5, "group": 4, "senior": 3, "job": 2, "operator": 1}


@dataclass
class Employee:
    """One person, before there is a database. ``manager`` is another employee; departments are codes."""

    name: str
    title: str
    place: str
    department: str
    division: str
    function: str
    level: int
    shift: str
    mode: str
    employment: str
    manager: "Employee | None"
    hired: date
    birthday: date | None
    phone: str
    number: str
    languages: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    interests: list[str] = field(default_factory=list)
    left: bool = False

    @property
    def first_name(self) -> str:
        words = self.name.split()
        return " ".join(words[:2]) if words[0].endswith(".") else words[0]

    @property
    def last_name(self) -> str:
        return self.name.removeprefix(self.first_name).strip()

    @property
    def username(self) -> str:
        """``katharina.brandl``: folded, without titles."""
        return ".".join(fold(self.name.replace("Dr. ", "")).split())


@dataclass(frozen=True)
class Department:
    code: str
    name: str
    parent: str | None


class Staffing:
    """The organisation as read, and the people in it."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.random = Random(SEED)
        self.plan = tomllib.loads(ORGANISATION.read_text(encoding="utf-8"))
        self._named = list(self.plan["named"])
        fixed = [self.plan["board"], *self.plan["named"]]
        fixed += [d["lead"] for d in self.plan["divisions"]]
        fixed += [t["lead"] for d in self.plan["divisions"] for t in d["teams"]]
        self._taken = {entry["name"] for entry in fixed if "name" in entry}
        self._count = 0

    @cached_property
    def departments(self) -> list[Department]:
        """The tree, parents first."""
        found = [Department("board", "Board", None)]
        for division in self.plan["divisions"]:
            found.append(Department(division["code"], division["name"], None))
            for team in division["teams"]:
                found.append(Department(team["code"], team["name"], division["code"]))
                for group in team.get("groups", []):
                    name = f"{team['name']}, {group['shift']} shift"
                    found.append(Department(f"{team['code']}-{group['shift']}", name, team["code"]))
        return found

    @cached_property
    def people(self) -> list[Employee]:
        """Everybody, managers before those who report to them."""
        board = self.plan["board"]
        chief = self._person(board, _Place("board", "management", "Management"), None, "board")
        found = [chief]
        for division in self.plan["divisions"]:
            where = _Place(division["code"], division["code"], division["name"])
            head = self._person(division["lead"], where, chief, "division")
            found.append(head)
            for team in division["teams"]:
                found += self._team(team, division, head)
        for former in self._those_who_left(found):
            former.left = True
        return found

    def _team(self, team: dict, division: dict, head: Employee) -> Iterator[Employee]:
        where = _Place(team["code"], division["code"], team.get("function", division["name"]))
        lead = self._person(team["lead"], where, head, "team")
        yield lead
        yield from self._jobs(team["jobs"], where, lead, "job")
        for group in team.get("groups", []):
            below = _Place(f"{team['code']}-{group['shift']}", division["code"], where.function)
            floor = {"place": group["place"], "shift": group["shift"], "mode": "on_site"}
            leader = self._person({"title": group["leader"], **floor}, below, lead, "group")
            yield leader
            yield from self._jobs([floor | job for job in group["jobs"]], below, leader, "operator")

    def _jobs(self, jobs: list[dict], where: "_Place", lead: Employee, rank: str) -> Iterator[Employee]:
        for job in jobs:
            for _n in range(job["count"]):
                yield self._person(job, where, lead, rank)

    def _person(self, job: dict[str, Any], where: "_Place", manager: Employee | None, rank: str) -> Employee:
        self._count += 1
        country = COUNTRY_OF[job["place"]]
        named = self._take_named(job, where, rank)
        leads = rank in {"board", "division", "team", "group"}
        if rank == "job" and self.random.random() < 0.4:
            rank = "senior"
        job_title = f"Senior {job['title']}" if rank == "senior" and not named else job["title"]
        return Employee(
            name=job.get("name") or named.get("name") or self._name(country),
            title=job_title,
            place=job["place"],
            department=where.department,
            division=where.division,
            function=where.function,
            level=job.get("level", LEVEL[rank]),
            shift=job.get("shift", "day"),
            mode=job.get("mode", "on_site"),
            employment=job.get("employment") or self._employment(leads),
            manager=manager,
            hired=self._hired(named.get("hired_days_ago"), leads),
            birthday=date(2000, 1, 1) + timedelta(self.random.randrange(366)) if self.random.random() < 0.7 else None,
            phone="" if rank == "operator" else PHONE[job["place"]].format(self._count),
            number=f"T{10000 + self._count * 7}",
            languages=self._languages(country),
            skills=self._some(job.get("skills", ["Leading people", "Planning"] if leads else ["Assembly"]), 2, 4),
            interests=self._some(names.interests(), 0, 3),
        )

    def _take_named(self, job: dict, where: "_Place", rank: str) -> dict[str, Any]:
        """The named person who takes this job, if there is one left."""
        for entry in self._named:
            same_shift = entry.get("shift", "day") == job.get("shift", "day")
            if entry["title"] == job["title"] and where.department.startswith(entry["team"]) and same_shift:
                self._named.remove(entry)
                return entry
        return {}

    def _name(self, country: str) -> str:
        """A new name, one in eight from another country."""
        if self.random.random() < 0.12:
            country = self.random.choice(sorted(names.FIRST))
        while True:
            name = f"{self.random.choice(names.first_names(country))} {self.random.choice(names.last_names(country))}"
            if name not in self._taken:
                self._taken.add(name)
                return name

    def _employment(self, leads: bool) -> str:
        return "permanent" if leads or self.random.random() < 0.88 else "fixed_term"

    def _hired(self, days_ago: int | None, leads: bool) -> date:
        """One in twelve came in the last three months; those who lead have been here for years."""
        chance, fresh, years = self.random.random(), self.random.randrange(3, 88), self.random.expovariate(1 / 6)
        if days_ago is None:
            days_ago = fresh if chance < 0.085 and not leads else int((3 * leads + 0.3 + min(years, 22)) * 365.25)
        day = self.today - timedelta(days_ago)
        return day if days_ago < 90 or day.day % 3 else day.replace(day=1 if day.day < 15 else 15)

    def _languages(self, country: str) -> list[str]:
        found = [OWN_LANGUAGE[country]]
        if country != "GB" and self.random.random() < 0.85:
            found.append("en")
        if self.random.random() < 0.4:
            found.append(self.random.choice([*names.MORE_LANGUAGES, "de", "nl"]))
        return sorted(set(found))

    def _some(self, values: list[str], least: int, most: int) -> list[str]:
        return sorted(self.random.sample(values, min(len(values), self.random.randint(least, most))))

    def _those_who_left(self, people: list[Employee]) -> list[Employee]:
        """Four who are no longer here: they keep their rows and count nowhere."""
        return [person for person in people if person.level <= 2 and person.name not in self._fixed_names][5::61][:4]

    @cached_property
    def _fixed_names(self) -> set[str]:
        return {entry["name"] for entry in self.plan["named"]}


@dataclass(frozen=True)
class _Place:
    """Where a job stands: department and division by code, and the function that goes with it."""

    department: str
    division: str
    function: str
