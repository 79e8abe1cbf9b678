"""The audience of a collection: who may have its documents and images."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as django_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail import permissions
from wagtail.admin.views.collections import Edit
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Collection

from ..audience_choice import AudienceChoice
from ..audiences import clauses_of
from ..clauses import Clause, Clauses
from ..collection_audiences import collection_audience, inherited_by, set_collection_audience
from ..page_audiences import RESTRICT
from ..wrapping import wrap
from .forms import CollectionAudienceForm
from .status import in_words
from .views import stored_choice


def attach() -> None:
    """A button where a collection is edited: Wagtail has no hook there."""
    wrap(Edit, "get_header_more_buttons", _buttons)


def may_restrict(user: Any, collection: Collection) -> bool:
    """Whoever may restrict, and may change this collection; the root, in which everything lies, has no audience."""
    return (
        not collection.is_root()
        and user.has_perm(RESTRICT)
        and _policy().user_has_permission_for_instance(user, "change", collection)
    )


def _policy() -> Any:
    """Who may change collections: on Wagtail 8 the site may have registered its own policy."""
    registry = getattr(permissions, "policy_registry", None)
    return registry.get_by_type(Collection) if registry else permissions.collection_permission_policy


def _buttons(original: Callable[..., list[Button]], view: Edit) -> list[Button]:
    buttons = original(view)
    if not may_restrict(view.request.user, view.object):
        return buttons
    url = reverse("personalize_targeting:collection_audience", args=[view.object.pk])
    return sorted([*buttons, Button(_("Audience"), url, icon_name="group", priority=45)])


class CollectionAudienceView(WagtailAdminTemplateMixin, FormView):
    """Restrict the files of a collection to people. Takes effect at once."""

    template_name = "wagtail_personalize/targeting/admin/collection_audience.html"
    form_class = CollectionAudienceForm
    header_icon = "group"
    _show_breadcrumbs = True  # Wagtail 7.4 asks for it
    page_title = gettext_lazy("Audience")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_restrict(request.user, self.collection):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def collection(self) -> Collection:
        return get_object_or_404(Collection, pk=self.kwargs["collection_id"])

    @cached_property
    def chosen(self) -> Clauses:
        own = collection_audience(self.collection)
        return clauses_of(own and own.access)

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = {uuid for clause in self.chosen for uuid in clause.segment_uuids}
        return super().get_form_kwargs() | {"user": self.request.user, "may_restrict": True, "chosen": chosen}

    def get_initial(self) -> dict[str, Any]:
        return {"restrict": stored_choice(self.chosen)}

    def form_valid(self, form: CollectionAudienceForm) -> HttpResponse:
        clause = form.clause("restrict")
        if (clause or Clause()) != AudienceChoice.from_raw(stored_choice(self.chosen)).clause:
            set_collection_audience(self.collection, self.request.user, clause)
        words = {"collection": self.collection.name}
        django_messages.success(self.request, _("The audience of “%(collection)s” was saved.") % words)
        return redirect(self.edit_url)

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_collections:edit", args=[self.collection.pk])

    def get_page_subtitle(self) -> str:
        return self.collection.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_collections:index"), "label": _("Collections")},
            {"url": self.edit_url, "label": self.collection.name},
            {"url": "", "label": _("Audience"), "sublabel": self.collection.name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        above = [(found.collection, in_words(clauses_of(found.access))) for found in inherited_by(self.collection)]
        return super().get_context_data(**kwargs) | {
            "restricted_to": in_words(self.chosen),
            "above": above,
            "edit_url": self.edit_url,
        }
