"""An audience for any snippet: one object and the listing say the same, and the editor chooses it like a block's."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Revision
from wagtail.search.backends import get_search_backend

from tests.builders import lose, person, segment, user
from tests.portal.models import Contact
from wagtail_personalize import can_see, visible
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.segments.usage import where_used
from wagtail_personalize.segments.viewer import Viewer

from .builders import client_of, meant_for, more_segments

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def seen(viewer):
    return {contact.name for contact in visible(Contact.objects.all(), viewer)}


@pytest.fixture
def it():
    return segment("IT")


class TestAudience:
    def test_decides_who_sees_a_snippet(self, it):
        Contact.objects.create(name="All")
        Contact.objects.create(name="IT", audience=meant_for(it))
        Contact.objects.create(name="Others", audience=meant_for(exclude=[it]))
        assert seen(Viewer.for_person(person(department="IT"))) == {"All", "IT"}
        assert seen(Viewer.for_person(person(department="HR"))) == {"All", "Others"}
        assert seen(Viewer.anonymous()) == {"All", "Others"}

    def test_of_a_deleted_segment_lets_nobody_pass(self, it):
        Contact.objects.create(name="IT", audience=meant_for(it))
        Contact.objects.create(name="Others", audience=meant_for(exclude=[it]))
        someone = person(department="HR")
        lose(it)
        assert seen(Viewer.for_person(someone)) == seen(Viewer.anonymous()) == set()

    def test_has_a_start_and_an_end(self):
        Contact.objects.create(name="Later", visible_from=NOW + DAY)
        Contact.objects.create(name="Over", visible_until=NOW - DAY)
        Contact.objects.create(name="Now", visible_from=NOW - DAY, visible_until=NOW + DAY)
        assert seen(Viewer.anonymous()) == {"Now"}

    def test_must_not_end_before_it_starts(self):
        with pytest.raises(ValidationError, match="later"):
            Contact(name="Never", visible_from=NOW, visible_until=NOW - DAY).full_clean()

    def test_marks_the_answer_as_personal(self, it):
        contact = Contact.objects.create(name="IT", audience=meant_for(it))
        for ask in (lambda viewer: can_see(contact, viewer), seen):
            viewer = Viewer.anonymous()
            ask(viewer)
            assert viewer.personalised

    @pytest.mark.parametrize("number", [1, 100, 500])
    def test_costs_a_listing_nothing_however_many_segments_there_are(self, number, django_assert_num_queries):
        named = [meant_for(segment(f"S{n}")) for n in range(3)]
        more_segments(number)
        Contact.objects.bulk_create([Contact(name=str(n), audience=named[n % 3]) for n in range(number)])
        someone = person()
        seen(Viewer.for_person(someone))
        with django_assert_num_queries(2):  # the viewer's own, and the listing
            seen(Viewer.for_person(someone))

    @pytest.mark.django_db(transaction=True)  # MariaDB finds only what is committed
    def test_holds_in_search(self, it):
        Contact.objects.create(name="Adams for all")
        Contact.objects.create(name="Adams for IT", audience=meant_for(it))
        found = get_search_backend().search("adams", visible(Contact.objects.all(), Viewer.anonymous()))
        assert [contact.name for contact in found] == ["Adams for all"]
        assert found.count() == 1

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        choices=st.lists(
            st.tuples(
                st.sets(st.integers(0, 2), max_size=2),
                st.sets(st.integers(0, 2), max_size=2),
                st.sampled_from([None, -1, 1]),
                st.sampled_from([None, -1, 1]),
            ),
            max_size=5,
        )
    )
    def test_one_object_and_the_listing_agree(self, choices, segments_and_people):
        segments, people = segments_and_people
        Contact.objects.all().delete()
        for number, (include, exclude, begins, ends) in enumerate(choices):
            named = [[segments[n] for n in numbers] for numbers in (include, exclude)]
            Contact.objects.create(
                name=str(number),
                audience=meant_for(*named[0], exclude=named[1]) if any(named) else None,
                visible_from=begins and NOW + begins * DAY,
                visible_until=ends and NOW + ends * DAY,
            )
        for viewer in [Viewer.anonymous(), *map(Viewer.for_person, people)]:
            assert seen(viewer) == {contact.name for contact in Contact.objects.all() if can_see(contact, viewer)}

    @pytest.fixture
    def segments_and_people(self):
        segments = [segment(name) for name in ("IT", "HR")]
        segments.append(segment("Senior", {"all": [{"attribute": "level", "operator": "gte", "value": 5}]}))
        people = [person(department="IT"), person(department="HR", level=7), person(level=6), person()]
        return segments, people


class TestEditor:
    @pytest.fixture
    def admin(self):
        return client_of(user(is_superuser=True, is_staff=True))

    def add(self, client, **data):
        url = reverse(Contact.snippet_viewset.get_url_name("add"))
        return client.post(url, {"name": "Ada", "action-publish": "publish", **data})

    def test_chooses_the_audience_in_the_form(self, admin, it):
        form = admin.get(reverse(Contact.snippet_viewset.get_url_name("add"))).content.decode()
        assert 'name="audience-include"' in form
        assert self.add(admin, **{"audience-include": json.dumps([str(it.uuid)])}).status_code == 302
        assert Contact.objects.get().audience == meant_for(it)

    def test_finds_the_choice_again(self, admin, it):
        contact = Contact.objects.create(name="Ada", audience=meant_for(it))
        url = reverse(Contact.snippet_viewset.get_url_name("edit"), args=[contact.pk])
        assert str(it.uuid) in admin.get(url).content.decode()

    def test_keeps_the_choice_in_a_version(self, admin, it):
        self.add(admin, **{"audience-include": json.dumps([str(it.uuid)])})
        assert Revision.objects.get().as_object().audience == meant_for(it)

    def test_sees_the_difference_of_two_versions(self, admin, it):
        contact = Contact.objects.create(name="Ada")
        first = contact.save_revision()
        contact.audience = meant_for(it)
        second = contact.save_revision()
        name = Contact.snippet_viewset.get_url_name("revisions_compare")
        told = admin.get(reverse(name, args=[contact.pk, first.pk, second.pk])).content.decode()
        assert "IT" in told
        assert meant_for(it).digest[:12] not in told

    def test_cannot_delete_a_segment_that_a_snippet_names(self, it):
        contact = Contact.objects.create(name="Ada", audience=meant_for(it))
        assert [usage.title for usage in where_used(it)] == ["Ada"]
        contact.audience = None
        contact.save()
        assert where_used(it) == []

    def test_cannot_delete_a_segment_that_a_draft_names(self, it):
        contact = Contact.objects.create(name="Ada")
        contact.audience = meant_for(it)
        contact.save_revision()
        assert [usage.title for usage in where_used(it)] == ["Ada"]

    def test_cannot_choose_what_is_not_open_to_them(self, admin, it):
        from wagtail_personalize.targeting.content.audience_key_form import AudienceKeyField

        Segment.objects.filter(pk=it.pk).update(live=False)
        answer = self.add(admin, **{"audience-include": json.dumps([str(it.uuid)])})
        assert answer.status_code == 200
        assert not Contact.objects.exists()
        with pytest.raises(ValidationError):
            AudienceKeyField().clean({"include": "nonsense"})
