"""Reviewing many hashtags at once in the admin."""

import pytest
from wagtail.models import ModelLogEntry

from tests.builders import person
from tests.streams.subscribing import choose, level
from tests.streams.test_hashtag_admin import admin
from tests.streams.test_hashtag_page import tagged
from wagtail_personalize.streams.models import Hashtag

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db):
    tagged("One #News #Nachrichten")
    tagged("Two #news #Spam")
    return admin("change_hashtag", "view_hashtag")


def address(action, *keys, **more):
    ids = Hashtag.objects.filter(key__in=keys).values_list("pk", flat=True)
    query = "&".join([f"id={pk}" for pk in ids] + [f"{name}={value}" for name, value in more.items()])
    return f"/admin/bulk/personalize_streams/hashtag/personalize_{action}/?{query}"


def found(**filters):
    return set(Hashtag.objects.filter(**filters).values_list("key", flat=True))


class TestBulkActions:
    def test_are_offered_in_the_list(self, reviewer):
        text = reviewer.get("/admin/personalize/hashtags/").content.decode()
        for action in ("review", "block", "merge"):
            assert f"personalize_{action}/" in text

    def test_show_first_what_they_are_about(self, reviewer):
        text = reviewer.get(address("review", "news", "spam")).content.decode()
        assert "2 hashtags" in text
        assert "3 uses on pages" in text
        assert found(reviewed=True) == set()

    def test_approve(self, reviewer):
        text = reviewer.post(address("review", "news", "spam"), follow=True).content.decode()
        assert "2 hashtags were changed" in text
        assert found(reviewed=True) == {"news", "spam"}

    def test_block_at_once(self, reviewer):
        reviewer.post(address("block", "spam"))
        assert found(blocked=True) == {"spam"}
        assert reviewer.get("/people/hashtags/spam/").status_code == 404

    def test_merge_with_those_who_follow(self, reviewer):
        me = person()
        choose(me, Hashtag.objects.get(key="nachrichten"))
        reviewer.post(address("merge", "nachrichten", "news"), {"into": "#News"})
        assert found(synonym_of__key="news") == {"nachrichten"}
        assert level(me, Hashtag.objects.get(key="news")) == 2

    @pytest.mark.parametrize("into", ["#nothing", "x y", ""])
    def test_merge_into_nothing_is_refused(self, reviewer, into):
        assert reviewer.post(address("merge", "spam"), {"into": into}).status_code == 200
        assert found(synonym_of__isnull=False) == set()

    def test_are_logged_once_for_what_changed(self, reviewer):
        for _twice in range(2):
            reviewer.post(address("merge", "nachrichten"), {"into": "news"})
        (entry,) = ModelLogEntry.objects.filter(action="wagtail_personalize.hashtag_merged")
        assert entry.formatter.format_message(entry) == "Stands for #News"

    def test_of_all_keep_to_the_filters_of_the_list(self, reviewer):
        Hashtag.objects.filter(key="spam").update(blocked=True)
        reviewer.post("/admin/bulk/personalize_streams/hashtag/personalize_review/?id=all&blocked=true")
        assert found(reviewed=True) == {"spam"}

    @pytest.mark.parametrize("action", ["review", "block", "merge"])
    def test_need_the_permission_to_change_hashtags(self, reviewer, action):
        client = admin("view_hashtag")
        answer = client.post(address(action, "spam"), {"into": "news"})
        assert answer.status_code in (302, 403)
        assert found(reviewed=True) | found(blocked=True) | found(synonym_of__isnull=False) == set()

    def test_take_a_fixed_number_of_queries_to_ask(self, reviewer, django_assert_num_queries):
        reviewer.get(address("review", "news"))
        with django_assert_num_queries(11):
            reviewer.get(address("review", "news"))
        with django_assert_num_queries(11):
            reviewer.get(address("review", "news", "spam", "nachrichten"))
