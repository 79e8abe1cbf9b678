"""Choosing as whom to see the live site, and being oneself again."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .. import view_as
from ..page_tree import page_model
from ..preview_modes import ModeGroup, grouped_modes
from ..preview_people import colleagues_named, may_preview_people
from ..preview_rights import is_editor, worked_on_by
from ..preview_viewers import SEPARATOR, PreviewRefused, split_mode

EVERYONE = "everyone"


class ViewAsView(WagtailAdminTemplateMixin, TemplateView):
    """Everybody as whom one may see a page; choosing leads to that page. Works without JavaScript."""

    template_name = "wagtail_personalize/targeting/admin/view_as.html"
    header_icon = "view"
    _show_breadcrumbs = True  # Wagtail 7.4 asks for it
    page_title = gettext_lazy("View as")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_editor(request.user) or not view_as.is_offered():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Any:
        """A page that the editor works on; others they can only see as themselves."""
        page = get_object_or_404(page_model(), pk=self.kwargs["page_id"], live=True)
        if not worked_on_by(self.request.user).filter(pk=page.pk).exists() or not page.url:
            raise Http404
        return page.specific

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": _("View as"), "sublabel": self.get_page_subtitle()}]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response, whom = redirect(self.page.url), request.POST.get("whom", "")
        try:
            split_mode(f"{SEPARATOR}{whom}", None, request.user)
        except PreviewRefused as refused:
            messages.error(request, refused.sentence)
            return redirect(request.path)
        view_as.begin(request, response, whom)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_people = may_preview_people(self.request.user)
        text = self.request.GET.get("q", "").replace("\0", " ").strip() if may_people else ""
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "groups": self._groups(),
            "may_people": may_people,
            "text": text,
            "colleagues": colleagues_named(self.request.user, text),
        }

    def _groups(self) -> list[ModeGroup]:
        """As the preview offers them, once, by what stands behind the separator."""
        user = self.request.user
        found = [ModeGroup("", [(EVERYONE, _("As everyone")), ("anonymous", _("As somebody not signed in"))])]
        for group in grouped_modes(self.page, user=user)[1:]:
            modes = [(name.partition(SEPARATOR)[2], label) for name, label in group.modes if SEPARATOR in name]
            if modes and not {name for name, _label in modes} & {name for g in found for name, _label in g.modes}:
                found.append(ModeGroup(group.heading.rpartition(": ")[2], modes))
        return found


@require_POST
def end_view_as(request: HttpRequest) -> HttpResponse:
    """Be oneself again, on the page where one was."""
    where = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure()):
        where = "/"
    response = redirect(where)
    view_as.end(request, response)
    return response
