"""A site with a view for everything that a site builder writes: menu, search, feed. ``ROOT_URLCONF`` of these tests."""

import wagtail
from django.contrib.syndication.views import Feed
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template import engines
from django.urls import include, path, re_path
from jinja2 import Environment
from wagtail.admin.auth import require_admin_access
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.blocks import PageChooserBlock
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import get_document_model
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import Image
from wagtail.images.views.serve import ServeView
from wagtail.models import Page, Site
from wagtail.utils.urlpatterns import decorate_urlpatterns

from tests.urls import urlpatterns as site_urls
from wagtail_personalize import viewer_for, visible

MENU = """{% load personalize_tags wagtailcore_tags %}
{% visible_pages root.get_descendants.live as pages %}
<nav>{% for page in pages %}<a href="{% pageurl page %}">{{ page.title }}</a>{% endfor %}</nav>{{ pages|length }}"""


def menu(request):
    root = Site.find_for_request(request).root_page
    return HttpResponse(engines["django"].from_string(MENU).render({"root": root}, request))


def search(request):
    results = visible(Page.objects.live(), viewer_for(request)).search(request.GET["q"])
    return HttpResponse(f"{results.count()} found: " + ", ".join(f"{page.title} {page.url}" for page in results))


def autocomplete(request):
    results = visible(Page.objects.live(), viewer_for(request)).autocomplete(request.GET["q"])
    return HttpResponse(", ".join(page.title for page in results))


PROMOTED = """{% load wagtailsearchpromotions_tags %}{% get_search_promotions request.GET.q as picks %}
{{ picks|length }} {% for pick in picks %}<a href="{{ pick.page.url }}">{{ pick.title }}</a>{{ pick.description }}
{% endfor %}"""


def promoted(request):
    return HttpResponse(engines["django"].from_string(PROMOTED).render({}, request))


def oembed(request):
    pages = visible(Page.objects.live(), viewer_for(request))
    page = get_object_or_404(pages, slug=request.GET["url"].rstrip("/").rpartition("/")[2])
    return JsonResponse({"version": "1.0", "type": "link", "title": page.title})


PICTURES = {
    "tag": "{% image each width-20 %}",
    "variable": "{% image each width-20 as shown %}{{ shown.alt }}{{ shown.url }}",
    "srcset": "{% srcset_image each width-{20,30} %}",
    "picture": "{% picture each format-{png,jpeg} width-20 %}",
}


def pictures(request):
    """All images, as a template shows them."""
    source = "{% load wagtailimages_tags %}{% for each in images %}" + PICTURES[request.GET["by"]] + "{% endfor %}"
    return HttpResponse(engines["django"].from_string(source).render({"images": Image.objects.all()}, request))


def pictures_of_jinja(request):
    environment = Environment(extensions=["wagtail.images.jinja2tags.images"])
    source = "{% for each in images %}{{ image(each, 'width-20') }}{{ picture(each, 'width-20') }}{% endfor %}"
    return HttpResponse(environment.from_string(source).render(images=Image.objects.all()))


def picture_blocks(request):
    context = {"request": request}
    return HttpResponse("".join(ImageChooserBlock().render(found, context) for found in Image.objects.all()))


def chosen_blocks(request):
    """All pages and documents, as blocks without a template show them."""
    context, documents = {"request": request}, get_document_model().objects.all()
    pages = "".join(PageChooserBlock().render(found, context) for found in Page.objects.filter(depth__gt=2))
    return HttpResponse(pages + "".join(DocumentChooserBlock().render(found, context) for found in documents))


def pictures_of_an_api(request):
    size = ImageRenditionField("width-20")
    size._context = {"request": request}
    return JsonResponse({"pictures": [size.to_representation(found) for found in Image.objects.all()]})


def find_documents(request):
    results = visible(get_document_model().objects.all(), viewer_for(request)).search(request.GET["q"])
    return HttpResponse(f"{results.count()} found: " + ", ".join(f"{found.title} {found.url}" for found in results))


class NewsFeed(Feed):
    title, link, description = "News", "/", "All news"

    def get_object(self, request):
        return viewer_for(request)

    def items(self, viewer):
        return visible(Page.objects.live().filter(depth__gt=2), viewer)

    def item_link(self, page):
        return page.url

    def item_description(self, page):
        return page.title


class FileChooserViewSet(ChooserViewSet):
    """A chooser that the site made for what lies in collections; those of snippets are the same views."""

    model = get_document_model()
    register_widget = False


choosers = FileChooserViewSet("site_chooser")
chooser_urls = decorate_urlpatterns(choosers.get_urlpatterns(), require_admin_access)

api = WagtailAPIRouter("wagtailapi")
api.register_endpoint("pages", PagesAPIViewSet)
api.register_endpoint("documents", DocumentsAPIViewSet)
api.register_endpoint("images", ImagesAPIViewSet)

urlpatterns = [
    path("menu/", menu),
    path("find/", search),
    path("autocomplete/", autocomplete),
    path("promoted/", promoted),
    path("oembed/", oembed),
    path("find-documents/", find_documents),
    path("pictures/", pictures),
    path("pictures/jinja/", pictures_of_jinja),
    path("pictures/blocks/", picture_blocks),
    path("blocks/", chosen_blocks),
    path("pictures/api/", pictures_of_an_api),
    path("feed/", NewsFeed()),
    path("sitemap.xml", sitemap),
    re_path(r"^images/([^/]*)/(\d*)/([^/]*)/[^/]*$", ServeView.as_view(), name="wagtailimages_serve"),
    path("api/v2/", api.urls),
    path("admin/site-chooser/", include((chooser_urls, "site_chooser"))),
    *site_urls,
]

if wagtail.VERSION >= (8,):
    from wagtail.api.v3.urls import api as api_v3

    urlpatterns.insert(0, path("api/v3/", api_v3.urls))
