"""What templates may ask about hashtags."""

import pytest
from django.template import engines
from django.test import RequestFactory

from tests.builders import person, segment
from tests.streams.test_hashtag_page import tagged
from tests.targeting.restricting import restrict
from wagtail_personalize.streams.models import Hashtag

pytestmark = pytest.mark.django_db


def rendered(template, someone=None, **context):
    request = RequestFactory().get("/")
    request.user = someone or person(department="HR")
    return engines["django"].from_string("{% load personalize_tags %}" + template).render(context, request).strip()


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
    TEMPLATE = "{% trending_hashtags as hashtags %}{% for tag in hashtags %}{{ tag }} {{ tag.pages }} {% endfor %}"

    def test_needs_three_new_pages_and_a_review(self):
        for number in range(3):
            tagged(f"New {number} #rising #unknown")
        for number in range(2):
            tagged(f"Few {number} #few")
        reviewed("rising", "few")
        assert rendered(self.TEMPLATE) == "#rising 3"

    def test_needs_more_than_usual(self):
        for number in range(16):
            tagged(f"Page {number} #usual", days=number * 2)
        for number in range(3):
            tagged(f"New {number} #rising")
        reviewed("rising", "usual")
        assert rendered(self.TEMPLATE) == "#rising 3"

    def test_counts_pages_that_one_may_see(self):
        finance = segment("Finance")
        for number in range(3):
            restrict(tagged(f"New {number} #secret"), finance)
        reviewed("secret")
        assert rendered(self.TEMPLATE) == ""
        assert rendered(self.TEMPLATE, person(department="Finance")) == "#secret 3"

    def test_leaves_out_what_is_blocked(self):
        for number in range(3):
            tagged(f"New {number} #bad")
        Hashtag.objects.update(reviewed=True, blocked=True)
        assert rendered(self.TEMPLATE) == ""

    def test_has_a_ready_made_block(self):
        assert rendered("{% trending_block %}") == ""
        for number in range(3):
            tagged(f"New {number} #rising")
        reviewed("rising")
        assert "/people/hashtags/rising/" in rendered("{% trending_block %}")
