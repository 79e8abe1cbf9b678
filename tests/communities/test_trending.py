"""Those who comment move the hashtags of a page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.builders import person, segment
from tests.streams.test_hashtag_page import tagged
from tests.targeting.restricting import restrict
from wagtail_personalize.communities.comments.models import Opening, PageComments, State
from wagtail_personalize.communities.models import Comment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.trending import trending

pytestmark = pytest.mark.django_db


def commented(page, *authors, days=0, **fields):
    at = timezone.now() - timedelta(days=days)
    rows = [Comment(translation_key=page.translation_key, author=each, created_at=at, **fields) for each in authors]
    Comment.objects.bulk_create(rows)


def rising(viewer=None):
    Hashtag.objects.update(reviewed=True)
    viewer = viewer or Viewer.for_person(person())
    return {hashtag.key: hashtag.people for hashtag in trending(viewer)}


@pytest.fixture
def people():
    return [person() for _number in range(4)]


class TestComments:
    def test_make_an_old_page_rise(self, people):
        commented(tagged("Old #canteen", days=300), *people)
        assert rising() == {"canteen": 4}

    def test_of_one_person_count_once_and_beside_a_page_of_theirs(self, people):
        page = tagged("Mine #canteen", owner=people[0])
        commented(page, people[0], people[0], people[1], people[1])
        assert rising() == {}
        commented(tagged("Another #canteen"), people[1], people[2])
        assert rising() == {"canteen": 3}

    def test_of_the_weeks_before_are_what_was_expected(self, people):
        page = tagged("Old #canteen", days=300)
        commented(page, *people[:3])
        assert rising() == {"canteen": 3}
        for week in range(1, 5):
            commented(page, *people[:3], days=week * 7)
        assert rising() == {}

    @pytest.mark.parametrize("state", [State.WAITING, State.HIDDEN, State.REMOVED])
    def test_that_nobody_else_sees_do_not_count(self, people, state):
        commented(tagged("#canteen"), *people, state=state)
        assert rising() == {}

    def test_of_pages_that_show_none_and_of_people_who_left_do_not_count(self, people):
        page, other = tagged("#canteen"), tagged("#parking")
        commented(page, *people)
        commented(other, *people[:2], person(active=False), None)
        PageComments.objects.create(translation_key=page.translation_key, opening=Opening.OFF)
        assert rising() == {}

    def test_count_on_pages_that_one_may_see(self, people):
        page = tagged("#canteen")
        restrict(page, segment("Finance"))
        commented(page, *people)
        assert rising() == {}
        assert rising(Viewer.for_person(person(department="Finance"))) == {"canteen": 4}
