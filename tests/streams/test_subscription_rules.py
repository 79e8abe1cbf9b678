"""Auto-subscription: what rules give, to whom, why, and when it ends."""

import random
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from tests.builders import page, person, segment, user
from tests.streams.subscribing import change, choose, followed, level, rule
from wagtail_personalize.hookspecs import memberships_changed, subscriptions_changed
from wagtail_personalize.segments.models import Segment, SegmentCategory
from wagtail_personalize.segments.refresh import refresh
from wagtail_personalize.segments.usage import SegmentInUse
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.automatic.applying import apply
from wagtail_personalize.streams.automatic.models import Grace, Mode, SubscriptionRule
from wagtail_personalize.streams.automatic.rules import Wanted, touched
from wagtail_personalize.streams.models import Source, Subscription
from wagtail_personalize.streams.receivers import apply_rules
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.choosing import IsMandatory
from wagtail_personalize.streams.subscribing.history import history_of
from wagtail_personalize.streams.subscribing.models import Given, Level
from wagtail_personalize.streams.subscribing.reading import followed_by, suggested_to
from wagtail_personalize.streams.subscribing.reasons import reasons

pytestmark = pytest.mark.django_db


def given(someone, obj):
    return (
        Subscription.objects.filter(person=someone, source=source_for(name_of(obj)))
        .values_list("given", flat=True)
        .first()
    )


def why(someone):
    rows = [one.subscription for one in followed_by(Viewer.for_person(someone))]
    return list(reasons(rows).values())


def told(someone):
    return [step.what for step in history_of(Viewer.for_person(someone))]


def state():
    """All that rules gave, without keys and times."""
    return set(Subscription.objects.values_list("person", "source", "own", "given", "rule", "level"))


class TestRule:
    def test_subscribes_the_people_of_its_segment_and_says_why(self):
        ada, bob, it = person(department="Finance"), person(department="HR"), page("Figures")
        assert rule(segment("Finance"), it).began == 1
        assert (followed(ada), followed(bob)) == (["Figures"], [])
        assert why(ada) == ["Automatically subscribed: Department is Finance"]
        assert told(ada) == ["You were subscribed automatically"]

    def test_follows_people_into_and_out_of_the_segment(self):
        ada, it = person(department="HR"), page("Figures")
        rule(segment("Finance"), it)
        change(ada, department="Finance")
        assert level(ada, it) == Level.NORMAL
        change(ada, department="HR")
        assert not Subscription.objects.exists()
        assert told(ada) == [
            "The automatic subscription ended, because its reason no longer holds for you",
            "You were subscribed automatically",
        ]

    def test_spares_what_somebody_follows_or_left_themselves(self):
        fan, out, muted = (person(department="Finance") for _number in range(3))
        it, finance = page("Figures"), segment("Finance")
        choose(fan, it)
        choose(muted, it, Level.MUTED)
        rule(finance, it)
        choose(out, it, Level.OFF)
        change(out, department="HR")
        change(fan, department="HR")
        assert [level(one, it) for one in (fan, out, muted)] == [Level.NORMAL, Level.OFF, Level.MUTED]
        change(out, department="Finance")
        apply()
        assert level(out, it) == Level.OFF

    def test_that_is_mandatory_beats_every_choice_and_gives_it_back(self):
        out, muted, fan, finance, it = (
            *(person(department="Finance") for _n in range(3)),
            segment("Finance"),
            page("A"),
        )
        rule(finance, it)
        choose(out, it, Level.OFF)
        choose(muted, it, Level.MUTED)
        choose(fan, it, Level.ALL)
        rule(finance, it, Mode.MANDATORY)
        assert [level(one, it) for one in (out, muted, fan)] == [Level.NORMAL, Level.NORMAL, Level.ALL]
        assert why(out) == ["Mandatory for you: Department is Finance"]
        for refused in (Level.OFF, Level.MUTED):
            with pytest.raises(IsMandatory):
                choose(out, it, refused)
        rule(finance, it, Mode.ON)
        assert [level(one, it) for one in (out, muted, fan)] == [Level.OFF, Level.MUTED, Level.ALL]

    def test_that_suggests_subscribes_nobody(self):
        ada, bob, gone = person(department="Finance"), person(), person(department="Finance")
        it, finance = page("Figures"), segment("Finance")
        choose(gone, it)
        choose(gone, it, Level.OFF)
        rule(finance, it, Mode.SUGGESTED)
        suggested = [[one.label for one in suggested_to(Viewer.for_person(who))] for who in (ada, bob, gone)]
        assert (suggested, followed(ada)) == ([["Figures"], [], []], [])
        choose(ada, it)
        assert suggested_to(Viewer.for_person(ada)) == []

    def test_is_the_strongest_then_the_oldest_of_several(self):
        ada, it = person(department="Finance", level=9), page("Figures")
        high = segment("High", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]})
        finance = segment("Finance")
        rule(high, it)
        rule(finance, it)
        assert why(ada) == ["Automatically subscribed: Level is at least 5"]
        rule(finance, it, Mode.MANDATORY)
        assert why(ada) == ["Mandatory for you: Department is Finance"]
        change(ada, department="HR")
        assert why(ada) == ["Automatically subscribed: Level is at least 5"]
        change(ada, level=1)
        assert followed(ada) == []

    def test_lets_a_subscription_run_out_in_its_grace_period(self):
        ada, finance, it = person(department="Finance"), segment("Finance"), page("Figures")
        rule(finance, it, grace_days=Grace.WEEK)
        began = Subscription.objects.get().since
        change(ada, department="HR")
        assert followed(ada) == ["Figures"]
        assert "ends on" in why(ada)[0]
        call_command("apply_subscription_rules", stdout=StringIO())
        change(ada, department="Finance")
        row = Subscription.objects.get()
        assert (row.ends_at, row.since) == (None, began)
        change(ada, department="HR")
        Subscription.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        call_command("apply_subscription_rules", stdout=StringIO())
        assert followed(ada) == []

    def test_ends_with_a_segment_that_breaks_or_becomes_a_draft(self):
        ada, finance, it = person(department="Finance"), segment("Finance"), page("Figures")
        rule(finance, it)
        Segment.objects.filter(pk=finance.pk).update(
            rule={"all": [{"attribute": "gone", "operator": "is", "value": "x"}]}
        )
        assert followed(ada) == []
        assert suggested_to(Viewer.for_person(ada)) == []


class TestSwitchingOff:
    @pytest.mark.parametrize("mode", [Mode.ON, Mode.MANDATORY])
    def test_keeps_the_people_who_may_leave_then(self, mode):
        ada, out, finance, it = (
            person(department="Finance"),
            person(department="Finance"),
            segment("Finance"),
            page("A"),
        )
        rule(finance, it)
        choose(out, it, Level.OFF)
        rule(finance, it, mode)
        assert touched(Wanted(source_for(name_of(it)), finance, Mode.OFF)).losing == 2
        rule(finance, it, Mode.OFF)
        assert (level(ada, it), level(out, it), given(ada, it)) == (Level.NORMAL, Level.OFF, Given.KEPT)
        change(ada, department="HR")
        apply()
        assert why(ada) == ["Was subscribed automatically (Department is Finance). You may leave it."]
        assert told(ada)[0] == "The automatic subscription was switched off, and you kept it"
        choose(ada, it, Level.OFF)
        assert followed(ada) == []

    def test_may_end_the_subscriptions_at_once(self):
        ada, fan, finance, it = (
            person(department="Finance"),
            person(department="Finance"),
            segment("Finance"),
            page("A"),
        )
        choose(fan, it)
        rule(finance, it, Mode.MANDATORY, Grace.WEEK)
        rule(finance, it, Mode.OFF, keep_people=False)
        assert (followed(ada), followed(fan)) == ([], ["A"])
        assert told(ada)[0] == "The automatic subscription was switched off"

    def test_spares_what_another_rule_gives(self):
        ada, it = person(department="Finance", level=9), page("A")
        high = segment("High", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]})
        rule(segment("Finance"), it)
        rule(high, it)
        rule(Segment.objects.get(name="Finance"), it, Mode.OFF, keep_people=False)
        assert why(ada) == ["Automatically subscribed: Level is at least 5"]


class TestRight:
    def editor(self, *codenames):
        someone = user()
        someone.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return someone

    def test_to_make_mandatory_is_one_of_its_own(self):
        finance, it = segment("Finance"), page("A")
        editor = self.editor("change_subscriptionrule")
        with pytest.raises(ValidationError, match="may not make"):
            rule(finance, it, Mode.MANDATORY, by=editor)
        rule(finance, it, Mode.MANDATORY, by=self.editor("change_subscriptionrule", "make_mandatory"))
        with pytest.raises(ValidationError, match="may not make"):
            rule(finance, it, Mode.OFF, by=editor)

    def test_to_use_the_segment_is_needed(self):
        category = SegmentCategory.objects.create(name="HR only")
        category.groups.add(Group.objects.create(name="HR"))
        with pytest.raises(ValidationError, match="may not use"):
            rule(segment("Finance", category=category), page("A"), by=self.editor("change_subscriptionrule"))

    def test_self_chosen_segments_make_nothing_mandatory(self):
        chosen = segment("Chess", {"all": [{"attribute": "motto", "operator": "contains", "value": "chess"}]})
        assert chosen.self_chosen
        with pytest.raises(ValidationError, match="cannot make anything mandatory"):
            rule(chosen, page("A"), Mode.MANDATORY)
        rule(chosen, page("A2"))

    def test_a_segment_in_use_is_neither_deleted_nor_tainted(self):
        finance, it = segment("Finance"), page("Figures")
        rule(finance, it, Mode.MANDATORY)
        with pytest.raises(SegmentInUse, match="Figures"):
            finance.delete()
        finance.rule = {"all": [{"attribute": "motto", "operator": "contains", "value": "chess"}]}
        with pytest.raises(ValidationError, match="restricts"):
            finance.save()
        finance.refresh_from_db()
        rule(finance, it, Mode.OFF)
        finance.delete()
        assert not SubscriptionRule.objects.exists()

    def test_every_change_is_logged_with_page_and_segment(self):
        finance, it, by = segment("Finance"), page("Figures"), user(is_superuser=True)
        rule(finance, it, by=by)
        for entry in (PageLogEntry.objects.latest("pk"), ModelLogEntry.objects.latest("pk")):
            assert entry.formatter.format_message(entry) == "Auto-subscription of “Finance” to “Figures”: Off → On"
            assert entry.user == by


@pytest.mark.once
class TestCap:
    def test_gives_a_person_no_more_than_allowed_and_tells_the_editor(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "MOST_MANDATORY": 2, "MOST_AUTOMATIC": 3}
        ada, finance = person(department="Finance"), segment("Finance")
        pages = [page(f"P{number}") for number in range(6)]
        for it in pages[:3]:
            rule(finance, it, Mode.MANDATORY)
        assert followed(ada) == ["P0", "P1"]
        assert touched(Wanted(source_for(name_of(pages[3])), finance, Mode.MANDATORY)).full == 1
        for it in pages[3:]:
            rule(finance, it)
        rule(finance, page("P6"))
        assert followed(ada) == ["P0", "P1", "P3", "P4", "P5"]
        rule(finance, pages[0], Mode.OFF, keep_people=False)
        assert followed(ada) == ["P1", "P2", "P3", "P4", "P5"]
        choose(ada, page("Own"))
        assert "Own" in followed(ada)

    def test_gives_a_place_that_becomes_free_at_once_also_when_the_people_are_kept(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "MOST_MANDATORY": 1}
        ada, finance = person(department="Finance"), segment("Finance")
        first, second = page("First"), page("Second")
        rule(finance, first, Mode.MANDATORY)
        rule(finance, second, Mode.MANDATORY)
        assert followed(ada) == ["First"]
        told = []
        receiver = lambda source_ids, **kwargs: told.extend(source_ids)  # noqa: E731
        subscriptions_changed.connect(receiver)
        rule(finance, first, Mode.OFF, keep_people=True)
        subscriptions_changed.disconnect(receiver)
        assert followed(ada) == ["First", "Second"]
        assert source_for(name_of(second)).pk in told

    def test_gives_a_free_place_when_a_segment_changes(self, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "MOST_MANDATORY": 1}
        ada, finance = person(department="Finance", level=1), segment("Finance")
        beginners = segment("Beginners", {"all": [{"attribute": "level", "operator": "is", "value": 1}]})
        rule(beginners, page("First"), Mode.MANDATORY)
        rule(finance, page("Second"), Mode.MANDATORY)
        beginners.rule = {"all": [{"attribute": "level", "operator": "is", "value": 2}]}
        beginners.save()
        assert followed(ada) == ["Second"]


class TestTwoWays:
    """Named people are compared in memory, everybody by the database; both must come to the same."""

    @pytest.mark.parametrize("seed", range(4))
    def test_give_the_same(self, seed, settings):
        settings.WAGTAIL_PERSONALIZE = {**settings.WAGTAIL_PERSONALIZE, "MOST_MANDATORY": 1, "MOST_AUTOMATIC": 2}
        draw = random.Random(seed)
        people = [person(department=draw.choice("AB"), level=draw.randint(1, 3)) for _number in range(8)]
        segments = [segment(name) for name in "AB"] + [
            segment(f"Level {n}", {"all": [{"attribute": "level", "operator": "gte", "value": n}]}) for n in (2, 3)
        ]
        pages = [page(f"P{number}") for number in range(4)]
        sources = [source_for(name_of(it)) for it in pages]
        for one, source in draw.sample([(one, source) for one in segments for source in sources], 9):
            SubscriptionRule.objects.create(
                segment=one, source=source, mode=draw.choice(list(Mode)), grace_days=draw.choice([0, 7])
            )
        for someone in people:
            choose(someone, draw.choice(pages), draw.choice([Level.NORMAL, Level.MUTED, Level.ALL]))
        apply()
        everybody = state()
        assert not apply().is_change
        assert not apply(person_ids=[one.pk for one in people]).is_change
        Subscription.objects.exclude(own=None).update(given=0, rule=None, level=2)
        Subscription.objects.filter(own=None).delete()
        apply(person_ids=[one.pk for one in people])
        named = state()
        assert {row[:2] + row[3:5] for row in named} == {row[:2] + row[3:5] for row in everybody}

        # Move everybody without telling, once for each way.
        SubscriptionRule.objects.update(grace_days=0)
        for someone in people:
            type(someone.staff).objects.filter(user=someone).update(
                department=draw.choice("AB"), level=draw.randint(1, 3)
            )
        uid = "wagtail_personalize.streams"
        memberships_changed.disconnect(dispatch_uid=uid)
        try:
            refresh()
        finally:
            memberships_changed.connect(apply_rules, dispatch_uid=uid)
        kept = list(Subscription.objects.values())
        apply()
        by_database = state()
        Subscription.objects.all().delete()
        Subscription.objects.bulk_create(Subscription(**row) for row in kept)
        apply(person_ids=[one.pk for one in people])
        assert state() == by_database


@pytest.mark.once
class TestCost:
    def test_of_a_profile_save_is_the_same_for_1_100_and_500_rules(self):
        ada, finance, hr = person(department="HR"), segment("Finance"), segment("HR")
        sources = Source.objects.bulk_create(Source(kind="page", key=f"p{number}") for number in range(500))
        asked, made = [], 0
        for number in (1, 100, 500):
            SubscriptionRule.objects.bulk_create(
                SubscriptionRule(segment=finance if n % 2 else hr, source=sources[n]) for n in range(made, number)
            )
            made = number
            change(ada, department="Finance")
            change(ada, department="HR")
            change(ada, department="Finance")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                change(ada, department="HR")
            asked.append(len(queries))
        assert asked[1] == asked[2]
        assert asked[2] <= asked[0] + 8

    def test_of_a_refresh_of_everybody_is_the_same_for_1_and_100_rules(self):
        people = [person(department="Finance") for _number in range(3)]
        finance = segment("Finance")
        sources = Source.objects.bulk_create(Source(kind="page", key=f"p{number}") for number in range(15))
        asked, made = [], 0
        for number in (2, 15):
            SubscriptionRule.objects.bulk_create(
                SubscriptionRule(segment=finance, source=sources[n]) for n in range(made, number)
            )
            made = number
            with CaptureQueriesContext(connection) as queries:
                assert apply().began
            asked.append(len(queries))
        assert asked[1] <= asked[0]
        assert Subscription.objects.count() == 15 * len(people)
