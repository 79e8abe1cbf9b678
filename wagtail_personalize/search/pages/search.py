"""``search/?q=…``: for everybody, and for each what they may open."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from wagtail_personalize.hookspecs import record
from wagtail_personalize.segments.viewer import viewer_for

from ..finding.answers import Answer, answer
from ..finding.searched import Searched
from .opening import addresses, token_for
from .wanted import PER_PAGE, Wanted


@method_decorator(never_cache, name="dispatch")
class SearchView(View):
    """The page; while somebody types, htmx asks for the results alone.

    A site gives it its own look by a template of the same name, or ``SearchView.as_view(template_name=…)``.
    """

    template_name = "wagtail_personalize/search/search.html"
    results_template_name = "wagtail_personalize/search/includes/results.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted, is_typing = Wanted.read(request), request.headers.get("HX-Request") == "true"
        found = answer(wanted.question, viewer_for(request), wanted.chosen, typing=is_typing)
        if not is_typing:
            _tell(wanted, found, request)
        template = self.results_template_name if is_typing else self.template_name
        response = render(request, template, self.get_context_data(wanted, found, is_typing))
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_context_data(self, wanted: Wanted, found: Answer, is_typing: bool = False) -> dict[str, Any]:
        """For the templates: the answer, one part of its pages, and the addresses of the others."""
        last = max(1, -(-found.count // PER_PAGE))
        token = "" if is_typing else token_for(wanted.question.words, found.viewer)
        addresses(found.bets, "page", token, self.request)
        addresses(found.documents, "document", token, self.request)
        return {
            "wanted": wanted,
            "answer": found,
            "pages": addresses(found.pages(wanted.start, PER_PAGE), "page", token, self.request),
            "facets": wanted.links(found.facets),
            "all_url": wanted.url(**dict.fromkeys(wanted.chosen, "")),
            "other_url": wanted.url(q=found.other_words) if found.other_words else "",
            "number": wanted.page,
            "last": last,
            "previous_url": wanted.url(page=str(wanted.page - 1)) if 1 < wanted.page <= last + 1 else "",
            "next_url": wanted.url(page=str(wanted.page + 1)) if wanted.page < last else "",
        }


@method_decorator(never_cache, name="dispatch")
class SearchApiView(View):
    """The same as JSON, for apps: ``search.json?q=…``, with the parameters of the page."""

    def get(self, request: HttpRequest) -> JsonResponse:
        wanted = Wanted.read(request)
        found = answer(wanted.question, viewer_for(request), wanted.chosen)
        _tell(wanted, found, request)
        return JsonResponse(
            {
                "count": found.count,
                "available": not found.is_unavailable,
                "did_you_mean": found.other_words,
                "pages": [_page(page, request) for page in found.pages(wanted.start, PER_PAGE)],
                "best_bets": [_page(page, request) for page in found.bets],
                "people": [{"name": person.name, "url": person.url} for person in found.people],
                "documents": [{"title": document.title, "url": document.url} for document in found.documents],
                "facets": {
                    facet.name: [{"value": v.key, "label": v.label, "count": v.count} for v in facet.values]
                    for facet in found.facets
                },
            }
        )


def _page(page: Any, request: HttpRequest) -> dict[str, Any]:
    return {"title": page.title, "url": page.get_url(request), "because": getattr(page, "because", [])}


def _tell(wanted: Wanted, found: Answer, request: HttpRequest) -> None:
    """One search is told once: not for its further pages, nor when it is narrowed."""
    if wanted.question.words and wanted.page == 1 and not wanted.chosen and not found.is_unavailable:
        number = found.count + len(found.people) + len(found.documents)
        record("search", Searched(wanted.question.words, number), viewer_for(request))
