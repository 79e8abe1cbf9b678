"""The audience of many pages at once, from the explorer. Asks first when that lets in other people than before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from ..audiences import clauses_of
from ..clauses import Clauses
from ..models import PageAudience
from ..page_audiences import set_page_audience
from .forms import PageAudienceForm
from .status import in_words
from .views import RESTRICT

_FOLDER = "wagtail_personalize/targeting/admin"


class BulkAudienceForm(PageAudienceForm):
    """Both kinds of audience; what is not ticked stays as each page has it."""

    change_recommend = forms.BooleanField(
        label=gettext_lazy("Change to whom the pages are recommended"), required=False
    )
    change_restrict = forms.BooleanField(label=gettext_lazy("Change who may open the pages"), required=False)
    #: Sent along by the page that asks.
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ["change_recommend", "recommend", "change_restrict", "restrict", "confirmed"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change_restrict"].disabled = not self.may_restrict

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("change_recommend") or cleaned.get("change_restrict")):
            raise forms.ValidationError(_("Tick what you want to change."), code="nothing")
        return cleaned

    def chosen_clauses(self, name: str) -> Clauses | None:
        """What was chosen for all pages; ``None``: each keeps its own."""
        if not self.cleaned_data[f"change_{name}"]:
            return None
        clause = self.clause(name)
        return frozenset([clause] if clause else ())

    @property
    def parts(self) -> Iterable[tuple[Any, Any]]:
        """Each tick with the choice that belongs to it."""
        return ((self[f"change_{name}"], self[name]) for name in ("recommend", "restrict"))


@dataclass(frozen=True)
class Change:
    """What becomes of the restriction of one page."""

    page: Model
    before: Clauses
    after: Clauses

    @property
    def before_words(self) -> str:
        return in_words(self.before) or _("Everyone")

    @property
    def after_words(self) -> str:
        return in_words(self.after) or _("Everyone")

    @property
    def kind(self) -> str:
        if self.after > self.before:
            return _("Fewer people may open it")
        return _("More people may open it") if self.after < self.before else _("Other people may open it")


class AudienceBulkAction(PageBulkAction):
    """*Set audience*. Restricting needs the permission to restrict pages; each page is logged."""

    display_name = gettext_lazy("Set audience")
    aria_label = gettext_lazy("Set the audience of selected pages")
    action_type = "personalize_audience"
    action_priority = 60
    form_class = BulkAudienceForm
    template_name = f"{_FOLDER}/bulk_audience.html"

    def check_perm(self, page: Any) -> bool:
        return not page.is_root() and page.permissions_for_user(self.request.user).can_publish()

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        return super().get_form_kwargs() | {"user": user, "may_restrict": user.has_perm(RESTRICT)}

    def prepare_action(self, objects: Sequence[Model], objects_without_access: Any) -> HttpResponse | None:
        """Ask when restrictions change, and show for each page how."""
        self.own = _own_choices(objects)
        restrict = self.cleaned_form.chosen_clauses("restrict")
        if restrict is None or self.cleaned_form.cleaned_data["confirmed"]:
            return None
        changes = [Change(page, self._own(page)[0], restrict) for page in objects]
        changes = [change for change in changes if change.before != change.after]
        if not changes:
            return None
        context = {"changes": changes, "sent": self._sent(), "next": self.next_url}
        context["submit_url"] = self.request.get_full_path()
        return TemplateResponse(self.request, f"{_FOLDER}/confirm_bulk_audience.html", context)

    def get_execution_context(self) -> dict[str, Any]:
        return super().get_execution_context() | {
            "restrict": self.cleaned_form.chosen_clauses("restrict"),
            "recommend": self.cleaned_form.chosen_clauses("recommend"),
        }

    @classmethod
    def execute_action(
        cls,
        objects: Sequence[Model],
        restrict: Clauses | None = None,
        recommend: Clauses | None = None,
        user: Any = None,
        **kwargs: Any,
    ) -> tuple[int, int]:
        """Choose for all ``objects``; ``None`` leaves each page what it has."""
        own = _own_choices(objects)
        for page in objects:
            had = own.get(page.translation_key, (frozenset(), frozenset()))
            chosen = (mine if given is None else given for given, mine in zip((restrict, recommend), had, strict=True))
            set_page_audience(page.specific_deferred, user, *chosen)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "The audience of %(number)d page was saved.",
            "The audience of %(number)d pages was saved.",
            num_parent_objects,
        ) % {"number": num_parent_objects}

    def _own(self, page: Any) -> tuple[Clauses, Clauses]:
        return self.own.get(page.translation_key, (frozenset(), frozenset()))

    def _sent(self) -> list[tuple[str, str]]:
        post = self.request.POST
        names = [name for name in post if name not in ("csrfmiddlewaretoken", "confirmed")]
        return [(name, value) for name in names for value in post.getlist(name)]


def _own_choices(pages: Iterable[Any]) -> dict[Any, tuple[Clauses, Clauses]]:
    """What was chosen for each page itself: who may open it, and to whom it is recommended."""
    rows = PageAudience.objects.filter(translation_key__in={page.translation_key for page in pages})
    return {
        row.translation_key: (clauses_of(row.access), clauses_of(row.recommendation))
        for row in rows.select_related("access", "recommendation")
    }
