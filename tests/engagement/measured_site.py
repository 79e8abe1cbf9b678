"""A page that is measured, with a strict policy and all that can be measured on it; for the browser."""

import time

from django.http import HttpResponse
from django.template import engines
from django.urls import path
from wagtail.models import Page

from tests.urls import urlpatterns as site

TEXT = """{% load personalize_tags %}<!doctype html><html lang="en"><head><title>{{ page.title }}</title>
<link rel="icon" href="data:,">{% measure %}</head><body><main><h1>{{ page.title }}</h1>
<img src="/measured/slow/" alt="">
{% for other in others %}<article {% teaser other %}><a href="/measured/{{ other.pk }}/">{{ other.title }}</a></article>
{% endfor %}<audio></audio><a href="/measured/plan.pdf" download>Plan</a>
<svg width="10" height="6000"></svg><a href="#top">Up</a></main></body></html>"""
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:"


def measured(request, pk):
    page = Page.objects.get(pk=pk)
    others = Page.objects.exclude(pk=pk).filter(depth__gt=2).order_by("pk")
    html = engines["django"].from_string(TEXT).render({"page": page, "others": others}, request)
    return HttpResponse(html, headers={"Content-Security-Policy": POLICY})


def slow(request):
    time.sleep(0.5)
    return HttpResponse("<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")


urlpatterns = [
    path("measured/slow/", slow),
    path("measured/plan.pdf", lambda request: HttpResponse("x", content_type="application/pdf")),
    path("measured/<int:pk>/", measured),
    *site,
]
