"""What templates may ask about hashtags."""

import pytest
from django.template import engines
from django.test import RequestFactory

from tests.builders import person, segment
from tests.streams.test_hashtag_page import tagged
from tests.targeting.restricting import restrict
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import Hashtag
from wagtail_personalize.streams.open_pages import open_pages
from wagtail_personalize.streams.trending import trending

pytestmark = pytest.mark.django_db


def rendered(template, someone=None, **context):
    request = RequestFactory().get("/")
    request.user = someone or person(department="HR")
    return engines["django"].from_string("{% load personalize_tags %}" + template).render(context, request).strip()


def new(text, people):
    """A page of today by each of so many people."""
    return [tagged(f"By {someone} {text}", owner=someone) for someone in [person() for _number in range(people)]]


def reviewed(*labels):
    Hashtag.objects.filter(label__in=labels).update(reviewed=True)


class TestPageHashtags:
    TEMPLATE = "{% page_hashtags page as hashtags %}{{ hashtags|join:' ' }}"

    def test_are_those_of_the_page(self):
        assert rendered(self.TEMPLATE, page=tagged("#One #two")) in ("#One #two", "#two #One")

    def test_are_none_of_a_hidden_page(self):
        found = tagged("#one")
        restrict(found, segment("Finance"))
        assert rendered(self.TEMPLATE, page=found) == ""


class TestRelatedPages:
    TEMPLATE = "{% related_by_hashtags page 2 as pages %}{{ pages|join:', ' }}"

    def test_share_most_hashtags(self):
        found = tagged("Here #a #b #c")
        tagged("One #a", days=1)
        tagged("Two #a #b", days=2)
        tagged("None #d")
        assert rendered(self.TEMPLATE, page=found) == "Two #a #b, One #a"

    def test_are_such_as_one_may_see(self):
        found = tagged("Here #a")
        restrict(tagged("Closed #a"), segment("Finance"))
        assert rendered(self.TEMPLATE, page=found) == ""
        assert rendered(self.TEMPLATE, person(department="Finance"), page=found) == "Closed #a"


class TestTrending:
    TEMPLATE = "{% trending_hashtags as hashtags %}{% for tag in hashtags %}{{ tag }} {{ tag.people }} {% endfor %}"

    def test_needs_three_people_and_a_review(self):
        new("#rising #unknown", 3)
        new("#few", 2)
        reviewed("rising", "few")
        assert rendered(self.TEMPLATE) == "#rising 3"

    def test_counts_people_and_not_pages(self):
        someone, left = person(), person(active=False)
        for number in range(9):
            tagged(f"Page {number} #busy", owner=someone if number < 8 else left)
        tagged("Of nobody #busy")
        new("#busy", 1)
        reviewed("busy")
        assert rendered(self.TEMPLATE) == ""
        new("#busy", 1)
        assert rendered(self.TEMPLATE) == "#busy 3"

    def test_needs_more_people_than_usual(self):
        people = [person() for _number in range(3)]
        for week in range(5):
            for someone in people:
                tagged(f"{someone} in week {week} #usual", days=week * 7, owner=someone)
        new("#rising", 3)
        reviewed("rising", "usual")
        assert rendered(self.TEMPLATE) == "#rising 3"

    def test_counts_on_pages_that_one_may_see(self):
        finance = segment("Finance")
        for found in new("#secret", 3):
            restrict(found, finance)
        reviewed("secret")
        assert rendered(self.TEMPLATE) == ""
        assert rendered(self.TEMPLATE, person(department="Finance")) == "#secret 3"

    def test_leaves_out_what_is_blocked(self):
        new("#bad", 3)
        Hashtag.objects.update(reviewed=True, blocked=True)
        assert rendered(self.TEMPLATE) == ""

    def test_has_a_ready_made_block(self):
        assert rendered("{% trending_block %}") == ""
        new("#rising", 3)
        reviewed("rising")
        block = rendered("{% trending_block %}")
        assert "/people/hashtags/rising/" in block
        assert "people" in block

    def test_costs_two_queries_at_any_number_of_hashtags(self, django_assert_num_queries):
        for number in range(4):
            new(f"#rising{number}", 3)
        Hashtag.objects.update(reviewed=True)
        viewer = Viewer.for_person(person())
        open_pages(viewer)  # what a viewer may see is asked for once in a request
        with django_assert_num_queries(2):
            assert len(trending(viewer)) == 4
