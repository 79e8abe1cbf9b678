"""What a person wrote, did and saved stands on the page "What is recorded about me"."""

import pytest
from django.apps import apps

from tests.builders import page
from wagtail_personalize.communities import own_tables
from wagtail_personalize.privacy.recorded import claimed_models

from .commenting import address, colleague, say, signed_in

pytestmark = pytest.mark.django_db


class TestRecorded:
    def test_tells_comments_mentions_reactions_reports_and_what_was_saved(self):
        ada, bob, news = colleague("Ada", "Byron"), colleague("Bob", "Stone"), page("News")
        comment = say(bob, news, "Hello @Ada Byron")
        mine = signed_in(ada)
        say(ada, news, "My own words")
        mine.post(f"/people/reactions/{news.translation_key}/", {"kind": "idea"})
        mine.post(f"/people/comments/{comment.pk}/report/", {"reason": 1})
        mine.post(f"/people/bookmarks/{news.translation_key}/", {"do": "save"})
        text = mine.get("/people/me/recorded/").content.decode()
        for words in ("My own words", "Comments that mention you", "Good idea", "unkind", "What you saved for later"):
            assert words in text
        assert "Bob" not in text
        assert address(news) not in text

    def test_leaves_no_table_out(self):
        people = {
            model._meta.label_lower
            for model in apps.get_app_config("personalize_communities").get_models()
            if any(getattr(field.related_model, "__name__", "") == "User" for field in model._meta.fields)
        }
        assert people <= claimed_models()
        assert {label.split(".")[1] for label in people} == {name.lower() for name in own_tables._OWN}
