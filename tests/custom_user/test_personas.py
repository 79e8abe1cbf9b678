"""Personas and previews where people have a UUID as their key and many-valued attributes end on texts."""

from uuid import uuid4

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from wagtail_personalize.privacy.models import LookAt
from wagtail_personalize.segments.models import ExamplePerson, Persona, Segment
from wagtail_personalize.segments.personas.matching import Matching
from wagtail_personalize.segments.personas.wording import value_words
from wagtail_personalize.targeting.preview_viewers import PreviewRefused, split_mode

from . import builders
from .models import Account

pytestmark = pytest.mark.django_db

DUTCH = {"all": [{"attribute": "languages", "operator": "has_any", "value": ["nl"]}]}


@pytest.fixture
def boss(client):
    someone = Account.objects.create_superuser("boss@example.com", "x")
    client.force_login(someone)
    return someone


class TestInventedPeople:
    def test_have_several_texts(self):
        people = [{"languages": ["NL", "de"]}, {"languages": ["de"]}, {}]
        assert Matching(people).answers(DUTCH) == [True, False, False]

    def test_are_entered_and_shown(self, client, boss):
        fields = dict.fromkeys(("segment", "summary", "needs", "motivation", "channel", "format", "portrait"), "")
        formset = {"INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
        sent = {"name": "Anna", **fields, "examples-TOTAL_FORMS": 1, "topics-TOTAL_FORMS": 0}
        sent |= {f"{name}-{key}": value for name in ("examples", "topics") for key, value in formset.items()}
        sent |= {"examples-0-name": "Anna Nova", "examples-0-values-languages": '["nl", "de"]', "examples-0-ORDER": 1}
        assert client.post(reverse("personalize_personas:add"), sent).status_code == 302
        example = ExamplePerson.objects.get()
        assert example.values == {"languages": ["nl", "de"]}
        assert value_words([example]) == [[("Languages", "nl, de")]]
        card = client.get(reverse("personalize_personas:inspect", args=[Persona.objects.get().pk]))
        assert "Languages: nl, de" in card.content.decode()


class TestPreviewAsColleague:
    @pytest.fixture
    def start(self):
        return Site.objects.get().root_page if Site.objects.exists() else Page.get_first_root_node()

    def test_finds_and_logs_people_by_their_key(self, client, boss, start):
        ada = builders.member("Ada Lovelace", languages=["nl"])
        dutch = Segment.objects.create(name="Dutch", slug="dutch", rule=DUTCH)
        found = client.get(reverse("personalize_targeting:preview_people"), {"q": "lovelace"}).json()["values"]
        assert [each["value"] for each in found] == [str(ada.pk)]
        _own, viewer = split_mode(f"|as:person:{ada.pk}", start, boss)
        assert viewer.is_in(dutch)
        assert list(LookAt.objects.get(kind="preview").persons.all()) == [ada]

    @pytest.mark.parametrize("key", ["1", "nobody", str(uuid4())])
    def test_refuses_nobody(self, boss, start, key):
        with pytest.raises(PreviewRefused):
            split_mode(f"|as:person:{key}", start, boss)
