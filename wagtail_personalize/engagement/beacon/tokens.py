"""Signed tokens: who looks at which page since when, and which page a teaser leads to. No database reads them.

Signed by hand, with keys that are derived once from Django's: Django's ``Signer`` derives one each time, and a page may
have many teasers.
"""

import binascii
import hmac
import struct
import time
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

#: A view may be told of for a day.
SECONDS_VALID = 24 * 60 * 60
#: No key of a user is longer.
MOST_PERSON = 100
#: Clocks of several machines differ.
_CLOCKS_DIFFER = 60

_HEAD = struct.Struct(">I16s")
#: In bytes, a multiple of 3.
_SIGNATURE = 21
_FILLER = b"\0"
_MOST_TOKEN = 400
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class ViewToken(NamedTuple):
    """This person was given this page at this time (seconds since 1970)."""

    person: str
    page: UUID
    issued: int

    def signed(self) -> str:
        return _signed("view", _HEAD.pack(self.issued, self.page.bytes) + self.person.encode())

    @classmethod
    def issue(cls, person: object, page: UUID) -> str:
        return cls(str(person), page, int(time.time())).signed()

    @classmethod
    def read(cls, token: object, now: float) -> "ViewToken | None":
        """``None`` for what is forged, from the future, or too old."""
        payload = _payload("view", _as_bytes(token))
        if payload is None or not _HEAD.size < len(payload) <= _HEAD.size + MOST_PERSON:
            return None
        issued, page = _HEAD.unpack_from(payload)
        if not issued - _CLOCKS_DIFFER <= now <= issued + SECONDS_VALID:
            return None
        return cls(payload[_HEAD.size :].rstrip(_FILLER).decode(), UUID(bytes=page), issued)


def person_of(token: bytes) -> bytes | None:
    """Only the person of a view token, however old it is: what is needed to count a person's beacons."""
    payload = _payload("view", token)
    return payload and payload[_HEAD.size :].rstrip(_FILLER)


def page_token(page: UUID) -> str:
    """Names a page, the same for everybody: for teasers, and for pages that are kept for many people."""
    return _signed("page", page.bytes)


def page_of(token: object) -> UUID | None:
    """The page that such a token names."""
    payload = _payload("page", _as_bytes(token))
    return UUID(bytes=payload[:16]) if payload is not None and len(payload) == 18 else None


def _as_bytes(token: object) -> bytes:
    return token.encode() if isinstance(token, str) and token.isascii() else b""


def _signed(purpose: str, payload: bytes) -> str:
    """Filled up to whole groups of base64: so there is one way to write it, and a changed token is never the same."""
    payload += _FILLER * (-len(payload) % 3)
    return urlsafe_b64encode(payload + _signature(purpose, settings.SECRET_KEY, payload)).decode()


def _payload(purpose: str, token: bytes) -> bytes | None:
    """What was signed, with its filling."""
    if not 0 < len(token) <= _MOST_TOKEN or b"+" in token or b"/" in token:
        return None
    try:
        whole = binascii.a2b_base64(token.translate(_FROM_URL), strict_mode=True)
    except binascii.Error:
        return None
    payload, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(signature, _signature(purpose, key, payload)):
            return payload
    return None


def _signature(purpose: str, secret: str | bytes, payload: bytes) -> bytes:
    return hmac.digest(_key(purpose, secret), payload, "sha256")[:_SIGNATURE]


@lru_cache(maxsize=16)
def _key(purpose: str, secret: str | bytes) -> bytes:
    return sha256(b"wagtail_personalize.engagement." + purpose.encode() + b"\0" + force_bytes(secret)).digest()
