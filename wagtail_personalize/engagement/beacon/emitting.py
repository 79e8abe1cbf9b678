"""What a page carries: the script with a signed token, and signed names on its teasers.

A page that may be kept for many people carries no person: then the script asks for its token. Whatever goes wrong, the
page goes on without the script.
"""

import logging
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from wagtail_personalize.conf import get_settings
from wagtail_personalize.privacy.figures import rules
from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.targeting.page_tree import page_model

from .refusals import browser_objects, has_objected
from .tokens import ViewToken, page_token

logger = logging.getLogger(__name__)


def measuring(request: HttpRequest | None, page: Any) -> dict[str, str]:
    """What the script needs to know of this view; nothing when it is not to be measured."""
    if request is None or not isinstance(page, page_model()) or page.pk is None or not rules().is_measured:
        return {}
    try:
        return _measuring(request, page)
    except NoReverseMatch:
        return {}
    except Exception:
        logger.exception("A page is shown without being measured.")
        return {}


def _measuring(request: HttpRequest, page: Any) -> dict[str, str]:
    viewer = viewer_for(request)
    viewer.mark()
    if viewer.is_anonymous or viewer.is_preview or getattr(request, "is_preview", False):
        return {}
    url = reverse("wagtail_personalize:beacon")
    if get_settings().CONTENT_CACHE is not None:
        token = page_token(page.translation_key)
        return {"url": url, "page": token, "tokens": reverse("wagtail_personalize:view_token")}
    if browser_objects(request) or has_objected(viewer.person_id):
        return {}
    return {"url": url, "token": ViewToken.issue(viewer.person_id, page.translation_key)}


def teaser_token(page: Any) -> str:
    """Names a page on a teaser that leads to it; empty for anything else."""
    key = getattr(page, "translation_key", None)
    is_named = key and isinstance(page, page_model()) and rules().is_measured
    return page_token(key) if is_named else ""
