"""Switching off what a mail offers to switch off: for whoever holds it, without signing in (RFC 8058).

Opening the address changes nothing. A token that is forged, too old or of somebody who is gone is answered like any
other, so the answer tells nothing.
"""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from wagtail_personalize.segments.viewer import viewer_for

from ..notifications.events import event_called
from ..notifications.models import Mail, Preference
from .addresses import DIGEST, Wish, full, wish_in
from .models import Digest, MailChoice


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class UnsubscribeView(View):
    """The token is all that is needed, also for the mail program that posts by itself."""

    http_method_names = ["get", "head", "post"]
    template_name = "wagtail_personalize/streams/unsubscribe.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(request, is_done=False)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        wish = wish_in(token)
        if wish is not None:
            switch_off(wish)
        return self._page(request, is_done=True)

    def _page(self, request: HttpRequest, is_done: bool) -> HttpResponse:
        viewer_for(request).mark()
        answer = render(
            request, self.template_name, {"is_done": is_done, "preferences_url": full("", "notification_preferences")}
        )
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer


def switch_off(wish: Wish) -> None:
    """From now on; may be done again."""
    people = get_user_model()._default_manager
    try:
        person = people.filter(pk=wish.person_id).first()
    except (ValueError, ValidationError):
        return
    if person is None:
        return
    with transaction.atomic():
        if wish.scope == DIGEST:
            MailChoice.objects.update_or_create(person=person, defaults={"digest": Digest.OFF})
        elif event := event_called(wish.scope):
            Preference.objects.update_or_create(
                person=person,
                event=event.name,
                defaults={"mail": Mail.NONE},
                create_defaults={"mail": Mail.NONE, "in_app": event.in_app},
            )
