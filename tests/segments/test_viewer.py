import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.test import RequestFactory
from django.utils import timezone

from tests import builders
from wagtail_personalize import viewer_for
from wagtail_personalize.segments import versions
from wagtail_personalize.segments.context import current_viewer, viewing_as
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Membership, Segment, StateVersion
from wagtail_personalize.segments.state_query import StatePart
from wagtail_personalize.segments.viewer import Viewer

pytestmark = pytest.mark.django_db

ROOT = StatePart("root", "SELECT 'root', id FROM wagtailcore_page WHERE depth = %s", (1,))
NOBODY = StatePart("nobody", "SELECT 'nobody', id FROM wagtailcore_page WHERE depth = %s", (99,))


@pytest.fixture
def it():
    """A segment that this process already knows, on a day that was refreshed."""
    segment = builders.segment("IT")
    segment_index()
    return segment


def unrefreshed(number, members):
    """Many segments with the same members, stored without working out any rule."""
    QuerySet(Segment).bulk_create(Segment(name=f"No. {n}", slug=str(n)) for n in range(number))
    now = timezone.now()
    Membership.objects.bulk_create(
        Membership(segment=segment, person=person, since=now) for segment in Segment.objects.all() for person in members
    )
    versions.grow(versions.SEGMENTS)


class TestPerson:
    def test_is_in_the_stored_segments(self, it):
        viewer = Viewer.for_person(builders.person(department="IT"))
        assert viewer.segment_ids == {it.pk}

    def test_is_in_a_segment_by_object_slug_and_uuid(self, it):
        viewer = Viewer.for_person(builders.person(department="IT"))
        assert viewer.is_in(it)
        assert viewer.is_in("it")
        assert viewer.is_in(it.uuid)
        assert viewer.is_in(str(it.uuid))

    def test_is_in_no_other(self, it):
        other = builders.segment("HR")
        viewer = Viewer.for_person(builders.person(department="IT"))
        assert not viewer.is_in(other)
        assert not viewer.is_in("hr")
        assert not viewer.is_in("no-such-segment")

    def test_costs_one_query_with_any_parts(self, it, django_assert_num_queries):
        viewer = Viewer.for_person(builders.person(department="IT"))
        with django_assert_num_queries(1):
            viewer.load(ROOT, NOBODY)
            assert viewer.answer("root") == (1,)
            assert viewer.answer("nobody") == ()
            assert viewer.is_in("it")
            assert viewer.version(versions.SEGMENTS) > 0

    def test_costs_one_query_more_for_parts_that_come_later(self, it, django_assert_num_queries):
        viewer = Viewer.for_person(builders.person(department="IT"))
        viewer.load(ROOT)
        with django_assert_num_queries(1):
            viewer.load(ROOT, NOBODY)
        assert viewer.answer("nobody") == ()

    def test_costs_nothing_until_somebody_asks(self, django_assert_num_queries):
        person = builders.person()
        with django_assert_num_queries(0):
            assert Viewer.for_person(person).person_id == person.pk

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_costs_one_query_at_any_number_of_segments(self, number, django_assert_num_queries):
        person = builders.person(department="IT")
        unrefreshed(number, members=[person])
        segment_index()
        viewer = Viewer.for_person(person)
        with django_assert_num_queries(1):
            assert len(viewer.segment_ids) == number
            assert viewer.is_in("0")


class TestFailingClosed:
    def test_anonymous_is_in_nothing_and_asks_nothing(self, it, django_assert_num_queries):
        with django_assert_num_queries(0):
            for viewer in (Viewer.anonymous(), Viewer.for_person(AnonymousUser()), Viewer.for_person(None)):
                assert viewer.is_anonymous
                assert viewer.segment_ids == frozenset()
                assert not viewer.is_in("it")

    def test_anonymous_asks_for_parts_and_versions_only(self, it, django_assert_num_queries):
        viewer = Viewer.anonymous()
        with django_assert_num_queries(1) as captured:
            viewer.load(ROOT)
            assert viewer.version(versions.SEGMENTS) > 0
            assert viewer.answer("root") == (1,)
        assert Membership._meta.db_table not in captured[0]["sql"]

    def test_an_inactive_user_is_in_nothing_whatever_is_stored(self, it):
        person = builders.person(department="IT")
        person.is_active = False
        assert Viewer.for_person(person).segment_ids == frozenset()
        assert Viewer.for_person(person).is_anonymous

    def test_a_user_without_a_profile_is_in_nothing(self, it):
        viewer = Viewer.for_person(builders.user())
        assert viewer.segment_ids == frozenset()
        assert not viewer.is_anonymous

    def test_a_user_whose_profile_was_deleted_is_in_nothing(self, it):
        person = builders.person(department="IT")
        person.staff.delete()
        assert Viewer.for_person(person).segment_ids == frozenset()

    def test_rows_of_a_broken_segment_never_count(self, it):
        person = builders.person(department="IT")
        Segment.objects.filter(pk=it.pk).update(broken="Its rule names something that does not exist.")
        assert Membership.objects.filter(segment=it, person=person).exists()
        assert Viewer.for_person(person).segment_ids == frozenset()

    def test_without_any_state_there_are_no_segments(self):
        StateVersion.objects.all().delete()
        viewer = Viewer.for_person(builders.person())
        assert viewer.segment_ids == frozenset()
        assert viewer.version(versions.AUDIENCES) == 0


class TestPreview:
    def test_is_in_exactly_the_given_segments(self, it, django_assert_num_queries):
        viewer = Viewer.in_segments([it])
        with django_assert_num_queries(0):
            assert viewer.segment_ids == {it.pk}
            assert viewer.is_preview
            assert not viewer.is_anonymous
            assert viewer.person_id is None

    def test_does_not_count_a_broken_segment(self):
        broken = builders.segment("Broken", {"all": []})
        assert Viewer.in_segments([broken]).segment_ids == frozenset()

    def test_is_named_for_a_banner(self, it):
        assert Viewer.in_segments([it, builders.segment("HR")]).label == "IT + HR"
        assert Viewer.in_segments([]).label == "Everyone"
        assert Viewer.in_segments([it], label="A new joiner").label == "A new joiner"
        assert Viewer.anonymous().label == "Anonymous visitor"
        assert Viewer.for_person(builders.user("ada", last_name="Lovelace")).label == "Lovelace"
        assert Viewer.for_person(builders.user("bob")).label == "bob"

    def test_may_be_a_named_person(self, it):
        viewer = Viewer.for_person(builders.person(department="IT"), is_preview=True)
        assert viewer.is_preview
        assert viewer.is_in(it)


class TestViewerFor:
    def test_is_the_same_for_one_request(self):
        request = RequestFactory().get("/")
        request.user = builders.person()
        assert viewer_for(request) is viewer_for(request) is request.viewer
        assert viewer_for(request).user == request.user

    def test_is_anonymous_where_nobody_can_sign_in(self):
        assert viewer_for(RequestFactory().get("/")).is_anonymous


class TestCurrentViewer:
    def test_is_anonymous_when_nothing_is_set(self):
        assert current_viewer().is_anonymous

    def test_is_who_it_was_set_to_and_only_there(self, it):
        with viewing_as(Viewer.in_segments([it])) as viewer:
            assert current_viewer() is viewer
        assert current_viewer().is_anonymous

    def test_is_reset_when_rendering_fails(self, it):
        with pytest.raises(ZeroDivisionError), viewing_as(Viewer.in_segments([it])):
            raise ZeroDivisionError
        assert current_viewer().is_anonymous


class TestSegmentIndex:
    def test_asks_only_when_the_version_has_grown(self, it, django_assert_num_queries):
        version = versions.number_of(versions.SEGMENTS)
        with django_assert_num_queries(0):
            assert segment_index(version).by_slug["it"].id == it.pk
        builders.segment("HR")
        assert set(segment_index().by_slug) == {"it", "hr"}

    def test_gives_ids_only_when_every_segment_can_be_used(self, it):
        broken = builders.segment("Broken", {"all": []})
        index = segment_index()
        assert index.ids([str(it.uuid)]) == {it.pk}
        assert index.ids([str(it.uuid), str(broken.uuid)]) is None
        assert index.ids(["6a7f9f2e-0000-4000-8000-000000000000"]) is None
        assert index.broken == {broken.pk}
