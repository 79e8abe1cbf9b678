"""What is written for single people ends no kept page."""

import pytest
from django.apps import apps

from tests.builders import person
from tests.targeting.caching import committed, switch_on
from wagtail_personalize.segments.models import StateVersion
from wagtail_personalize.streams import own_tables
from wagtail_personalize.streams.models import LastLook, MustKnow
from wagtail_personalize.streams.timeline.looks import looked
from wagtail_personalize.targeting.caching.announcing import version_of


def version(model):
    return StateVersion.objects.filter(name=version_of(model._meta.db_table)).first()


@pytest.mark.django_db
class TestOwnTables:
    def test_are_written_without_a_word_to_kept_pages(self, settings):
        switch_on(settings)
        ada = person("ada")
        with committed():
            looked(ada.pk, "timeline", 1)
        assert LastLook.objects.filter(person=ada).exists()
        assert version(LastLook) is None

    def test_others_are_announced(self, settings):
        switch_on(settings)
        with committed():
            MustKnow.objects.filter(pk=0).delete()
            MustKnow.objects.filter(pk=0).update(until="2030-01-01T00:00Z")
        assert version(MustKnow) is not None

    @pytest.mark.parametrize("name", own_tables._OWN)
    def test_belong_to_a_person(self, name):
        apps.get_model("personalize_streams", name)._meta.get_field("person")
