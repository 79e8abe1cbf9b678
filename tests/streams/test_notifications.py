"""Who is told of what: once, as they want it, and only of what they may see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.builders import person, segment, user
from wagtail_personalize.privacy.retention import purge_all
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams.models import Hashtag, Notice, Notification, Preference, PreferenceDefault
from wagtail_personalize.streams.notifications import fan_out as fan_out_module
from wagtail_personalize.streams.notifications.fan_out import fan_out
from wagtail_personalize.streams.notifications.load import beyond_cap
from wagtail_personalize.streams.notifications.models import Mail
from wagtail_personalize.streams.notifications.reading import for_mail, number_unread, pages_of, waiting_for_digest
from wagtail_personalize.streams.notifications.telling import quietly, stop, tell
from wagtail_personalize.streams.subscribing.models import Level
from wagtail_personalize.streams.timeline.must_know import mark
from wagtail_personalize.targeting.audiences import Clause
from wagtail_personalize.targeting.page_audiences import set_page_audience

from .notifying import afterwards, publish, stored, told, told_unread
from .subscribing import change, choose, rule
from .timeline import published, translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return person(department="Finance")


@pytest.fixture
def topic():
    return published("Topic")


def restrict(page, to):
    set_page_audience(page, user(is_superuser=True), {Clause.of([to])}, frozenset())


def tomorrow():
    return timezone.now() + timedelta(days=1)


class TestPublishing:
    def test_tells_those_who_follow_and_nobody_else(self, topic, me):
        other = person(department="IT")
        choose(me, topic)
        publish("News", parent=topic)
        assert told(me) == [("news", "News")]
        assert stored(me) == [("news", True, Mail.DIGEST)]
        assert stored(other) == []

    def test_tells_who_wants_everything_at_once(self, topic, me):
        choose(me, topic, Level.ALL)
        publish("News", parent=topic)
        assert stored(me) == [("all", True, Mail.NOW)]

    def test_tells_once_whatever_brings_it_and_the_strongest_level_counts(self, topic, me):
        author = user()
        choose(me, topic)
        choose(me, author, Level.ALL)
        publish("News", parent=topic, owner=author)
        assert stored(me) == [("all", True, Mail.NOW)]

    @pytest.mark.parametrize("level", [Level.MUTED, Level.OFF])
    def test_tells_nobody_who_muted_or_left_it(self, topic, me, level):
        choose(me, topic)
        choose(me, topic, level)
        publish("News", parent=topic)
        assert stored(me) == []

    def test_does_not_tell_the_author_nor_who_is_locked_out(self, topic, me):
        out = person()
        for someone in (me, out):
            choose(someone, topic)
        out.is_active = False
        out.save()
        publish("News", parent=topic, owner=me)
        assert not Notification.objects.exists()

    def test_tells_nothing_again_when_it_is_published_again_or_in_another_language(self, topic, me):
        choose(me, topic)
        page = publish("News", parent=topic)
        Notice.objects.all().delete()
        with afterwards():
            page.save_revision().publish()
            page.unpublish()
            page.save_revision().publish()
            translated(page)
            page.create_alias(parent=topic, update_slug="alias")
            page.copy(update_attrs={"slug": "copy", "first_published_at": page.first_published_at.replace(year=2020)})
        assert stored(me) == []

    def test_costs_republications_nothing(self, topic, me, django_assert_num_queries):
        from wagtail_personalize.streams.notifications.publishing import tell_published

        page = publish("News", parent=topic)
        page.save_revision().publish()
        page.refresh_from_db()
        with django_assert_num_queries(0):
            tell_published(page)

    def test_of_old_content_can_be_quiet(self, topic, me):
        choose(me, topic)
        with quietly():
            publish("News", parent=topic)
        assert not Notice.objects.exists()


class TestDoor:
    def test_tells_nobody_who_may_not_see_it_also_not_later(self, topic, me):
        finance, other = segment("Finance"), person(department="IT")
        restrict(topic, finance)
        for someone in (me, other):
            choose(someone, topic)
        publish("News", parent=topic)
        assert told(me) == [("news", "News")]
        change(other, department="Finance")
        assert stored(other) == []

    def test_asks_wagtails_own_privacy_when_it_writes(self, topic, me):
        group, other = Group.objects.create(name="Board"), person()
        restriction = PageViewRestriction.objects.create(page=topic, restriction_type="groups")
        restriction.groups.add(group)
        me.groups.add(group)
        for someone in (me, other):
            choose(someone, topic)
        publish("News", parent=topic)
        assert told(me) == [("news", "News")]
        other.groups.add(group)
        assert stored(other) == []

    def test_hides_and_does_not_count_what_was_closed_since(self, topic, me):
        choose(me, topic)
        page = publish("News", parent=topic)
        notices = list(Notice.objects.all())
        assert number_unread(Viewer.for_person(me)) == 1
        restrict(page, segment("IT"))
        viewer = Viewer.for_person(me)
        assert told(me) == []
        assert number_unread(viewer) == 0
        assert pages_of(notices, viewer) == for_mail(notices, viewer) == {}

    def test_hides_what_is_not_live(self, topic, me):
        choose(me, topic)
        publish("News", parent=topic).unpublish()
        assert told(me) == []

    def test_shows_nothing_in_a_preview(self, topic, me):
        choose(me, topic)
        publish("News", parent=topic)
        assert number_unread(Viewer.for_person(me, is_preview=True)) == 0
        assert number_unread(Viewer.anonymous()) == 0


class TestPreferences:
    def test_of_a_person_count(self, topic, me):
        other = person()
        for someone in (me, other):
            choose(someone, topic)
        Preference.objects.create(person=me, event="news", in_app=False, mail=Mail.NOW)
        Preference.objects.create(person=other, event="news", in_app=False, mail=Mail.NONE)
        publish("News", parent=topic)
        assert stored(me) == [("news", False, Mail.NOW)]
        assert told(me) == stored(other) == []

    def test_of_segments_count_in_order_for_who_chose_nothing(self, topic, me):
        it, own = person(department="IT", level=3), person(department="Finance")
        everybody = {"all": [{"attribute": "level", "operator": "gte", "value": 0}]}
        finance, everybody = segment("Finance"), segment("Everybody", everybody)
        PreferenceDefault.objects.create(segment=everybody, event="news", in_app=False, mail=Mail.NONE, position=2)
        PreferenceDefault.objects.create(segment=finance, event="news", in_app=True, mail=Mail.NOW, position=1)
        Preference.objects.create(person=own, event="news", in_app=True, mail=Mail.NONE)
        for someone in (me, it, own):
            choose(someone, topic)
        publish("News", parent=topic)
        assert stored(me) == [("news", True, Mail.NOW)]
        assert stored(own) == [("news", True, Mail.NONE)]
        assert stored(it) == []

    def test_never_keep_a_must_know_page_out_of_the_bell(self, topic, me):
        Preference.objects.create(person=me, event="must_know", in_app=False, mail=Mail.NONE)
        with afterwards():
            mark(topic, tomorrow(), user(is_superuser=True))
        assert stored(me) == [("must_know", True, Mail.NONE)]


class TestMustKnow:
    def test_reaches_everybody_whom_it_concerns(self, topic, me):
        other = person(department="IT")
        restrict(topic, segment("Finance"))
        with afterwards():
            mark(topic, tomorrow(), user(is_superuser=True))
        assert stored(me) == [("must_know", True, Mail.NOW)]
        assert stored(other) == []

    def test_takes_the_place_of_unread_news_of_the_same_page(self, topic, me):
        choose(me, topic)
        page = publish("News", parent=topic)
        with afterwards():
            mark(page, tomorrow(), user(is_superuser=True))
        assert told_unread(me) == ["News"]
        assert waiting_for_digest([me.pk]) == {}

    def test_page_that_is_published_is_told_as_such_only(self, topic, me):
        choose(me, topic)
        page = publish("News", parent=topic, go_live_at=tomorrow())
        mark(page, tomorrow() + timedelta(days=1), user(is_superuser=True))
        assert stored(me) == []
        page.go_live_at = None
        with afterwards():
            page.save_revision().publish()
        assert stored(me) == [("must_know", True, Mail.NOW)]

    def test_is_told_again_only_when_it_is_marked_anew(self, topic, me):
        for _time in range(2):
            with afterwards():
                mark(topic, tomorrow(), user(is_superuser=True))
        assert len(stored(me)) == 1
        with afterwards():
            mark(topic, None, user(is_superuser=True))
            mark(topic, tomorrow(), user(is_superuser=True))
        assert len(stored(me)) == 2
        assert len(told_unread(me)) == 1


class TestSubscribed:
    def test_is_told_once_for_each_source_in_the_bell_only(self, topic, me):
        finance = segment("Finance")
        with afterwards():
            rule(finance, topic)
        assert stored(me) == [("subscribed", True, Mail.NONE)]
        assert told(me) == [("subscribed", "Topic")]
        with afterwards():
            rule(finance, topic, grace_days=7)
            change(me, level=3)
        call_command("refresh_notifications", verbosity=0)
        assert len(stored(me)) == 1

    def test_is_told_to_who_joins_later(self, topic, me):
        with afterwards():
            rule(segment("Finance"), topic)
        other = person(department="IT")
        with afterwards():
            change(other, department="Finance")
        assert told(other) == [("subscribed", "Topic")]

    def test_is_not_told_to_who_followed_already(self, topic, me):
        choose(me, topic)
        with afterwards():
            rule(segment("Finance"), topic)
        assert stored(me) == []

    def test_of_a_source_that_is_gone_or_closed_is_not_shown(self, topic, me):
        with afterwards():
            rule(segment("Finance"), topic)
        restrict(topic, segment("IT"))
        assert told(me) == []
        topic.delete()
        assert told(me) == []


class TestWork:
    def test_that_was_killed_is_finished_later(self, topic, me):
        choose(me, topic)
        published("News", parent=topic)  # the task got lost
        assert stored(me) == []
        call_command("refresh_notifications", verbosity=0)
        call_command("refresh_notifications", verbosity=0)
        assert stored(me) == [("news", True, Mail.DIGEST)]
        assert Notice.objects.get().is_complete

    def test_goes_on_where_rows_are_missing(self, topic, me, monkeypatch):
        people = [me, *(person() for _number in range(6))]
        for someone in people:
            choose(someone, topic)
        published("News", parent=topic)
        notice = Notice.objects.get()
        monkeypatch.setattr(fan_out_module, "FEW", 1)
        monkeypatch.setattr(fan_out_module, "AT_ONCE", 2)
        Notification.objects.create(person=people[3], notice=notice, is_read=True)
        assert fan_out(notice.pk) == 6
        assert fan_out(notice.pk) == 0
        assert Notification.objects.filter(notice=notice).count() == 7
        assert Notification.objects.filter(is_read=True).count() == 1

    def test_stops(self, topic, me):
        choose(me, topic)
        published("News", parent=topic)
        notice = Notice.objects.get()
        assert stop(notice)
        assert not stop(notice)
        assert fan_out(notice.pk) == 0
        assert stored(me) == []

    def test_asks_as_much_for_many_as_for_few(self, topic, me):
        def queries(title):
            published(title, parent=topic)
            with CaptureQueriesContext(connection) as context:
                fan_out(Notice.objects.latest("pk").pk)
            return len(context)

        choose(me, topic)
        queries("The first of the day")
        one = queries("One")
        for _number in range(20):
            choose(person(), topic)
        assert queries("Many") == one

    def test_forgets_after_90_days(self, topic, me):
        choose(me, topic)
        publish("News", parent=topic)
        Notice.objects.update(at=timezone.now() - timedelta(days=91))
        dict(purge_all())
        assert not Notification.objects.exists()


class TestLoad:
    @pytest.fixture(autouse=True)
    def cap(self, settings):
        settings.WAGTAIL_PERSONALIZE = settings.WAGTAIL_PERSONALIZE | {"MESSAGES_PER_WEEK": 2}

    def test_beyond_the_cap_waits_for_the_digest(self, topic, me):
        choose(me, topic, Level.ALL)
        for number in range(4):
            publish(f"News {number}", parent=topic)
        assert [mail for _event, _in_app, mail in stored(me)] == [Mail.NOW, Mail.NOW, Mail.DIGEST, Mail.DIGEST]
        assert len(waiting_for_digest([me.pk])[me.pk]) == 2

    def test_counts_seven_days(self, topic, me):
        choose(me, topic, Level.ALL)
        for number in range(2):
            publish(f"News {number}", parent=topic)
        Notice.objects.update(at=timezone.now() - timedelta(days=8))
        publish("News", parent=topic)
        assert stored(me)[-1] == ("all", True, Mail.NOW)

    def test_neither_counts_nor_holds_back_must_know_pages(self, topic, me):
        choose(me, topic, Level.ALL)
        for number in range(3):
            page = publish(f"News {number}", parent=topic)
            with afterwards():
                mark(page, tomorrow(), user(is_superuser=True))
        assert [mail for event, _in_app, mail in stored(me) if event == "must_know"] == [Mail.NOW] * 3
        assert beyond_cap([me.pk]) == set()

    def test_of_editors_counts_although_it_is_not_mailed(self, topic, me):
        Preference.objects.create(person=me, event="sent", in_app=True, mail=Mail.NONE)
        with afterwards():
            for number in range(3):
                tell("sent", str(number), translation_key=topic.translation_key, to_everybody=True)
        assert beyond_cap([me.pk]) == {me.pk}


class TestReading:
    def test_shows_a_page_in_the_language_of_the_reader(self, topic, me):
        from django.utils import translation

        choose(me, topic)
        page = publish("News", parent=topic)
        german = translated(page)
        german.title = "Neues"
        german.save_revision().publish()
        assert told(me) == [("news", "News")]
        with translation.override("de"):
            assert told(me) == [("news", "Neues")]

    def test_gives_a_digest_only_what_is_unread_and_was_never_mailed(self, topic, me):
        choose(me, topic)
        for number in range(3):
            publish(f"News {number}", parent=topic)
        first, second, third = Notification.objects.order_by("pk").values_list("pk", flat=True)
        Notification.objects.filter(pk=first).update(is_read=True)
        Notification.objects.filter(pk=second).update(is_mailed=True)
        assert [notice.pk for notice in waiting_for_digest([me.pk])[me.pk]] == [
            Notification.objects.get(pk=third).notice_id
        ]

    def test_knows_hashtags(self, topic, me):
        published("#safety first", parent=topic)
        choose(me, Hashtag.objects.get())
        publish("More #safety")
        assert told(me) == [("news", "More #safety")]
