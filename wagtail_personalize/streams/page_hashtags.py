"""The hashtags of one page, and those that editors add to it beside its text.

What is added holds for the page in all its languages and takes effect at once, as an audience does: it is not part of a
revision, and page models need no change.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.page_tree import page_model
from wagtail_personalize.targeting.visibility import can_see

from .hashtag_uses import hashtag_ids, read
from .hashtags import MOST_HASHTAGS, key_of
from .hashtags_stream import hashtags_of
from .models import AddedHashtag, Hashtag, HashtagUse

LOG_ACTION = "wagtail_personalize.hashtags"


def hashtags_on(page: Page, viewer: Viewer) -> list[Hashtag]:
    """The hashtags of a live page, synonyms as what they stand for; none of a page that ``viewer`` may not see."""
    uses = HashtagUse.objects.filter(page_id=page.pk).select_related("hashtag__synonym_of").order_by("pk")
    found = {use.hashtag.synonym_of or use.hashtag: use.hashtag for use in uses}
    shown = [main for main, used in found.items() if not (main.blocked or used.blocked)]
    return shown if shown and can_see(page, viewer) else []


def in_text(page: Model) -> list[str]:
    """The hashtags in the text of a page as it is, by their labels."""
    return list(hashtags_of(page).values())


def added_to(page: Model) -> list[Hashtag]:
    """The hashtags that editors added to a page, in any of its languages."""
    return list(Hashtag.objects.filter(added__translation_key=page.translation_key))


def labels_in(typed: str) -> dict[str, str]:
    """What an editor typed, by key: hashtags with or without their sign, between blanks or commas."""
    words = typed.replace(",", " ").replace(";", " ").split()
    if refused := [word for word in words if not key_of(word)]:
        raise ValidationError(
            _("“%(word)s” is no hashtag. Use letters, digits and underscores, with at least one letter.")
            % {"word": refused[0]}
        )
    labels = {key_of(word): word.lstrip("#＃") for word in reversed(words)}
    if len(labels) > MOST_HASHTAGS:
        raise ValidationError(_("A page has at most %(number)d hashtags.") % {"number": MOST_HASHTAGS})
    return dict(reversed(labels.items()))


@transaction.atomic
def set_added(page: Model, labels: dict[str, str], user: Any) -> bool:
    """Make these the added hashtags of ``page``; says whether anything changed. Who may is for the caller to check."""
    before = added_to(page)
    wanted = set(hashtag_ids(labels).values())
    had = {hashtag.pk for hashtag in before}
    if wanted == had:
        return False
    rows = AddedHashtag.objects.filter(translation_key=page.translation_key)
    rows.filter(hashtag__in=had - wanted).delete()
    AddedHashtag.objects.bulk_create(
        [AddedHashtag(translation_key=page.translation_key, hashtag_id=pk) for pk in wanted - had],
        ignore_conflicts=True,
    )
    family = page_model().objects.filter(translation_key=page.translation_key, live=True)
    read(family.specific())
    log(instance=page, action=LOG_ACTION, user=user, data={"before": _said(before), "after": _said(added_to(page))})
    return True


def _said(hashtags: Iterable[Hashtag]) -> list[str]:
    return sorted(map(str, hashtags))
