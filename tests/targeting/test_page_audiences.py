"""What an editor chooses for a page: set, lifted, logged, refused, and found again from the segment."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import PageLogEntry

from tests.builders import audience, page, segment, user
from tests.intranet.models import TargetedPage
from wagtail_personalize import hookspecs
from wagtail_personalize.segments.usage import SegmentInUse, where_used
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import (
    LOG_ACTION,
    inherited,
    page_audience,
    set_page_audience,
)

from .restricting import open_up, recommend, restrict

pytestmark = pytest.mark.django_db

SELF_CHOSEN = {"all": [{"attribute": "motto", "operator": "contains", "value": "!"}]}


@pytest.fixture
def finance():
    return segment("Finance")


def note(*segments):
    return [("note", {"text": "Bonus", "audience": audience(segments)})]


class TestSetting:
    def test_serves_restriction_and_recommendation_at_once(self, finance):
        secret = page("Secret")
        choice = set_page_audience(secret, None, Clause.of([finance]), Clause.of([], [finance]))
        assert choice.access != choice.recommendation
        assert page_audience(secret) == choice

    def test_of_everyone_is_no_choice(self):
        assert set_page_audience(page("Open"), None, Clause(), Clause()) is None

    def test_is_logged_in_words_and_only_when_it_changes_something(self, finance):
        secret, editor = page("Secret"), user("editor")
        restrict(secret, finance, user=editor)
        restrict(secret, finance, user=editor)
        open_up(secret, user=editor)
        entries = PageLogEntry.objects.filter(page=secret.pk, action=LOG_ACTION).order_by("timestamp", "pk")
        assert [entry.user for entry in entries] == [editor, editor]
        assert [str(entry.message) for entry in entries] == [
            "Audience changed: restricted to Finance",
            "Audience changed: everyone",
        ]

    def test_sends_one_signal(self, finance):
        heard = []

        def listen(**kwargs):
            heard.append(kwargs["translation_key"])

        hookspecs.audience_changed.connect(listen)
        secret = page("Secret")
        restrict(secret, finance)
        hookspecs.audience_changed.disconnect(listen)
        assert heard == [secret.translation_key]

    def test_is_not_part_of_a_revision(self, finance):
        secret = page("Secret")
        old = secret.save_revision()
        restrict(secret, finance)
        old.publish()
        assert page_audience(secret) is not None


class TestInherited:
    def test_names_the_pages_where_the_choices_were_made(self, finance):
        outer = page("Outer")
        inner = page("Inner", parent=outer)
        restrict(outer, finance)
        restrict(inner, finance)
        assert [found.page.title for found in inherited(inner)] == ["Outer"]

    def test_knows_the_source_of_an_alias(self, finance):
        closed = page("Closed")
        restrict(closed, finance)
        alias = page("Source", parent=closed).create_alias(parent=page("Open"), update_slug="alias")
        assert [found.page.title for found in inherited(alias)] == ["Closed"]


class TestSelfChosen:
    def test_may_recommend_but_not_restrict(self):
        loud, open_page = segment("Loud", SELF_CHOSEN), page("Open")
        recommend(open_page, loud)
        with pytest.raises(ValidationError, match="Loud"):
            restrict(open_page, loud)
        with pytest.raises(ValidationError, match="Loud"):
            restrict(open_page, without=[loud])

    def test_an_edit_that_taints_a_restriction_is_refused(self, finance):
        restrict(page("Secret"), finance)
        finance.rule = SELF_CHOSEN
        with pytest.raises(ValidationError, match="Secret"):
            finance.save()

    def test_an_edit_that_taints_only_a_recommendation_is_not(self, finance):
        recommend(page("Open"), finance)
        finance.rule = SELF_CHOSEN
        finance.save()


class TestWhereUsed:
    def test_lists_pages_and_keeps_the_segment(self, finance):
        restrict(page("Secret"), finance)
        assert [(usage.title, usage.restricts) for usage in where_used(finance)] == [("Secret", True)]
        with pytest.raises(SegmentInUse, match="Secret"):
            finance.delete()

    def test_forgets_a_page_whose_choice_was_lifted(self, finance):
        secret = page("Secret")
        restrict(secret, finance)
        open_up(secret)
        assert where_used(finance) == []

    def test_lists_blocks_of_the_live_and_of_the_draft_version(self, finance):
        hr = segment("HR")
        targeted = page("Targeted", model=TargetedPage, body=note(finance))
        targeted.save_revision().publish()
        targeted = TargetedPage.objects.get(pk=targeted.pk)
        targeted.body = note(hr)
        targeted.save_revision()
        assert [usage.title for usage in where_used(finance)] == ["Targeted"]
        assert [usage.title for usage in where_used(hr)] == ["Targeted"]
