"""Pages that share hashtags with a page."""

from django.db.models import Count, Exists, Max, OuterRef
from django.db.models.functions import Coalesce
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer

from .hashtag_stream import pages_in_order, visible_uses
from .models import HashtagUse


def related_pages(page: Page, viewer: Viewer, number: int = 5) -> list[Page]:
    """The pages in the same language that ``viewer`` may open and that share most hashtags with ``page``."""
    own = HashtagUse.objects.filter(page_id=page.pk).annotate(own=Coalesce("hashtag__synonym_of_id", "hashtag_id"))
    shared = visible_uses(viewer).filter(Exists(own.filter(own=OuterRef("main"))), page__locale=page.locale_id)
    rows = shared.exclude(page_id=page.pk).exclude(page__translation_key=page.translation_key).values("page_id")
    rows = rows.annotate(shared=Count("main", distinct=True), newest=Max("published_at"))
    return pages_in_order([row["page_id"] for row in rows.order_by("-shared", "-newest", "-page_id")[:number]])
