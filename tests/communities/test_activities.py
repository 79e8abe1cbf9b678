"""The condition *did something openly*: how often, in how many days, and what follows when it changes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import person, segment
from tests.streams.notifying import afterwards
from tests.streams.subscribing import choose
from tests.streams.timeline import published
from wagtail_personalize.communities.models import Comment
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.segments.activities import read, written
from wagtail_personalize.segments.checking import check
from wagtail_personalize.segments.effective import problems
from wagtail_personalize.segments.explaining.explanation import explain
from wagtail_personalize.segments.rules.compile import rule_q
from wagtail_personalize.segments.rules.sentence import sentence

from .commenting import say, signed_in

pytestmark = pytest.mark.django_db


def rule(name, times=1, days=30):
    return {"all": [{"operator": "did_openly", "value": written(name, times, days)}]}


def member(group, someone):
    return someone in group.people()


class TestMembers:
    def test_follow_comments_written_removed_and_hidden(self):
        news, ada = published("News"), person()
        busy = segment("Busy", rule("commented", 2))
        with afterwards():
            first = say(ada, news, "One")
        assert not member(busy, ada)
        with afterwards():
            say(ada, news, "Two")
        assert member(busy, ada)
        with afterwards():
            signed_in(ada).post(f"/people/comments/{first.pk}/", {"do": "remove"})
        assert not member(busy, ada)
        assert not list(check())

    def test_follow_reactions_and_following(self):
        news, ada = published("News"), person()
        fond, follows = segment("Fond", rule("reacted")), segment("Follows", rule("followed"))
        for kind, is_in in (("like", True), ("", False)):
            with afterwards():
                signed_in(ada).post(f"/people/reactions/{news.translation_key}/", {"kind": kind})
            assert member(fond, ada) == is_in
        with afterwards():
            choose(ada, news)
        assert member(follows, ada)

    def test_leave_with_the_day(self):
        news, ada = published("News"), person()
        busy = segment("Busy", rule("commented", 1, 7))
        with afterwards():
            comment = say(ada, news, "One")
        for ago, is_in in ((7, True), (8, False)):
            Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(days=ago))
            found = get_declaration().people().filter(rule_q(busy.rule))
            assert found.exists() == is_in


class TestRule:
    def test_recommends_and_never_restricts(self):
        busy = segment("Busy", rule("commented"))
        assert busy.self_chosen
        assert busy.depends_on_date

    def test_reads_as_a_sentence(self):
        assert sentence(rule("commented", 3)) == "Has commented at least 3 times in the last 30 days"

    @pytest.mark.parametrize(
        "value", ["read:1:30", "commented", "commented:0:30", "commented:1:0", "commented:1:367", "commented:1001:7", 3]
    )
    def test_is_refused_when_it_asks_for_something_else(self, value):
        assert problems({"all": [{"operator": "did_openly", "value": value}]})


class TestMeaning:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        did=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.sampled_from([1, 2, 3, 4])), max_size=12),
        times=st.integers(1, 4),
        days=st.integers(1, 30),
        turned=st.booleans(),
    )
    def test_is_the_same_counted_by_hand_in_the_query_and_in_the_explanation(self, did, times, days, turned):
        people, today = [person() for _number in range(3)], timezone.localdate()
        Comment.objects.bulk_create(
            Comment(
                translation_key="11111111-1111-4111-8111-111111111111",
                author=people[who],
                state=state,
                created_at=timezone.now() - timedelta(days=ago),
            )
            for who, ago, state in did
        )
        asked = rule("commented", times, days)
        asked = {"none": [asked]} if turned else asked
        found = set(get_declaration().people().filter(rule_q(asked)).values_list("user", flat=True))
        group = segment(f"Group {people[0].pk}", asked)
        for number, someone in enumerate(people):
            counted = sum(1 for who, ago, state in did if who == number and state == 1 and ago <= days)
            expected = (counted >= times) != turned
            assert (someone.pk in found) == expected
            assert member(group, someone) == expected
            assert explain(group, someone).is_in == expected
        assert today == timezone.localdate()

    def test_reads_back_what_it_writes(self):
        assert read(written("commented", 3, 30))[1:] == (3, 30)
