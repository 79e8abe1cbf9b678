"""The demonstration has an editor who may not target with every segment."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Page

from wagtail_personalize.segments.models import Segment

pytestmark = pytest.mark.django_db


class TestLocalEditor:
    def test_chooses_among_the_categories_open_to_her(self, visit):
        answer = visit("head", reverse("personalize_targeting:segment_choices")).json()

        offered = {value["group"] for value in answer["values"]}
        assert "Locations" in offered
        assert "Roles" not in offered

    def test_is_refused_what_is_not(self, visit, client):
        managers = Segment.objects.filter(category__name="Roles").first()
        london = Page.objects.get(slug="london")
        visit("head")

        answer = client.post(
            reverse("personalize_targeting:page_audience", args=[london.pk]),
            {"recommend-include": json.dumps([str(managers.uuid)])},
        )

        assert "You may not use the segment" in answer.content.decode()

    def test_leaves_all_to_internal_communications(self, visit):
        answer = visit("editor", reverse("personalize_targeting:segment_choices")).json()

        assert "Roles" in {value["group"] for value in answer["values"]}
