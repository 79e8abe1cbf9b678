"""The big list of naughty strings goes through the rule builder: no crash, nothing unescaped, nothing changed."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.builders import person
from tests.segments.editing import rule_data, segment_data
from wagtail_personalize.people.changes import changed, suppressed
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.rules.schema import validate

STRINGS = Path(__file__).parents[3] / "shared/data/blns/blns.json"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.realdata,
    pytest.mark.skipif(not STRINGS.exists(), reason="needs the real data beside the repository"),
]

MARKUP = re.compile(r"<(script|img|svg|iframe|video|input|a)\b[^>]*(alert|onerror|onload|javascript:)", re.IGNORECASE)


@pytest.fixture
def boss(client):
    someone = get_user_model().objects.create_superuser("boss")
    client.force_login(someone)
    return someone


def contains(text):
    return {"all": [{"attribute": "motto", "operator": "contains", "value": text}]}


def is_one_of(texts):
    return {"any": [{"attribute": "department", "operator": "is_one_of", "value": texts}]}


@pytest.fixture
def strings():
    """Those that a rule may hold; the others are refused with a sentence, which ``test_rules_blns`` shows."""
    return [text for text in json.loads(STRINGS.read_text()) if not validate(contains(text))]


class TestNaughtyStrings:
    def test_are_saved_and_shown_as_they_are(self, client, boss, strings):
        rule = is_one_of(strings[:200])
        client.post(reverse("personalize_segments:add"), segment_data(boss, "Naughty", rule))
        saved = Segment.objects.get()
        page = client.get(reverse("personalize_segments:edit", args=[saved.pk])).content.decode()
        client.post(reverse("personalize_segments:edit", args=[saved.pk]), segment_data(boss, "Naughty", saved.rule))

        assert Segment.objects.get().rule == rule
        assert not MARKUP.search(page)

    def test_are_escaped_while_editing(self, client, boss, strings):
        url = reverse("personalize_segments:live")
        with suppressed():
            for text in strings[::3]:
                person(last_name=text[:150], motto=text[:200])
        changed()
        for text in strings[::2]:
            answer = client.post(url, rule_data(boss, contains(text)))
            assert answer.status_code == 200
            assert not MARKUP.search(answer.content.decode())

    def test_are_escaped_as_names_of_segments(self, client, boss, strings):
        for number, text in enumerate(strings[::8]):
            Segment.objects.create(name=f"{text[:100]} {number}", slug=f"s{number}", rule=contains(text))

        for name in ("index", "index_results"):
            assert not MARKUP.search(client.get(reverse(f"personalize_segments:{name}")).content.decode())
