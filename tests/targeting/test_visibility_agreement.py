"""``visible``, ``can_see``, the stored rows and the reference say the same, whatever happens to the tree."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from wagtail.models import Locale, Page

from tests.builders import home, page, person, segment
from tests.intranet.models import StandardPage
from wagtail_personalize import can_see, visible
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.effective import check, recompute
from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .acts import acts, do
from .inherited import may_see

pytestmark = pytest.mark.django_db
drawn = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
many_drawn = settings(drawn, max_examples=100)


class Undo(Exception):
    """Leaves the block and takes back what was done in it."""


@pytest.fixture
def people():
    """A small site with restrictions and an alias, three segments, and somebody for most combinations of them."""
    for code in ("de", "nl"):
        Locale.objects.get_or_create(language_code=code)
    home()
    sections = [page(name, parent=Page.objects.get(pk=home().pk)) for name in ("Accounts", "Jobs", "Offers")]
    below = [page(f"Below {section}", parent=section) for section in sections]
    finance = segment("Finance")
    managers = segment("Managers", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]})
    segment("Remote", {"all": [{"attribute": "remote", "operator": "is", "value": True}]})
    set_page_audience(sections[0], None, Clause.of([finance]), None)
    set_page_audience(below[1], None, Clause.of([], [managers]), None)
    below[1].create_alias(parent=sections[2], update_slug="alias")
    return [
        person(department="Finance"),
        person(department="Finance", level=7),
        person(level=6, remote=True),
        person(department="Finance", level=5, remote=True),
        person(),
    ]


def viewers(people):
    return [Viewer.anonymous(), *map(Viewer.for_person, people)]


def undone(test):
    """Run in a savepoint that is rolled back: each example starts from the same site."""

    def run(people, steps):
        try:
            with transaction.atomic():
                test(people, steps)
                raise Undo
        except Undo:
            pass

    return run


class TestOneDoor:
    @drawn
    @given(steps=acts())
    def test_listing_and_single_answer_agree_with_the_definition(self, people, steps):
        self.hold_together_after(people, steps)

    @pytest.mark.long
    @many_drawn
    @given(steps=acts())
    def test_they_agree_in_many_more_cases(self, people, steps):
        self.hold_together_after(people, steps)

    def hold_together_after(self, people, steps):
        @undone
        def example(people, steps):
            for step in steps:
                do(*step)
            right = [{p.pk for p in Page.objects.all() if may_see(p, viewer)} for viewer in viewers(people)]
            self.agrees(viewers(people), right)
            EffectiveAudience.objects.all().delete()
            self.agrees(viewers(people), right)

        example(people, steps)

    def agrees(self, viewers, right):
        standard = set(StandardPage.objects.values_list("pk", flat=True))
        for viewer, keys in zip(viewers, right, strict=True):
            assert {p.pk for p in visible(Page.objects.all(), viewer)} == keys
            assert {p.pk for p in visible(StandardPage.objects.all(), viewer)} == keys & standard
            assert {p.pk for p in Page.objects.all() if can_see(p, viewer)} == keys

    @drawn
    @given(steps=acts())
    def test_what_is_stored_is_never_out_of_date(self, people, steps):
        @undone
        def example(people, steps):
            for step in steps:
                do(*step)
                assert check() == [], step
            recompute(fill_all=True)
            assert check() == []

        example(people, steps)
