"""The property: whatever was changed, everybody gets from the cache what they would get without."""

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import audience, note, page, person, segment, targeted_page

from .caching import committed, get, switch_on, with_template
from .restricting import open_up, restrict

pytestmark = pytest.mark.django_db
PEOPLE, SEGMENTS, PAGES = range(4), range(3), range(2)
TEMPLATE = (
    "{% load personalize_tags wagtailcore_tags %}{{ page.title }}{% include_block page.body %}"
    '{% personalized_cache 60 "below" %}{% visible_pages page.get_children.live as found %}'
    "{% for each in found %}{{ each.title }}{% endfor %}{% endpersonalized_cache %}"
    '{% if request.user.is_authenticated %}in{% endif %}{% audience "s1" exclude="s2" %}S1{% endaudience %}'
)
steps = st.one_of(
    st.tuples(st.just("look"), st.sampled_from([*PEOPLE, None]), st.sampled_from(PAGES)),
    st.tuples(st.just("look"), st.sampled_from([*PEOPLE, None]), st.sampled_from(PAGES)),
    st.tuples(st.just("join"), st.sampled_from(PEOPLE), st.sampled_from([*SEGMENTS, None])),
    st.tuples(st.just("publish"), st.sampled_from(PAGES), st.sampled_from(SEGMENTS)),
    st.tuples(st.just("restrict"), st.sampled_from([*PAGES, "child"]), st.sampled_from([*SEGMENTS, None])),
    st.tuples(st.just("rename"), st.sampled_from([*PAGES, "child"]), st.integers(0, 9)),
)


class World:
    def __init__(self):
        with committed():
            self.segments = [segment(f"S{n}") for n in SEGMENTS]
            self.people = [person(f"p{n}", department=f"S{n}") for n in PEOPLE]
            body = [note(f"For {n}", audience([each])) for n, each in enumerate(self.segments)]
            self.pages = {n: targeted_page(*body[n:], title=f"Page {n}", slug=f"page-{n}") for n in PAGES}
            self.pages["child"] = page("Child", parent=self.pages[0])

    def act(self, kind, what, how):
        with committed():
            getattr(self, kind)(what, how)

    def join(self, who, which):
        staff = self.people[who].staff
        staff.department = "" if which is None else f"S{which}"
        staff.save()

    def publish(self, which, number):
        changed = type(self.pages[which]).objects.get(pk=self.pages[which].pk)
        changed.body = [("note", {"text": f"New {number}", "audience": audience([self.segments[number]])})]
        changed.save_revision().publish()

    def restrict(self, which, number):
        if number is None:
            open_up(self.pages[which])
        else:
            restrict(self.pages[which], self.segments[number])

    def rename(self, which, number):
        type(self.pages[which]).objects.filter(pk=self.pages[which].pk).update(title=f"Named {number}")

    def look(self, who, which):
        user = None if who is None else self.people[who]
        kept = get(self.pages[which].url, user)
        with override_settings(WAGTAIL_PERSONALIZE={**django_settings.WAGTAIL_PERSONALIZE, "CONTENT_CACHE": None}):
            fresh = get(self.pages[which].url, user)
        assert (kept.status_code, kept.content) == (fresh.status_code, fresh.content)
        assert kept.get("Cache-Control") == fresh.get("Cache-Control")


@pytest.fixture
def world(settings):
    with_template(settings, "intranet/targeted_page.html", TEMPLATE)
    switch_on(settings)
    return World()


few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestEverybody:
    @few
    @given(st.lists(steps, min_size=4, max_size=12))
    def test_gets_what_they_would_get_without_the_cache(self, world, sequence):
        self.do_and_look(world, sequence)

    @pytest.mark.long
    @settings(few, max_examples=60)
    @given(st.lists(steps, min_size=4, max_size=12))
    def test_gets_that_after_many_more_changes(self, world, sequence):
        self.do_and_look(world, sequence)

    def do_and_look(self, world, sequence):
        for step in sequence:
            if step[0] == "look":
                world.look(step[1], step[2])
            else:
                world.act(*step)
        for who in (*PEOPLE, None):
            for which in PAGES:
                world.look(who, which)
                world.look(who, which)
