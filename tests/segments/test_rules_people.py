"""The compiled ``Q`` means what the obvious reference says, for any people: these are generated like the rules.

Their texts are made of the letters of the languages of Europe, in every normal form and case, and what a rule asks for
is mostly some other way to write the text of somebody.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drawn import tries
from tests.intranet.models import Staff
from tests.segments import world
from tests.segments.reference import Definition, is_in, matches
from tests.segments.test_rules_meaning import conditions_on_any_attribute, kinds, special_conditions
from wagtail_personalize.people.changes import changed, suppressed
from wagtail_personalize.people.folding import fold
from wagtail_personalize.segments.effective import effective_q, effective_qs
from wagtail_personalize.segments.models import ManualMember, Segment
from wagtail_personalize.segments.rules.compile import rule_q
from wagtail_personalize.segments.rules.structure import DEEPEST

pytestmark = pytest.mark.django_db

#: How many people are made anew for each example; the others of the firm stay as they are.
NEW_PEOPLE = 6

#: Latin with all its additions, Greek (also polytonic), Cyrillic, Armenian, Georgian, and what goes with them.
BLOCKS = [
    *[(0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x25F), (0x2B0, 0x2FF), (0x300, 0x345), (0x370, 0x3FF), (0x400, 0x52F)],
    *[(0x531, 0x587), (0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFF), (0x2010, 0x2044)],
    *[(0x2100, 0x214F), (0xFB00, 0xFB06), (0xFF21, 0xFF5A)],
]
LETTERS = [chr(code) for first, last in BLOCKS for code in range(first, last + 1) if unicodedata.name(chr(code), "")]
WRITTEN = [
    str, str.upper, str.lower, str.title, str.swapcase, str.casefold, lambda text: f" {text}\u00a0",
    *[lambda text, form=form: unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")],
    lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
]  # fmt: skip

words = st.one_of(st.text(st.sampled_from(LETTERS), max_size=6), st.sampled_from(world.TEXTS))
days = st.one_of(
    st.sampled_from(world.DAYS),
    st.dates(date(2023, 12, 1), date(2026, 4, 30)),
    st.sampled_from([2023, 2024, 2025, 2028]).flatmap(lambda year: st.dates(date(year, 2, 26), date(year, 3, 2))),
)
#: Minutes around the nights in which the clock changes in Berlin, and around any midnight there.
moments = st.one_of(
    st.tuples(st.sampled_from([date(2025, 3, 30), date(2025, 10, 26), date(2024, 3, 31)]), st.integers(-180, 240)),
    st.tuples(days, st.integers(-180, 60)),
).map(lambda at: datetime(at[0].year, at[0].month, at[0].day, tzinfo=UTC) + timedelta(minutes=at[1]))


@dataclass(frozen=True)
class Spelled:
    """Stands for one of the words of an example, written in some way, or for how it begins."""

    word: int
    writing: Callable[[str], str]
    length: int

    def text(self, of):
        return self.writing(of[self.word % len(of)])[: self.length]


def perhaps(values):
    return st.none() | values


#: Made once, whatever the words are, because making strategies takes longer than drawing from them.
spelled = st.builds(Spelled, st.integers(0, 3), st.sampled_from(WRITTEN), st.sampled_from([100, 100, 2]))
profiles = st.fixed_dictionaries(
    {
        "department": spelled,
        "job_title": perhaps(spelled),
        "motto": spelled,
        "last_name": spelled,
        "level": perhaps(st.integers(-3, 5)),
        "hired": perhaps(days),
        "birthday": perhaps(days),
        "remote": st.sampled_from([None, True, False]),
        "is_active": st.integers(0, 9).map(bool),
        "date_joined": moments,
    }
)


def naming(*slugs):
    operators = st.sampled_from(["in_segment", "not_in_segment"])
    return st.fixed_dictionaries({"operator": operators, "value": st.sampled_from(slugs)})


plain = conditions_on_any_attribute(texts=spelled, days=days) | special_conditions.filter(
    lambda condition: "segment" not in condition["operator"]
)
after_one = plain | plain | naming("one")
after_two = plain | plain | naming("one", "two")


@st.composite
def rules(draw, conditions, deepest=DEEPEST):
    """Groups in groups, as deep as rules may be."""
    parts = draw(st.lists(conditions, min_size=1, max_size=3))
    for _level in range(draw(st.integers(0, deepest - 1))):
        group = {draw(kinds): parts}
        parts = [*draw(st.lists(conditions, max_size=2)), group]
    return {draw(kinds): parts}


names = st.frozensets(st.sampled_from([f"p{number}" for number in range(NEW_PEOPLE)]), max_size=2)
#: People, two segments (the second names the first) with their lists, a rule over both, and a day.
examples = st.tuples(
    st.lists(words, min_size=1, max_size=4),
    st.lists(profiles, min_size=NEW_PEOPLE, max_size=NEW_PEOPLE),
    st.tuples(rules(plain, 3), names, names),
    st.tuples(rules(after_one, 2), names, names),
    rules(after_two),
    days,
)


def spell(item, of, otherwise=""):
    """The same with the words written out; a text of which nothing remains when it is folded becomes ``otherwise``."""
    match item:
        case Spelled():
            return item.text(of) if fold(item.text(of)) else otherwise or item.text(of)
        case list():
            return [spell(each, of, otherwise) for each in item]
        case dict():
            return {key: spell(each, of, otherwise) for key, each in item.items()}
    return item


@pytest.fixture(scope="module")
def firm(django_db_setup, django_db_blocker):
    """Thirteen people, whom each example changes in a transaction of its own."""
    with django_db_blocker.unblock(), world.firm(13):
        yield


def hire(people):
    """Make the first people of the firm such as these."""
    with suppressed():
        for number, fields in enumerate(people):
            profile = Staff.objects.select_related("user").get(user__username=f"p{number}")
            for name, value in fields.items():
                setattr(profile.user if hasattr(profile.user, name) else profile, name, value)
            profile.user.save()
            profile.save()
    changed()


def define(segments):
    """Store segments and their lists, without working anything out."""
    stored = QuerySet(Segment).bulk_create(
        Segment(name=slug, slug=slug, rule=one.rule) for slug, one in segments.items()
    )
    people = {profile.user.username: profile.user for profile in Staff.objects.select_related("user")}
    rows = [
        ManualMember(segment=Segment.objects.get(slug=segment.slug), person=people[name], always=always)
        for segment in stored
        for always, names in (
            ("exclude", segments[segment.slug].excluded),
            ("include", segments[segment.slug].included - segments[segment.slug].excluded),
        )
        for name in names
    ]
    QuerySet(ManualMember).bulk_create(rows)


def selected(q):
    return set(Staff.objects.filter(q).values_list("user__username", flat=True))


def hold(of, people, one, two, rule, today):
    """The rule, and both segments, select exactly whom the reference selects."""
    segments = {slug: Definition(spell(said[0], of, "x"), *said[1:]) for slug, said in (("one", one), ("two", two))}
    rule = spell(rule, of, "x")
    with transaction.atomic():
        hire(spell(people, of))
        define(segments)
        known = world.profiles()
        expected = {name for name, profile in known.items() if matches(rule, profile, today, segments)}
        assert selected(rule_q(rule, today)) == expected
        for slug, q in effective_qs(Segment.objects.all(), today).items():
            expected = {name for name, profile in known.items() if is_in(segments[slug], profile, today, segments)}
            assert selected(q) == expected
        transaction.set_rollback(True)


@given(example=examples)
@settings(max_examples=tries(60), deadline=None)
def test_any_rule_selects_of_any_people_exactly_whom_the_reference_selects(firm, example):
    hold(*example)


@pytest.mark.long
@given(example=examples)
@settings(max_examples=3_000, deadline=None)
def test_any_rule_selects_of_any_people_exactly_whom_the_reference_selects_at_length(firm, example):
    hold(*example)


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("Zürich", "ZÜRICH"), ("Zürich", "zurich"), ("Zu\u0308rich", "Zürich"), ("straße", "STRASSE"), ("Łódź", "lodz"),
        ("Ærø", "aero"), ("ﬁnance", "FINANCE"), ("Ｄｅｌｔａ", "delta"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Ἀθῆναι", "αθηναι"),
        ("КИЇВ", "київ"), ("İstanbul", "istanbul"), ("ISTANBUL", "ıstanbul"), ("ẞ", "ss"), ("Ð", "d"),
        ("Œuvre", "oeuvre"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("attribute", ["department", "job_title", "last_name"])
def test_texts_that_are_the_same_to_a_reader_are_equal(firm, stored, asked, attribute):
    with transaction.atomic():
        profile = Staff.objects.select_related("user").get(user__username="p1")
        setattr(profile.user if attribute == "last_name" else profile, attribute, stored)
        profile.user.is_active = True
        profile.user.save()
        profile.save()
        for operator, value in (("is", asked), ("is_one_of", [asked]), ("contains", asked), ("starts_with", asked)):
            segment = Segment(slug="x", rule={"all": [{"attribute": attribute, "operator": operator, "value": value}]})
            assert "p1" in selected(effective_q(segment))
        transaction.set_rollback(True)
