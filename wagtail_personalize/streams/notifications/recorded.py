"""What a person was told, and how they want to be told, on the page "What is recorded about me"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment
from wagtail_personalize.segments.viewer import Viewer

from .events import event_called
from .models import Notice, Notification, Preference
from .reading import for_mail


def _label(name: str) -> str:
    event = event_called(name)
    return str(event.label) if event else name


@register_recorded
class NotificationsSection(Section):
    name = "notifications"
    title = gettext_lazy("What you were told of")
    purpose = gettext_lazy("So that what is new waits for you until you have read it. Nobody else can see that.")
    retention = gettext_lazy("90 days.")
    models = ("personalize_streams.Notification", "personalize_streams.Notice")
    order = 430

    def rows(self, person: Any) -> list[Row]:
        rows = list(Notification.objects.filter(person=person).select_related("notice").order_by("-notice"))
        told = for_mail((row.notice for row in rows), Viewer.for_person(person))
        sent = list(Notice.objects.filter(by=person).order_by("-pk"))
        return [self._received(row, told.get(row.notice_id)) for row in rows] + [
            self._caused(notice) for notice in sent
        ]

    def _caused(self, notice: Notice) -> Row:
        more = [(_("When"), said_moment(notice.at)), (_("Text"), notice.text)]
        return Row(_label(notice.event), _("You caused it"), more)

    def _received(self, row: Notification, told: Any) -> Row:
        """What somebody may not see any more is not called by its name."""
        return Row(
            told.title if told else _("Something that you cannot see at present"),
            _("read") if row.is_read else _("unread"),
            [
                (_("Event"), _label(row.notice.event)),
                (_("When"), said_moment(row.notice.at)),
                (_("By e-mail"), row.get_mail_display()),
            ],
        )


@register_recorded
class PreferencesSection(Section):
    name = "notification_preferences"
    title = gettext_lazy("How you want to be told of things")
    purpose = gettext_lazy("So that things reach you as you want.")
    retention = gettext_lazy("As long as your account exists, or until you reset it.")
    models = ("personalize_streams.Preference",)
    order = 431

    def rows(self, person: Any) -> list[Row]:
        return [
            Row(
                _label(row.event),
                row.get_mail_display(),
                [(_("In the bell"), _("yes") if row.in_app else _("no"))],
            )
            for row in Preference.objects.filter(person=person).order_by("event")
        ]
