"""Reviewing many hashtags at once: approve, block, or let them stand for another one.

Each action shows first which hashtags it is about and on how many pages they are. What is so already stays as it is and
is not counted; everything that changes is logged.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.log_actions import LogFormatter, log

from wagtail_personalize.people.folding import text_hash

from ..hashtags import key_of
from ..models import Hashtag
from .hashtag_filters import HashtagFilterSet

CHANGE = "personalize_streams.change_hashtag"
REVIEWED, BLOCKED, MERGED = (f"wagtail_personalize.hashtag_{what}" for what in ("reviewed", "blocked", "merged"))


class HashtagBulkAction(BulkAction):
    """What the three have in common; ``change`` does it for one hashtag."""

    models = [Hashtag]
    template_name = "wagtail_personalize/streams/admin/bulk_hashtags.html"
    log_action = ""
    #: What the page asks, and what its button says.
    question = submit_words = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @classmethod
    def get_queryset(cls, model: type[Hashtag], object_ids: Sequence[Any]) -> QuerySet[Hashtag]:
        found = Hashtag.objects.filter(pk__in=[key for key in object_ids if str(key).isdecimal()])
        return found.select_related("synonym_of").annotate(pages=Count("uses"))

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet:
        """All that the list shows, with its filters and its search."""
        found = HashtagFilterSet(self.request.GET, queryset=Hashtag.objects.all(), request=self.request).qs
        if typed := self.request.GET.get("q"):
            found = found.filter(Q(label__icontains=typed) | Q(key__icontains=typed))
        return found.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        hashtags = [one["item"] for one in context["items"]]
        number = sum(hashtag.pages for hashtag in hashtags)
        words = ngettext("%(number)d use on a page", "%(number)d uses on pages", number) % {"number": number}
        return context | {"hashtags": hashtags, "uses": words, "action": self, "form": context.get("form")}

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user, "into": self.cleaned_form.cleaned_data.get("into")}

    @classmethod
    def execute_action(cls, objects: Sequence[Hashtag], user: Any = None, **chosen: Any) -> tuple[int, int]:
        changed = 0
        for hashtag in objects:
            if cls.change(hashtag, **chosen):
                changed += 1
                into = chosen.get("into")
                log(instance=hashtag, action=cls.log_action, user=user, data={"into": str(into)} if into else {})
        return changed, 0

    @classmethod
    def change(cls, hashtag: Hashtag, into: Hashtag | None = None) -> bool:
        """Do it; says whether anything changed."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(number)d hashtag was changed.", "%(number)d hashtags were changed.", num_parent_objects) % {
            "number": num_parent_objects
        }


class ReviewBulkAction(HashtagBulkAction):
    display_name = gettext_lazy("Approve")
    aria_label = gettext_lazy("Approve the selected hashtags for the trending ones")
    action_type = "personalize_review"
    action_priority = 10
    log_action = REVIEWED
    question = gettext_lazy("May these hashtags appear among the trending ones?")
    submit_words = gettext_lazy("Yes, approve")

    @classmethod
    def change(cls, hashtag: Hashtag, into: Hashtag | None = None) -> bool:
        return bool(Hashtag.objects.filter(pk=hashtag.pk, reviewed=False).update(reviewed=True))


class BlockBulkAction(HashtagBulkAction):
    display_name = gettext_lazy("Block")
    aria_label = gettext_lazy("Block the selected hashtags")
    action_type = "personalize_block"
    action_priority = 20
    classes = {"serious"}
    log_action = BLOCKED
    question = gettext_lazy("Block these hashtags? They become plain text, without a page, and are suggested nowhere.")
    submit_words = gettext_lazy("Yes, block")

    @classmethod
    def change(cls, hashtag: Hashtag, into: Hashtag | None = None) -> bool:
        if hashtag.blocked:
            return False
        hashtag.blocked = True
        hashtag.save()
        return True


class MergeForm(forms.Form):
    into = forms.CharField(
        label=gettext_lazy("They stand for"),
        max_length=65,
        help_text=gettext_lazy("A hashtag that exists. Who follows the others follows this one then."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_into(self) -> Hashtag:
        hashtag = Hashtag.objects.filter(digest=text_hash(key_of(self.cleaned_data["into"]))).first()
        if hashtag is None:
            raise forms.ValidationError(_("There is no such hashtag."))
        if hashtag.synonym_of_id or hashtag.blocked:
            raise forms.ValidationError(_("That hashtag is blocked or stands for another one itself. Choose another."))
        return hashtag


class MergeBulkAction(HashtagBulkAction):
    display_name = gettext_lazy("Merge into…")
    aria_label = gettext_lazy("Let the selected hashtags stand for another one")
    action_type = "personalize_merge"
    action_priority = 30
    form_class = MergeForm
    log_action = MERGED
    question = gettext_lazy("Which hashtag shall these stand for? Their pages then appear under that one.")
    submit_words = gettext_lazy("Merge")

    @classmethod
    def change(cls, hashtag: Hashtag, into: Hashtag | None = None) -> bool:
        if into is None or hashtag.pk == into.pk or hashtag.synonym_of_id == into.pk:
            return False
        hashtag.synonym_of = into
        hashtag.save()
        return True


class MergedFormatter(LogFormatter):
    """A sentence with the other hashtag as it was called then."""

    label = gettext_lazy("Merge hashtag")

    def format_message(self, log_entry: Any) -> str:
        return _("Stands for %(hashtag)s") % {"hashtag": (log_entry.data or {}).get("into", "?")}
