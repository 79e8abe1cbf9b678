"""The gate at the front door of a page."""

import pytest
from django.test import override_settings

from tests.builders import home, page, person, segment, user
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

pytestmark = pytest.mark.django_db


def restrict(to, *segments, exclude=()):
    return set_page_audience(to, None, Clause.of(segments, exclude), None)


@pytest.fixture
def finance():
    home()
    return segment("Finance")


class TestGate:
    def test_lets_a_member_in(self, client, finance):
        secret = page("Secret")
        restrict(secret, finance)
        client.force_login(person(department="Finance"))
        assert client.get(secret.url).status_code == 200
