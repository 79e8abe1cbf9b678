"""The pages about a segment where people have a UUID as their key, no user name and no first and last name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_personalize.segments.admin.manual_entries import entries
from wagtail_personalize.segments.admin.manual_matching import match
from wagtail_personalize.segments.models import PastMembership, Segment

from . import builders
from .models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def crisis(client):
    client.force_login(Account.objects.create_superuser("boss@example.com"))
    rule = {"all": [{"operator": "nobody"}]}
    return Segment.objects.create(name="Crisis team", slug="crisis-team", rule=rule)


def url(name, segment):
    return reverse(f"personalize_segments:{name}", args=[segment.pk])


class TestPages:
    def test_show_members_by_name(self, client, crisis):
        ada = builders.member("Ada Byron")
        crisis.always_include([ada])

        page = client.get(url("members", crisis), {"q": "BYRON"}).content.decode()

        assert "Ada Byron" in page
        assert ada.member.number in page

    def test_show_what_happened(self, client, crisis):
        ada, ben = builders.member("Ada"), builders.member("Ben")
        crisis.always_include([ada])
        spell = {"since": timezone.now() - timedelta(days=9), "until": timezone.now() - timedelta(days=2)}
        PastMembership.objects.create(segment=crisis, person=ben, cause="rule", end_cause="rule", **spell)

        page = client.get(url("comings", crisis)).content.decode()
        about = client.get(url("inspect", crisis))

        assert "Ada" in page
        assert "Ben" in page
        assert len(about.context["chart"].points) == 10

    def test_find_people_by_address_and_number(self, client, crisis):
        ada, ben = builders.member("Ada"), builders.member("Ben")
        data = {"text": f"{ada.email}\n{ben.member.number}", "always": "include", "mode": "add"}

        assert match(entries(data["text"])).people == [ada.pk, ben.pk]
        preview = client.post(url("change_named_people", crisis), data)
        client.post(url("change_named_people", crisis), {**data, "seen": preview.context["plan"].digest})

        assert set(crisis.people()) == {ada, ben}
