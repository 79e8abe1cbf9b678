"""Each view leaks on purpose, and has a sound twin."""

from django.contrib.syndication.views import Feed
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from wagtail.documents import get_document_model
from wagtail.images.models import Image
from wagtail.models import Page

from tests.urls import urlpatterns as site_urls
from wagtail_personalize import viewer_for, visible


def pages():
    return Page.objects.live().filter(depth__gt=2)


def urlconf(*patterns):
    """The test site with these views before everything else."""
    return type("LeakySite", (), {"urlpatterns": [*patterns, *site_urls]})


def search(request):
    word = request.GET.get("q", "")
    found = pages().filter(title__icontains=word) if word else []
    return render(request, "leaky/results.html", {"word": word, "found": found})


def sound_search(request):
    word = request.GET.get("q", "")
    found = visible(pages(), viewer_for(request)).filter(title__icontains=word) if word else []
    return render(request, "leaky/results.html", {"word": word, "found": found})


def autocomplete(request):
    word = request.GET.get("term", "")
    return JsonResponse({"items": [{"label": page.title} for page in pages().filter(title__icontains=word)]})


class NewsFeed(Feed):
    title, link, description = "News", "/", "All news"

    def items(self):
        return pages()

    def item_link(self, page):
        return page.url

    def item_description(self, page):
        return f"<p>{page.title} is new</p>"


def menu(request):
    return render(request, "leaky/menu.html", {"pages": pages()})


def sound_menu(request):
    return render(request, "leaky/sound_menu.html", {"pages": pages()})


def cached_menu(request):
    return render(request, "leaky/cached_menu.html", {"pages": pages()})


def teaser(request, pk):
    return HttpResponse(Page.objects.get(pk=pk).title)


def note(request):
    """Python sees all blocks; showing one needs a question."""
    return HttpResponse(Page.objects.get(slug="targeted").specific.body[0].value["text"])


def documents(request):
    return render(request, "leaky/documents.html", {"documents": get_document_model().objects.all()})


def pictures(request):
    """Python takes the address of a picture by itself; that asks nobody."""
    sizes = [found.get_rendition("width-20") for found in Image.objects.all()]
    return HttpResponse("".join(f'<img src="{size.file.url}" alt="">' for size in sizes))


def writing(request):
    """A view that leaves something everywhere that it can."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.core.mail import send_mail

    from tests.intranet.models import Skill

    Skill.objects.get_or_create(name="written by a view")
    request.session["seen"] = True
    cache.set("written", "by a view")
    name = default_storage.save("written-by-a-view.txt", ContentFile(b"text"))
    send_mail("Somebody looked", "Text", None, ["somebody@example.org"])
    with default_storage.open(name) as written:
        return HttpResponse(written.read(), content_type="text/plain")


def failing(request):
    raise RuntimeError("This view does not work.")


SEARCH = path("search/", search, name="search")
SOUND_SEARCH = path("search/", sound_search, name="search")
AUTOCOMPLETE = path("autocomplete.json", autocomplete)
FEED = path("feed/", NewsFeed())
MENU = path("menu/", menu)
SOUND_MENU = path("menu/", sound_menu)
CACHED_MENU = path("menu/", cached_menu)
TEASER = path("teaser/<int:pk>/", teaser)
DOCUMENTS = path("files/", documents)
PICTURES = path("pictures/", pictures)
WRITING = path("writing/", writing)
FAILING = path("failing/", failing)
