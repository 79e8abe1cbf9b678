"""Which rules somebody may open: of a page, who may publish it; of anything else, who may change rules at all."""

from collections.abc import Collection
from typing import Any

from wagtail.models import Page

from wagtail_personalize.segments.rights import may_manage
from wagtail_personalize.targeting.page_tree import page_model

from ..automatic.models import SubscriptionRule
from ..sources.pages import PAGE


def rules_to_open(rules: Collection[SubscriptionRule], user: Any) -> set[int]:
    """The keys of those of these rules, loaded with their sources. As many queries as for one."""
    pages = _pages({rule.source.key for rule in rules if rule.source.kind == PAGE})
    manages = may_manage(user)
    return {rule.pk for rule in rules if _may_open(rule, pages.get(rule.source.key), user, manages)}


def _may_open(rule: SubscriptionRule, page: Page | None, user: Any, manages: bool) -> bool:
    if rule.source.kind != PAGE:
        return True
    return page.permissions_for_user(user).can_publish() if page is not None else manages


def _pages(keys: set[str]) -> dict[str, Page]:
    """The first page of each translation key."""
    found: dict[str, Page] = {}
    pages = page_model().objects.filter(translation_key__in=keys).order_by("pk") if keys else ()
    for page in pages:
        found.setdefault(str(page.translation_key), page)
    return found
