"""E-mails: how many were taken, and how many led somewhere, by group."""

import pytest

from tests.builders import person, segment
from wagtail_personalize.engagement.kinds import Kind
from wagtail_personalize.engagement.models import Content, Objection
from wagtail_personalize.hookspecs import mail_told

from .counting import events, reported, segment_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(django_capture_on_commit_callbacks):
    def tell(someone, step, token):
        with django_capture_on_commit_callbacks(execute=True):
            mail_told.send(sender=None, person_id=someone.pk, mailing="digest", step=step, token=token)

    return tell


class TestFunnel:
    def test_accepted_and_clicked_are_two_events_of_one_mailing(self, tell):
        someone = person()
        tell(someone, "accepted", "a1")
        tell(someone, "clicked", "c1")
        assert [event.kind for event in events("mailing")] == [Kind.MAIL_ACCEPTED, Kind.MAIL_CLICK]

    def test_the_same_told_again_counts_once(self, tell):
        someone = person()
        for _ in range(2):
            tell(someone, "clicked", "c1")
        assert len(events("mailing")) == 1

    def test_counts_by_reporting_segment(self, tell):
        reported(segment("HR"))
        tell(person(department="HR"), "accepted", "a1")
        tell(person(department="IT"), "accepted", "a2")
        assert len(segment_events("mailing")) == 1

    def test_who_objected_does_not_count(self, tell):
        someone = person()
        Objection.objects.create(person=someone)
        tell(someone, "accepted", "a1")
        assert events("mailing") == []

    def test_is_called_as_people_know_it(self, tell):
        tell(person(), "accepted", "a1")
        assert Content.objects.get(type="mailing").label == "Digest"
