"""Favourites: what is new in some of what somebody follows, on their start page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from wagtail.models import PageViewRestriction

from tests.builders import person, segment
from tests.streams.subscribing import choose
from tests.streams.timeline import published, translated
from tests.targeting.restricting import restrict
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.blocks import FavouritesBlock
from wagtail_personalize.streams.models import Hashtag, Shortcut
from wagtail_personalize.streams.sources.finding import name_of, source_for
from wagtail_personalize.streams.subscribing.shortcuts import add_shortcut
from wagtail_personalize.streams.timeline.favourites import favourites

pytestmark = pytest.mark.django_db


def favour(someone, *objects):
    for obj in objects:
        choose(someone, obj)
        add_shortcut(someone.pk, source_for(name_of(obj)).pk)
    Shortcut.objects.filter(person=someone).update(with_news=True)


def news(someone, number=3):
    """The titles below each heading."""
    found = favourites(Viewer.for_person(someone), number)
    return {one.shown.label: [page.title for page in one.pages] for one in found}


@pytest.fixture
def it(db):
    """A section with three pages, the newest last."""
    section = published("IT", day=1)
    for day, title in enumerate(("Mail", "Phone", "Network"), 2):
        published(title, day=day, parent=section)
    return section


class TestFavourites:
    def test_show_what_is_newest_below_each_in_my_order(self, it):
        me, tagged = person(), published("Keys #Safety", day=9)
        favour(me, Hashtag.objects.get(), it)
        assert news(me, 2) == {"#Safety": [tagged.title], "IT": ["Network", "Phone"]}

    def test_are_quiet_about_the_page_itself(self, it):
        favour(me := person(), it)
        assert news(me, 9) == {"IT": ["Network", "Phone", "Mail"]}

    def test_are_only_those_whose_news_is_wanted(self, it):
        favour(me := person(), it)
        Shortcut.objects.update(with_news=False)
        assert news(me) == {}

    def test_end_when_one_stops_following(self, it):
        favour(me := person(), it)
        choose(me, it, 0)
        assert news(me) == {}

    def test_leave_out_what_i_may_not_open(self, it):
        favour(me := person(department="HR"), it)
        hidden, private = published("Hidden", day=20, parent=it), published("Private", day=21, parent=it)
        restrict(hidden, segment("Board"))
        PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.PASSWORD)
        assert news(me) == {"IT": ["Network", "Phone", "Mail"]}

    def test_show_a_page_once_for_all_languages(self, it):
        favour(me := person(), it)
        translated(it.get_children().get(title="Network").specific)
        assert news(me) == {"IT": ["Network", "Phone", "Mail"]}

    def test_take_as_many_queries_for_many_as_for_one(self, it, django_assert_num_queries):
        favour(one := person(), it)
        sections = [published(f"Section {number}") for number in range(4)]
        for section in sections:
            published("Below", parent=section)
        favour(many := person(), it, *sections)
        favourites(Viewer.for_person(one))  # what a process keeps
        for someone in (one, many):
            with django_assert_num_queries(8):
                favourites(Viewer.for_person(someone))


class TestWidget:
    def test_is_a_tag_and_a_block_and_nothing_for_visitors(self, it):
        from tests.streams.test_following_pages import rendered

        favour(me := person(), it)
        request = RequestFactory().get("/")
        request.user = me
        assert "Network" in rendered("{% my_favourites %}", me)
        assert "Network" in FavouritesBlock().render(FavouritesBlock().to_python({}), {"request": request})
        assert rendered("{% my_favourites %}", AnonymousUser()).strip() == ""

    def test_a_button_makes_a_shortcut_a_favourite_without_javascript(self, it):
        favour(me := person(), it)
        shortcut, client = Shortcut.objects.get(), Client()
        client.force_login(me)
        for sent, expected in ((f"off:{shortcut.pk}", False), (f"on:{shortcut.pk}", True)):
            assert client.post("/people/me/shortcuts/", {"news": sent}).status_code == 302
            shortcut.refresh_from_db()
            assert shortcut.with_news is expected

    def test_a_button_changes_nobody_elses(self, it):
        favour(person(), it)
        client = Client()
        client.force_login(person())
        client.post("/people/me/shortcuts/", {"news": f"off:{Shortcut.objects.get().pk}"})
        assert Shortcut.objects.get().with_news
