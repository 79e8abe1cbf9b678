"""What may be told of groups: held against a brute force that knows every single person."""

from collections import Counter
from datetime import date
from itertools import product
from random import Random

import pytest
from django.test import override_settings

from wagtail_personalize.privacy.checks import check_measurement
from wagtail_personalize.privacy.figures import (
    ALL,
    Family,
    Kind,
    Measure,
    Reason,
    Shown,
    Withheld,
    algebra,
    find_audit,
    is_closed,
    published,
    remainder,
    rules,
)

FLOOR = 5
AUDIENCE = Measure("audience", Kind.SIZE)
VIEWERS = Measure("viewers", Kind.PEOPLE)
PARTICIPANTS = Measure("participants", Kind.PEOPLE, of="viewers", inside=("viewers",))
CLICKS = Measure("clicks", Kind.ACTIONS, of="participants")
MEASURES = (AUDIENCE, VIEWERS, PARTICIPANTS, CLICKS)


def atoms_of(*crowd):
    """People as the set of their segments."""
    return Counter(map(frozenset, crowd))


def audited(crowd, *groups):
    return find_audit(atoms_of(*crowd), groups, FLOOR)


def decided(crowd, *groups, measure=VIEWERS, closed=True, **values):
    """What is told of one measure; ``values`` are written ``all=…`` and ``g1=…``."""
    numbers = {ALL if name == "all" else int(name[1:]): {measure.name: value} for name, value in values.items()}
    family = Family(numbers, is_closed=closed)
    found = published(family, [measure], audited(crowd, *groups).structure)
    return {group: decision[measure.name] for group, decision in found.items()}


class TestAudit:
    def test_leaves_out_a_group_below_the_floor(self):
        audit = audited([{1}] * 4 + [set()] * 50, 1)
        assert [(finding.group, finding.why) for finding in audit.findings] == [(1, "small")]

    def test_leaves_out_a_group_that_hardly_anybody_is_not_in(self):
        audit = audited([{1}] * 50 + [set()] * 3, 1)
        assert [(finding.group, finding.why, finding.others) for finding in audit.findings] == [(1, "alike", (ALL,))]

    def test_leaves_out_the_smaller_of_two_that_hardly_differ(self):
        audit = audited([{1, 2}] * 20 + [{1}] * 2 + [set()] * 20, 1, 2)
        assert [(finding.group, finding.others) for finding in audit.findings] == [(2, (1,))]

    def test_keeps_two_that_are_the_same(self):
        assert audited([{1, 2}] * 20 + [set()] * 20, 1, 2).findings == ()

    def test_leaves_out_one_of_three_from_which_few_people_can_be_worked_out(self):
        """Neither differs from another in few people, but all of them less the first two leaves three."""
        audit = audited([{1}] * 20 + [{2}] * 18 + [set()] * 3, 1, 2)
        assert [(finding.group, finding.why, finding.others) for finding in audit.findings] == [
            (2, "derivable", (ALL, 1))
        ]

    def test_works_out_halves(self):
        """1 + 2 − 3 is twice the three people who are in both 1 and 2."""
        crowd = [{1, 3}] * 10 + [{2, 3}] * 10 + [{1, 2}] * 3 + [set()] * 40
        assert audited(crowd, 1, 2, 3).findings

    def test_publishes_nobody_of_a_company_below_the_floor(self):
        assert audited([{1}] * 4, 1).structure.groups == frozenset()


class TestNumber:
    def test_of_too_few_people_is_withheld(self):
        assert decided([{1}] * 50 + [set()] * 50, 1, all=60, g1=4)[1] == Withheld(Reason.TOO_FEW)

    def test_that_leaves_too_few_people_is_withheld(self):
        assert decided([{1}] * 50 + [set()] * 50, 1, all=60, g1=47)[1] == Withheld(Reason.TOO_FEW)

    def test_of_enough_people_is_shown(self):
        assert decided([{1}] * 50 + [set()] * 50, 1, all=60, g1=20) == {ALL: Shown(60), 1: Shown(20)}

    @pytest.mark.parametrize("value", [0, 19])
    def test_of_all_or_nobody_is_masked_in_a_small_group(self, value):
        assert decided([{1}] * 19 + [set()] * 50, 1, all=40, g1=value)[1] == Withheld(Reason.ALL_OR_NONE)

    @pytest.mark.parametrize("value", [0, 20])
    def test_of_all_or_nobody_is_shown_in_a_larger_one(self, value):
        assert decided([{1}] * 20 + [set()] * 50, 1, all=40, g1=value)[1] == Shown(value)

    def test_from_which_another_can_be_worked_out_is_withheld(self):
        found = decided([{1}] * 30 + [{2}] * 40, 1, 2, all=30, g1=28, g2=2)
        assert found == {ALL: Shown(30), 1: Withheld(Reason.TOO_FEW), 2: Withheld(Reason.TOO_FEW)}
        found = decided([{1}] * 30 + [{2}] * 40 + [{3}] * 50, 1, 2, 3, all=32, g1=10, g2=20, g3=2)
        assert found[1] == Withheld(Reason.COMPLEMENT)
        assert found[2] == Shown(20)

    def test_of_a_small_group_waits_for_the_end_of_the_week(self):
        crowd = [{1}] * 49 + [set()] * 80
        assert decided(crowd, 1, closed=False, all=60, g1=20) == {ALL: Shown(60), 1: Withheld(Reason.OPEN)}

    def test_of_a_group_that_was_not_audited_is_withheld(self):
        assert decided([{1}] * 50 + [set()] * 50, all=60, g1=20)[1] == Withheld(Reason.NOT_AUDITED)

    def test_that_does_not_add_up_is_withheld(self):
        """Somebody came to the segment and left the company meanwhile: fewer than nobody are outside it."""
        found = decided([{1}] * 40 + [set()] * 60, 1, all=30, g1=31)
        assert found == {ALL: Shown(30), 1: Withheld(Reason.COMPLEMENT)}

    def test_of_actions_is_rounded(self):
        assert decided([set()] * 50, measure=Measure("clicks", Kind.ACTIONS), all=13) == {ALL: Shown(15)}

    def test_of_participants_leaves_no_few_viewers(self):
        family = Family({ALL: {"viewers": 20, "participants": 17}})
        found = published(family, [VIEWERS, PARTICIPANTS], audited([set()] * 60).structure)[ALL]
        assert found == {"viewers": Shown(20), "participants": Withheld(Reason.COMPLEMENT)}

    def test_of_a_narrow_audience_is_held_against_the_audience(self):
        family = Family({ALL: {"audience": 22, "viewers": 20}})
        found = published(family, [AUDIENCE, VIEWERS], audited([set()] * 60).structure)[ALL]
        assert found == {"audience": Shown(22), "viewers": Withheld(Reason.TOO_FEW)}

    def test_where_groups_are_too_entangled_is_that_of_all_people(self, monkeypatch):
        monkeypatch.setattr(algebra, "MOST_STEPS", 3)
        crowd = [{1}] * 31 + [{2}] * 33 + [{1, 2}] * 35 + [set()] * 37
        assert decided(crowd, 1, 2, all=90, g1=40, g2=41) == {
            ALL: Shown(90),
            1: Withheld(Reason.COMPLEMENT),
            2: Withheld(Reason.COMPLEMENT),
        }


class TestWorksCouncil:
    @pytest.fixture(autouse=True)
    def preset(self):
        with override_settings(WAGTAIL_PERSONALIZE={"MEASUREMENT": "works_council"}):
            yield

    def test_asks_for_ten_people_and_knows_no_days_hours_and_words(self):
        assert (rules().floor, rules().spans, rules().has_hours, rules().has_free_text) == (
            *(10, ("week", "month")),
            *(False, False),
        )

    def test_withholds_nine(self):
        assert decided([set()] * 50, all=9)[ALL] == Withheld(Reason.TOO_FEW)


class TestSetting:
    def test_off_tells_nothing(self):
        with override_settings(WAGTAIL_PERSONALIZE={"MEASUREMENT": "off"}):
            assert decided([set()] * 50, all=30)[ALL] == Withheld(Reason.PRESET)

    def test_that_nobody_knows_is_refused_and_means_off(self):
        with override_settings(WAGTAIL_PERSONALIZE={"MEASUREMENT": "works-council"}):
            assert "personalize_privacy.E002" in {message.id for message in check_measurement(None)}
            assert not rules().is_measured


class TestRemainder:
    def test_leaves_out_who_objected(self):
        assert remainder(100, did=60, objected=10) == Shown(30)

    @pytest.mark.parametrize("numbers", [(100, 60, 37), (100, 3, 0), (100, 97, 0), (19, 19, 0)])
    def test_names_no_small_group(self, numbers):
        assert isinstance(remainder(*numbers), Withheld)


class TestSpan:
    @pytest.mark.parametrize(
        ("span", "start", "closed_on"),
        [
            ("day", date(2026, 5, 4), date(2026, 5, 7)),
            ("week", date(2026, 5, 4), date(2026, 5, 13)),
            ("month", date(2026, 2, 1), date(2026, 3, 3)),
        ],
    )
    def test_is_closed_when_nothing_can_come_any_more(self, span, start, closed_on):
        assert is_closed(span, start, closed_on)
        assert not is_closed(span, start, date.fromordinal(closed_on.toordinal() - 1))


class Organisation:
    """Random people in random segments, some of them nested, alike or disjoint, and who of them read and took part."""

    def __init__(self, seed, most_groups=4):
        self.random = random = Random(seed)
        self.people = range(random.choice([12, 30, 45, 90]))
        self.groups = {number: self._group(number, random) for number in range(1, random.randint(2, most_groups) + 1)}
        viewing = random.choice([0.05, 0.3, 0.7, 0.95])
        self.audience = self._some(self.people, random.choice([0.6, 1, 1]))
        self.viewers = self._some(self.people, viewing)
        self.participants = self._some(self.viewers, random.choice([0.2, 0.9]))

    def _group(self, number, random):
        self.groups = getattr(self, "groups_so_far", {})
        shape = random.choice(["any", "slice", "inside", "alike"]) if self.groups else "slice"
        if shape == "any":
            members = self._some(self.people, random.random())
        elif shape == "slice":
            begin = random.randrange(len(self.people))
            members = set(self.people[begin : begin + random.randint(3, 40)])
        else:
            other = random.choice(list(self.groups.values()))
            members = self._some(other, 0.7) if shape == "inside" else other ^ set(random.sample(self.people, 2))
        self.groups_so_far = {**self.groups, number: members}
        return members

    def _some(self, people, share):
        return {person for person in people if self.random.random() < share}

    def of(self, person):
        return frozenset(number for number, members in self.groups.items() if person in members)

    def told(self):
        """What the privacy layer tells of this organisation: a measure, and the groups of which it is told."""
        structure = find_audit(Counter(map(self.of, self.people)), list(self.groups), FLOOR).structure
        everyone = {ALL: set(self.people), **self.groups}
        numbers = {group: self._numbers(members) for group, members in everyone.items()}
        found = published(Family(numbers), MEASURES, structure)
        return {
            measure.name: [group for group in found if isinstance(found[group][measure.name], Shown)]
            for measure in MEASURES
        }

    def _numbers(self, members):
        return {
            "audience": len(members & self.audience),
            "viewers": len(members & self.viewers),
            "participants": len(members & self.participants),
            "clicks": len(members & self.participants),
        }

    def worked_out(self, groups):
        """Every group of people that is a sum or difference of these, each taken up to twice; person by person."""
        atoms = {}
        for person in self.people:
            atoms.setdefault(frozenset(groups) & (self.of(person) | {ALL}), set()).add(person)
        for times in product(range(-2, 3), repeat=len(groups)):
            by_group = dict(zip(groups, times, strict=True))
            counts = {atom: sum(by_group[group] for group in atom) for atom in atoms}
            others = set(counts.values()) - {0}
            if len(others) == 1:
                yield set().union(*(atoms[atom] for atom, count in counts.items() if count))


def assert_gives_nobody_away(organisation):
    told = organisation.told()
    for group in organisation.worked_out(told["audience"]):
        assert len(group) >= FLOOR
        assert len(group & organisation.audience) not in range(1, FLOOR)
    for name in ("viewers", "participants"):
        did = getattr(organisation, name)
        for group in organisation.worked_out(told[name]):
            assert len(group & did) not in range(1, FLOOR)
            assert len(group - did) not in range(1, FLOOR)
            assert len(group) >= 20 or group & did not in (set(), group)
    both = [group for group in told["participants"] if group in told["viewers"]]
    for group in organisation.worked_out(both):
        assert len(group & organisation.viewers - organisation.participants) not in range(1, FLOOR)


class TestOrganisations:
    @pytest.mark.parametrize("seed", range(50))
    def test_give_nobody_away(self, seed):
        assert_gives_nobody_away(Organisation(seed))

    @pytest.mark.once
    def test_give_nobody_away_however_many(self):
        for seed in range(1000, 2000):
            assert_gives_nobody_away(Organisation(seed, most_groups=5))

    def test_are_told_something(self):
        """The brute force would be content with an empty report, too."""
        told = [Organisation(seed).told() for seed in range(60)]
        assert sum(len(one["viewers"]) for one in told) > 30
        assert sum(len(one["viewers"]) > 1 for one in told) > 5
