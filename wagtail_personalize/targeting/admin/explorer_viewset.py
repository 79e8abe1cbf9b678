"""Our explorer for every page type for which the site has none of its own."""

from wagtail.admin.viewsets.pages import PageViewSet

from .explorer import AudiencesInListing


class AudiencePageViewSet(AudiencesInListing, PageViewSet):
    """Wagtail's own with the column *Audience* and the filters."""


#: After Wagtail's own (-1), which it replaces, and before those of the site (0), which replace it.
ORDER = -0.5


def register_explorer() -> AudiencePageViewSet:
    return AudiencePageViewSet()
