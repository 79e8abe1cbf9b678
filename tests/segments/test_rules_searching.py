"""Names are found by statements that are made once, and found exactly as a queryset finds them."""

import pytest
from django.contrib.auth import get_user_model

from tests.builders import person
from wagtail_personalize.segments.rules.searching import search

User = get_user_model()

pytestmark = pytest.mark.django_db


class TestSearch:
    @pytest.mark.parametrize("number", [1, 3, 30])
    def test_finds_the_same_however_many_and_however_often(self, number):
        people = [person(f"p{n}") for n in range(number)]

        for wanted in (people, [*people[1:], people[0]]):
            found = search(User._base_manager.all(), "username", [one.username for one in wanted], "pk")
            assert set(found) == {(one.username, one.pk) for one in people}

    def test_other_values_are_looked_for_anew(self):
        for one in (person("ada"), person("bob")):
            assert list(search(User._base_manager.all(), "pk", [one.pk], "username")) == [(one.pk, one.username)]

    def test_whoever_the_queryset_leaves_out_is_not_found(self):
        person("ada", active=False)

        assert list(search(User._base_manager.all(), "username", ["ada"], "pk"))
        assert not list(search(User._base_manager.filter(is_active=True), "username", ["ada"], "pk"))

    def test_costs_one_query(self, django_assert_num_queries):
        person("ada")

        with django_assert_num_queries(1):
            assert list(search(User._base_manager.all(), "username", ["ada", "bob"], "pk"))
