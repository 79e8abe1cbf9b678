"""The private address by which a feed reader, which cannot sign in, reads as a person.

Whoever has the address reads what the person may see, so it can be made invalid at any time. The database holds a
random number; the token in the address is that number signed with the site's ``SECRET_KEY``, so a stolen copy of the
database opens no feed.
"""

from secrets import token_urlsafe
from typing import Any

from django.core.signing import BadSignature, Signer

from .models import FeedAddress

_signer = Signer(salt="wagtail_personalize.streams.feed", sep=".")


def token_of(person: Any) -> str:
    """The token of a person; made when there is none."""
    address, _made = FeedAddress.objects.get_or_create(person=person, defaults={"number": token_urlsafe(24)})
    return _signer.sign(address.number)


def has_token(person: Any) -> bool:
    return FeedAddress.objects.filter(person=person).exists()


def revoke(person: Any) -> None:
    """From now on the person's feed addresses lead nowhere."""
    FeedAddress.objects.filter(person=person).delete()


def person_with(token: str) -> Any:
    """The active person whose token this is, or ``None``."""
    try:
        number = _signer.unsign(token)
    except BadSignature:
        return None
    address = FeedAddress.objects.select_related("person").filter(number=number).first()
    return address.person if address and getattr(address.person, "is_active", True) else None
