"""Search over the pages that whoever searches may see."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from wagtail_personalize import viewer_for, visible

RESULTS_PER_PAGE = 10


def search(request: HttpRequest) -> HttpResponse:
    """``/search/?q=…``: pages first visible, then found, so that not even a count tells of others."""
    words = request.GET.get("q", "").strip()[:200]
    pages = visible(Page.objects.live().filter(depth__gt=2), viewer_for(request))
    results = Paginator(pages.search(words, operator="and") if words else Page.objects.none(), RESULTS_PER_PAGE)
    page_of_results = results.get_page(request.GET.get("page"))
    found = [page.specific for page in page_of_results]
    return render(request, "search.html", {"words": words, "results": found, "page_of_results": page_of_results})
