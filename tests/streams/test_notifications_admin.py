"""Notifying people of a page in the admin, and the defaults of segments: with figures, questions and rights."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageLogEntry

from tests.builders import home, person, segment, user
from tests.permissions import allowed
from tests.streams.notifying import afterwards, stored, told
from tests.streams.subscribing import choose
from tests.streams.test_hashtag_admin import signed_in, superuser
from tests.streams.timeline import published
from wagtail_personalize.privacy.recorded import sections
from wagtail_personalize.segments.models import Segment, SegmentCategory
from wagtail_personalize.segments.usage import where_used
from wagtail_personalize.streams.models import MailChoice, Notice, Preference, PreferenceDefault
from wagtail_personalize.streams.notifications import sending
from wagtail_personalize.streams.notifications.models import Mail

pytestmark = pytest.mark.django_db


def view(page):
    return reverse("personalize_notifications:notify", args=[page.pk])


def text(response):
    return response.content.decode()


def post(client, page, **data):
    with afterwards():
        return client.post(view(page), {"whom": "followers", "text": "", **data}, follow=True)


def with_mail(**fields):
    someone = person(**fields)
    someone.email = f"{someone.username}@example.com"
    someone.save()
    return someone


def editor(*permissions, publishes=False):
    """Somebody with these permissions, perhaps also to publish everything."""
    someone = allowed(user(is_staff=True), *permissions)
    if publishes:
        group = Group.objects.create(name="Publishers")
        someone.groups.add(group)
        for name in ("change_page", "publish_page"):
            permission = Permission.objects.get(codename=name)
            GroupPagePermission.objects.create(group=group, page=home(), permission=permission)
    return signed_in(someone)


class TestNotifying:
    def test_says_how_many_it_reaches_before_it_is_sent(self):
        page, finance = published("Figures"), segment("Finance")
        quiet = with_mail()
        Preference.objects.create(person=quiet, event="sent", in_app=True, mail=Mail.NONE)
        MailChoice.objects.create(person=with_mail(), no_mail=True)
        PreferenceDefault.objects.create(segment=finance, event="sent", mail=Mail.NONE)
        for someone in (person(), with_mail(), with_mail(department="Finance")):
            choose(someone, page)
        client = superuser()
        assert "Reaches 3 people: 1 person by e-mail." in text(post(client, page))
        assert "Reaches 5 people: 1 person by e-mail." in text(post(client, page, whom="everybody"))
        assert not Notice.objects.exists()

    def test_tells_followers_or_everybody_with_a_sentence(self):
        page, me, other = published("Figures"), person(), person()
        choose(me, page)
        post(superuser(), page, do="send", text="Read <b>this</b>")
        assert told(me) == [("sent", "Figures")]
        assert stored(other) == []
        assert Notice.objects.get().text == "Read <b>this</b>"
        post(superuser(), page, do="send", whom="everybody")
        assert [event for event, *_ways in stored(other)] == ["sent"]

    def test_asks_once_more_above_a_number_of_people(self, monkeypatch):
        monkeypatch.setattr(sending, "ASK_ABOVE", 1)
        page, people = published("Figures"), [person(), person()]
        for someone in people:
            choose(someone, page)
        client = superuser()
        assert "Say that you are sure" in text(post(client, page, do="send"))
        assert not Notice.objects.exists()
        post(client, page, do="send", sure="yes")
        assert told(people[0]) == [("sent", "Figures")]

    def test_is_logged(self):
        page = published("Figures")
        client = superuser()
        post(client, page, do="send", whom="everybody")
        assert PageLogEntry.objects.filter(page=page.pk, action=sending.LOG_ACTION).count() == 1
        history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
        assert "Notified everybody whom the page concerns" in text(history)

    def test_can_be_stopped_while_it_goes_on(self):
        page, me = published("Figures"), person()
        choose(me, page)
        client = superuser()
        client.post(view(page), {"whom": "followers", "do": "send"})  # the queue is slow
        notice = Notice.objects.get()
        assert f'name="stop" value="{notice.pk}"' in text(client.get(view(page)))
        client.post(view(page), {"stop": notice.pk})
        assert "Stopped" in text(client.get(view(page)))
        assert Notice.objects.get().is_stopped
        assert 'name="stop"' not in text(client.get(view(page)))

    def test_rounds_figures_for_who_may_not_see_members(self):
        page = published("Figures")
        for _number in range(6):
            choose(with_mail(), page)
        asked = text(post(editor("send_notices", publishes=True), page))
        assert "Reaches at least 5 people: at least 5 people by e-mail." in asked
        assert 'name="sure"' in asked

    def test_is_for_those_with_the_permission_who_may_publish_the_page(self):
        page = published("Figures")
        for client in (editor("send_notices"), editor(publishes=True)):
            assert client.get(view(page)).status_code == 302
            assert client.post(view(page), {"whom": "everybody", "do": "send", "sure": "yes"}).status_code == 302
        assert not Notice.objects.exists()

    def test_is_not_for_drafts(self):
        page = published("Figures")
        page.unpublish()
        assert superuser().get(view(page)).status_code == 302

    def test_has_a_button_in_the_editor(self):
        page = published("Figures")
        assert view(page) in text(superuser().get(reverse("wagtailadmin_pages:edit", args=[page.pk])))


class TestDefaults:
    def test_are_kept_for_a_segment(self):
        finance, client = segment("Finance"), superuser()
        sent = {"segment": finance.pk, "event": "news", "mail": Mail.NOW, "position": 1}
        client.post(reverse("personalize_notification_defaults:add"), sent)
        default = PreferenceDefault.objects.get()
        assert (default.segment, default.event, default.in_app, default.mail) == (finance, "news", False, Mail.NOW)
        listed = text(client.get(reverse("personalize_notification_defaults:index")))
        assert "Finance" in listed
        assert "Something new in what I follow" in listed

    def test_are_for_those_with_the_permission(self):
        assert editor().get(reverse("personalize_notification_defaults:index")).status_code == 302
        client = editor("view_preferencedefault")
        assert client.get(reverse("personalize_notification_defaults:index")).status_code == 200
        assert client.get(reverse("personalize_notification_defaults:add")).status_code == 302

    def test_take_only_segments_that_the_editor_may_use(self):
        finance, hr = segment("Finance"), segment("HR")
        closed = SegmentCategory.objects.create(name="Board only")
        closed.groups.add(Group.objects.create(name="Board"))
        Segment.objects.filter(pk=finance.pk).update(category=closed)
        client, add = editor("add_preferencedefault"), reverse("personalize_notification_defaults:add")
        assert "Finance" not in text(client.get(add))
        for one in (finance, hr):
            client.post(add, {"segment": one.pk, "event": "news", "mail": Mail.NOW, "position": 1})
        assert [default.segment for default in PreferenceDefault.objects.all()] == [hr]

    def test_use_the_segment(self):
        finance = segment("Finance")
        PreferenceDefault.objects.create(segment=finance, event="news")
        assert "Something new in what I follow" in [usage.title for usage in where_used(finance)]


class TestRecorded:
    def test_lists_what_somebody_was_told_and_what_they_chose(self):
        page, me = published("Figures"), person()
        choose(me, page)
        Preference.objects.create(person=me, event="sent", in_app=True, mail=Mail.NONE)
        post(superuser(), page, do="send")
        rows = {one.name: one.rows(me) for one in sections() if one.name.startswith("notification")}
        assert [(row.title, row.value) for row in rows["notifications"]] == [("Figures", "unread")]
        assert [row.title for row in rows["notification_preferences"]] == ["An editor notifies me"]
        page.unpublish()
        rows = {one.name: one.rows(me) for one in sections() if one.name == "notifications"}
        assert "Figures" not in str(rows)
