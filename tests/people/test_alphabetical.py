"""Lists of colleagues stand in the order of a dictionary, on every database."""

import pytest
from django.contrib.auth import get_user_model

from tests.builders import person
from wagtail_personalize.people.alphabetical import Alphabetical
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.loading import by_name

pytestmark = pytest.mark.django_db

IN_ORDER = ["Adam", "Ärmel", "Åström", "azar", "Bauer", "Öhm", "Özil", "Strasse", "Straße", "strudel", "Žák", "Zorn"]


class TestNames:
    def test_have_accented_letters_beside_the_plain_ones(self):
        for name in reversed(IN_ORDER):
            person(last_name=name)
        sorted_names = by_name(get_declaration().people()).values_list("user__last_name", flat=True)
        same = {"Strasse": "Straße"}
        assert [same.get(name, name) for name in sorted_names] == [same.get(name, name) for name in IN_ORDER]

    def test_that_are_missing_do_no_harm(self):
        person(last_name="")
        assert get_user_model().objects.order_by(Alphabetical("last_name")).count() == 1
