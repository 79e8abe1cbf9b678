"""A feed that a site wrote without a thought: it renders pages for whoever asks."""

from django.contrib.syndication.views import Feed
from django.urls import path

from tests.portal.models import PortalPage
from tests.urls import urlpatterns as usual


class News(Feed):
    title = "News"
    link = "/"
    description = "All of it"

    def items(self):
        return PortalPage.objects.live()

    def item_link(self, item):
        return item.url

    def item_description(self, item):
        return item.body.render_as_block()


urlpatterns = [path("feed/", News()), *usual]
