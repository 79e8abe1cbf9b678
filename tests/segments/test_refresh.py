import pytest

from tests import builders
from wagtail_personalize.segments.models import Membership
from wagtail_personalize.segments.refresh import Difference, refresh

pytestmark = pytest.mark.django_db


def names(segment):
    return sorted(person.username for person in segment.people())


class TestRefresh:
    def test_fills_a_new_segment(self):
        builders.person("ada", department="IT")
        builders.person("bob", department="HR")
        assert names(builders.segment("IT")) == ["ada"]

    def test_a_saved_profile_moves_at_once(self):
        ada = builders.person("ada", department="HR")
        it, hr = builders.segment("IT"), builders.segment("HR")
        ada.staff.department = "IT"
        ada.staff.save()
        assert (names(it), names(hr)) == (["ada"], [])

    def test_keeps_since_of_those_who_stay(self):
        builders.person("ada", department="IT")
        it = builders.segment("IT")
        before = it.memberships.get().since
        builders.person("bob", department="IT")
        refresh()
        assert it.memberships.get(person__username="ada").since == before

    def test_finds_what_no_signal_told(self):
        ada = builders.person("ada", department="IT")
        it = builders.segment("IT")
        Membership.objects.all().delete()
        type(ada.staff).objects.update(department="HR")
        builders.segment("HR")
        assert refresh() == Difference(0, 0)
        type(ada.staff).objects.update(department="IT")
        assert refresh() == Difference(1, 1)
        assert names(it) == ["ada"]
