"""Links in mails that lead to pages by way of a count."""

import pytest
from django.test import Client

from tests.builders import person, segment
from tests.targeting.restricting import restrict
from wagtail_personalize.hookspecs import mail_told
from wagtail_personalize.streams.mailing.clicks import link_to, tell_accepted
from wagtail_personalize.streams.mailing.models import OutgoingMail
from wagtail_personalize.streams.notifications.events import Told

from .mailing import notice_of
from .timeline import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What is told of mails."""
    heard = []

    def hear(person_id, mailing, step, token, **kwargs):
        heard.append((person_id, mailing, step, token))

    mail_told.connect(hear)
    yield heard
    mail_told.disconnect(hear)


def mailed(page, someone):
    """The path that a mail of somebody has for a page."""
    notice = notice_of(page)
    mail = OutgoingMail.objects.create(key=f"notice:{notice.pk}", person=someone, notice=notice, due_at=notice.at)
    return link_to(Told(notice, "", page.title, page.url, page), mail, "")


def open_as(someone, path):
    client = Client()
    if someone:
        client.force_login(someone)
    return client.get(path)


class TestLinks:
    def test_lead_to_the_page(self, told):
        page = published("News")
        assert open_as(None, mailed(page, person()))["Location"] == f"{page.url}?via=mail"

    def test_hold_no_address(self, told):
        path = mailed(published("Secret merger"), person())
        assert "secret" not in path

    def test_count_for_who_got_the_mail(self, told):
        someone = person()
        path = mailed(published("News"), someone)
        open_as(someone, path)
        assert [one[:3] for one in told] == [(someone.pk, "news", "clicked")]

    def test_twice_is_told_with_the_same_token(self, told):
        someone = person()
        path = mailed(published("News"), someone)
        open_as(someone, path)
        open_as(someone, path)
        assert len({one[3] for one in told}) == 1

    @pytest.mark.parametrize("somebody", [False, True])
    def test_do_not_count_for_anybody_else(self, told, somebody):
        path = mailed(published("News"), person())
        open_as(person() if somebody else None, path)
        assert told == []

    def test_a_head_request_counts_nothing(self, told):
        someone = person()
        client = Client()
        client.force_login(someone)
        client.head(mailed(published("News"), someone))
        assert told == []

    def test_forged_ones_lead_to_the_list_of_notifications(self, told):
        assert open_as(None, "/people/mail/to/https:evil.example/")["Location"] == "/people/me/notifications/"

    def test_the_page_asks_for_itself_who_may_open_it(self, told):
        page, someone = published("Board"), person(department="HR")
        path = mailed(page, someone)
        restrict(page, segment("Board"))
        assert open_as(someone, open_as(someone, path)["Location"]).status_code == 404

    def test_lead_straight_to_the_page_when_nobody_counts(self, monkeypatch):
        monkeypatch.setattr(mail_told, "receivers", [])
        page = published("News")
        assert mailed(page, person()) == page.get_full_url()


class TestAccepted:
    def test_is_told_once_for_each_mail(self, told):
        someone = person()
        notice = notice_of(published("News"))
        mail = OutgoingMail.objects.create(key="digest:1", person=someone, due_at=notice.at)
        tell_accepted(mail)
        assert told == [(someone.pk, "digest", "accepted", f"accepted:{mail.pk}")]
