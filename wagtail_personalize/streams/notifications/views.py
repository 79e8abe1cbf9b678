"""The list of notifications, what is done in it, and the choice of what reaches somebody how."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for

from ..mailing.models import MailChoice
from ..pages.changing import ChangingView
from ..pages.missing import missing
from .bell import bell
from .channels import came_by
from .forms import ChannelsForm, MailChoiceForm
from .own_choice import keep, reset, what_holds
from .reading import Entry, Part, entry_of, number_unread, part
from .seeing import mark_all_read, mark_read

_FOLDER = "wagtail_personalize/streams/notifications"


@method_decorator(never_cache, name="dispatch")
class NotificationsView(LoginRequiredMixin, View):
    """Everybody sees their own, the newest first. ``?after=`` goes on; htmx gets the entries alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request)
        after, day = _number(request.GET.get("after", "")), request.GET.get("day", "")
        found = part(viewer, after)
        context = {
            "days": list(_days(found.entries)),
            "day_before": day if after else "",
            "more_url": _more_url(found),
            "is_first": after is None,
            "is_more": after is not None,
            "has_unread": after is None and number_unread(viewer) > 0,
            "next_url": request.get_full_path(),
        }
        if after is not None and request.headers.get("HX-Request") == "true":
            return render(request, f"{_FOLDER}/entries.html", context)
        return render(request, f"{_FOLDER}/list.html", context)


class _ChangingNotifications(ChangingView):
    """Back to the list, unless the form says where it stood."""

    default_url = "wagtail_personalize:notifications"

    def back(self) -> str:
        return super().back() if self.request.POST.get("next") else reverse(self.default_url)


class OpenView(_ChangingNotifications):
    """Mark one as read and go on to what it is about."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        viewer = viewer_for(request)
        entry = entry_of(viewer, pk)
        if entry is None:
            return missing(request)
        mark_read(viewer.person_id, entry)
        return redirect(came_by(entry.told.url, "bell") if entry.told.url else self.back())


class ReadView(_ChangingNotifications):
    """Mark one as read. With htmx the entry and the bell are put in their places anew."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        viewer = viewer_for(request)
        entry = entry_of(viewer, pk)
        if entry is None:
            return missing(request)
        mark_read(viewer.person_id, entry)
        if not self.wants_fragment:
            return redirect(self.back())
        context = {"entry": Entry(entry.pk, entry.told, True), "next_url": self.back(), "is_alone": True}
        return render(request, f"{_FOLDER}/entry.html", context | {"bell": bell(viewer)})


class ReadAllView(_ChangingNotifications):
    """Mark everything as read that is older than the page on which the button stood."""

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request)
        if viewer.person_id is None:
            return missing(request)
        mark_all_read(viewer.person_id, _number(request.POST.get("until", "")))
        messages.success(request, _("All notifications are marked as read."))
        return redirect(self.back())


@method_decorator(never_cache, name="dispatch")
class BellView(LoginRequiredMixin, View):
    """The bell alone, for pages that are kept for many people."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, f"{_FOLDER}/bell.html", bell(viewer_for(request)))


class PreferencesView(_ChangingNotifications):
    """What reaches me how. ``do=reset`` forgets everything that I chose."""

    http_method_names = ["get", "head", "post"]
    default_url = "wagtail_personalize:notification_preferences"

    def get(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_for(request)
        viewer.mark()
        return self._page(*self._forms(viewer.person_id))

    def post(self, request: HttpRequest) -> HttpResponse:
        person_id = viewer_for(request).person_id
        if person_id is None:
            return missing(request)
        if request.POST.get("do") == "reset":
            reset(person_id)
            messages.success(request, _("Everything is as it was before you chose."))
            return redirect(self.back())
        channels, mails = self._forms(person_id, request.POST)
        if not (channels.is_valid() and mails.is_valid()):
            return self._page(channels, mails)
        keep(person_id, channels.holds, channels.wanted)
        if mails.has_changed():
            mails.save()
        messages.success(request, _("Saved."))
        return redirect(self.back())

    def _forms(self, person_id: Any, data: Any = None) -> tuple[ChannelsForm, MailChoiceForm]:
        choice = MailChoice.objects.filter(person=person_id).first() or MailChoice(person_id=person_id)
        return ChannelsForm(data, holds=what_holds(viewer_for(self.request))), MailChoiceForm(data, instance=choice)

    def _page(self, channels: ChannelsForm, mails: MailChoiceForm) -> HttpResponse:
        return render(self.request, f"{_FOLDER}/preferences.html", {"channels": channels, "mails": mails})


def _days(entries: Iterable[Entry]) -> Iterable[tuple[Any, list[Entry]]]:
    """The entries by local day."""
    for day, some in groupby(entries, key=lambda entry: timezone.localdate(entry.told.notice.at)):
        yield day, list(some)


def _more_url(found: Part) -> str:
    if found.after is None:
        return ""
    day = timezone.localdate(found.entries[-1].told.notice.at).isoformat() if found.entries else ""
    return f"{reverse('wagtail_personalize:notifications')}?after={found.after}&day={day}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
