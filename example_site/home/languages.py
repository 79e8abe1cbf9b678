"""Each page once: in the language of whoever reads, and where it is not translated in the one that it was written in.

The tree is that of the site's own language; translations stand in trees of their own beside it.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Page

from wagtail_personalize import viewer_for, visible
from wagtail_personalize.people.language import shown_language
from wagtail_personalize.targeting.languages import other_language


def site_locale() -> str:
    """The language that pages are written in before anybody translates them."""
    return get_supported_content_language_variant(settings.LANGUAGE_CODE)


def shown_locale() -> str:
    return get_supported_content_language_variant(shown_language())


def is_original() -> bool:
    """Whether the site's own language is shown: then its own tree is all that there is to ask."""
    return shown_locale() == site_locale()


def in_language(pages: QuerySet) -> QuerySet:
    """Of these pages the live ones in the language that is shown, and in the site's what has no translation."""
    shown, own = shown_locale(), site_locale()
    if is_original():
        return pages.filter(live=True, locale__language_code=own)
    translated = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code=shown, live=True
    )
    missing = Q(locale__language_code=own) & ~Exists(translated)
    return pages.filter(Q(locale__language_code=shown) | missing, live=True)


def below(page: Page, *, deep: bool = False) -> QuerySet:
    """What stands below a page in any of its languages: directly, or all with ``deep``."""
    found = Q(pk__in=[])
    versions = [page] if is_original() else page.get_translations(inclusive=True).only("path", "depth")
    for one in versions:
        found |= Q(path__startswith=one.path, **{"depth__gt" if deep else "depth": one.depth + (not deep)})
    return in_language(Page.objects.filter(found))


def in_order(pages: Iterable[Page]) -> list[Page]:
    """In the order of the tree of the site's own language, whichever language each is in."""
    pages = list(pages)
    if is_original():
        return sorted(pages, key=lambda page: page.path)
    own = Page.objects.filter(
        translation_key__in=[page.translation_key for page in pages], locale__language_code=site_locale()
    )
    paths = dict(own.values_list("translation_key", "path"))
    return sorted(pages, key=lambda page: paths.get(page.translation_key, page.path))


def above(page: Page) -> list[Page]:
    """The pages above, each in the language that is shown where it exists."""
    keys = page.get_ancestors().filter(depth__gt=1).values("translation_key")
    return list(in_language(Page.objects.filter(translation_key__in=keys)).order_by("depth"))


def translated_for(request: HttpRequest, page: Page) -> Page | None:
    """The live version of a page in the language of whoever reads, if it is another one than this."""
    if not other_language(page, viewer_for(request)):
        return None
    versions = page.get_translations().filter(locale__language_code=shown_locale(), live=True)
    return visible(versions, viewer_for(request)).first()


def choices() -> list[dict[str, Any]]:
    """The languages to choose from."""
    return [
        {
            "code": code,
            "name": name,
            "short": code[:2].upper(),
            "is_current": code == get_language(),
        }
        for code, name in settings.LANGUAGES
    ]


def address_in(language: str, page: Page, request: HttpRequest) -> str:
    """Where the page is to be read in a language, else where it is."""
    code = get_supported_content_language_variant(language)
    versions = Page.objects.filter(translation_key=page.translation_key, locale__language_code=code, live=True)
    found = visible(versions, viewer_for(request)).first()
    return (found or page).get_url(request) or reverse("search")
