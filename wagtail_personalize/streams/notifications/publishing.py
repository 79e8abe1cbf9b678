"""When a page makes news: at its first publication, once for all its languages."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from wagtail_personalize.targeting.page_tree import page_model

from ..subscribing.models import Level, Subscription
from ..timeline.models import MustKnow
from ..timeline.reading import sources_bringing
from .page_events import ALL, MUST_KNOW, NEWS
from .telling import is_quiet, tell

#: What carries an older date was published elsewhere before, or is a copy of something that was.
_NEW = timedelta(hours=1)


def tell_published(page: Page, by: Any = None) -> None:
    """Tell those who follow what brings this page, if this is its first publication. After the timeline knows it."""
    if is_quiet() or not _is_first(page):
        return
    if mark := MustKnow.objects.filter(translation_key=page.translation_key, until__gt=timezone.now()).first():
        tell_must_know(mark)
    followed = Subscription.objects.filter(source__in=sources_bringing([page.pk]))
    for level, event in ((Level.ALL, ALL), (Level.NORMAL, NEWS)):
        if followed.filter(level=level).exists():
            tell(event, str(page.translation_key), translation_key=page.translation_key, by_id=by)


def tell_must_know(mark: MustKnow) -> None:
    """Tell everybody whom a must-know page concerns, as soon as it is live."""
    key = mark.translation_key
    if not is_quiet() and page_model()._base_manager.filter(translation_key=key, live=True).exists():
        tell(MUST_KNOW, f"{key}:{mark.pk}", translation_key=key, by_id=mark.marked_by_id)


def _is_first(page: Page) -> bool:
    """Costs a query only when it may be."""
    first = page.first_published_at
    if first is None or page.alias_of_id or first != page.last_published_at or first < timezone.now() - _NEW:
        return False
    family = page_model()._base_manager.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    return not family.filter(first_published_at__isnull=False).exists()
