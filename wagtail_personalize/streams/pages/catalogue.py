"""Everything that can be followed, by kind, with a search."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from wagtail_personalize.segments.viewer import viewer_for

from ..follow_control import controls
from ..sources.kinds import SourceKind, kind_called, kinds
from ..subscribing.reading import suggested_to

PER_PAGE = 24
LONGEST_SEARCH = 100


@method_decorator(never_cache, name="dispatch")
class CatalogueView(LoginRequiredMixin, TemplateView):
    """``?kind=hashtag&q=news``: only what exists for whoever asks."""

    template_name = "wagtail_personalize/streams/catalogue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = viewer_for(self.request)
        viewer.mark()
        typed = self.request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "").strip()
        kind = kind_called(self.request.GET.get("kind", "")) or kinds()[0]
        page = Paginator(kind.offered(viewer, typed), PER_PAGE).get_page(self.request.GET.get("page"))
        found = kind.found(list(page.object_list), viewer)
        sources = [found[key] for key in page.object_list if key in found]
        here = self.request.get_full_path()
        suggested = [] if typed or page.number > 1 else suggested_to(viewer, 6)
        return super().get_context_data(
            kinds=[(one, _query(one, typed), one is kind) for one in kinds()],
            kind=kind,
            typed=typed,
            page=page,
            query=_query(kind, typed),
            controls=controls(sources, viewer, next_url=here),
            suggested=controls(suggested, viewer, next_url=here),
            **kwargs,
        )


def _query(kind: SourceKind, typed: str) -> str:
    return urlencode({"kind": kind.name} | ({"q": typed} if typed else {}))
