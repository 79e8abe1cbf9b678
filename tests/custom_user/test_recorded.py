"""Explanations, the origin of values and the own page where people have a UUID as their key and no user name."""

import pytest
from django.urls import reverse
from django.utils.text import slugify

from wagtail_personalize.people.origins.reading import Origins
from wagtail_personalize.privacy.audit import log_names_seen
from wagtail_personalize.segments.explaining.explanation import explain
from wagtail_personalize.segments.models import Segment

from . import builders

pytestmark = pytest.mark.django_db


def segment(name, *conditions):
    return Segment.objects.create(name=name, slug=slugify(name), rule={"all": list(conditions)})


def source(someone, attribute):
    origin = Origins(someone.pk).of(attribute)
    return origin and origin.source


class TestOrigin:
    def test_is_kept_for_values_on_the_far_side_of_a_relation(self):
        ada = builders.member("Ada", languages=["nl"])
        assert {source(ada, name) for name in ("languages", "nickname", "email")} == {"admin"}

    def test_goes_with_the_account(self):
        ada = builders.member("Ada", languages=["nl"])
        key = ada.pk
        ada.delete()
        assert Origins(key).of("languages") is None


class TestExplanation:
    def test_reads_values_and_managers(self):
        boss = builders.account("Bea Boss")
        ada = builders.member("Ada", team="Bridge", languages=["nl", "de"], boss=boss)
        rule = [
            {"attribute": "languages", "operator": "has_any", "value": ["de"]},
            {"attribute": "team", "operator": "is_under", "value": ["Bridge"]},
            {"operator": "reports_to", "value": boss.email, "depth": "any"},
        ]
        told = explain(segment("Bridge", *rule), ada)
        assert told.is_in
        assert [part.value for part in told.because.parts[0].parts] == ["de, nl", "Bridge", "Bea Boss"]


class TestPage:
    def test_shows_everything_of_oneself(self, client):
        ada, editor = builders.member("Ada", languages=["nl"]), builders.account("Nosy Parker")
        segment("Dutch", {"attribute": "languages", "operator": "has_any", "value": ["nl"]})
        log_names_seen(editor, "Segment “Dutch”", [ada])
        client.force_login(ada)
        page = client.get(reverse("wagtail_personalize:recorded")).content.decode()
        assert ada.email in page
        assert "an editor" in page
        assert "Parker" not in page
        told = client.get(reverse("wagtail_personalize:recorded_file")).json()
        assert {section["section"] for section in told["recorded"] if section["rows"]} >= {"profile", "memberships"}
