"""Addresses in mails: complete ones, and the one by which a mail is switched off without signing in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site

#: The scope of a digest; else it is the name of an event.
DIGEST = "digest"
#: How long somebody may come back to an old mail to switch it off.
DAYS = 180
_SALT = "wagtail_personalize.streams.mailing"


@dataclass(frozen=True)
class Wish:
    """What the holder of a mail may switch off."""

    person_id: str
    scope: str


def token_for(person_id: Any, scope: str) -> str:
    return signing.dumps([str(person_id), scope], salt=_SALT)


def wish_in(token: str) -> Wish | None:
    """``None`` for a token that was not made here, or too long ago."""
    try:
        person_id, scope = signing.loads(token, salt=_SALT, max_age=DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Wish(person_id, scope)


def site_address() -> str:
    """Where the default site is, without a slash at the end."""
    site = Site.objects.filter(is_default_site=True).first()
    return (site.root_url if site else settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def host_of(address: str) -> str:
    return urlsplit(address).hostname or "localhost"


def full(base: str, name: str, *args: Any) -> str:
    """The complete address of one of our pages; empty when the site has none."""
    try:
        return base + reverse(f"wagtail_personalize:{name}", args=args)
    except NoReverseMatch:
        return ""
