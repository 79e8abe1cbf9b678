"""Remembering who was erased without remembering the person: keyed fingerprints of staff number and login name.

Nobody can read a staff number from a mark, but whoever has a number and the site's ``SECRET_KEY`` can ask whether it
was erased. After a change of that key the old one has to stay in ``SECRET_KEY_FALLBACKS``, else the marks say nothing.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_personalize.conf import get_settings

from ..models import Erasure
from .registry import identities

LOGIN = "login"
_SALT = "wagtail_personalize.privacy.erasure"


def mark(kind: str, text: str, secret: str | None = None) -> str:
    """The fingerprint of one staff number or login name."""
    return salted_hmac(f"{_SALT}.{kind}", text, secret=secret, algorithm="sha256").hexdigest()


def remember(user: Any) -> None:
    """Never forget that this person was erased. The file comes first: what is only there is erased again."""
    at = timezone.now()
    for kind, text in known_by(user):
        found = mark(kind, text)
        if path := get_settings().ERASURES_FILE:
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"mark": found, "at": at.isoformat()}) + "\n")
        Erasure.objects.get_or_create(mark=found, defaults={"at": at})


def known_by(user: Any) -> Iterator[tuple[str, str]]:
    """Everything by which this person can be told again."""
    yield LOGIN, user.get_username()
    mine = get_user_model()._base_manager.filter(pk=user.pk)
    for kind, identity in identities().items():
        yield from ((kind, text) for _key, text in identity(mine))


def erased_among(kind: str, texts: Iterable[str]) -> set[str]:
    """Those of these staff numbers whose people were erased: one query."""
    by_mark = {each: text for text in texts for each in marks(kind, text)}
    found = Erasure.objects.filter(mark__in=list(by_mark)).values_list("mark", flat=True)
    return {by_mark[each] for each in found}


def learn_from_file() -> None:
    """Take over the marks that are only in the file, because the database was restored."""
    path = get_settings().ERASURES_FILE
    if not path or not Path(path).exists():
        return
    learned: dict[str, datetime] = {}
    for line in filter(str.strip, Path(path).read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        if "lifted" in row:
            learned.pop(row["lifted"], None)
            Erasure.objects.filter(mark=row["lifted"], at__lte=datetime.fromisoformat(row["at"])).delete()
        else:
            learned[row["mark"]] = datetime.fromisoformat(row["at"])
    Erasure.objects.bulk_create([Erasure(mark=found, at=at) for found, at in learned.items()], ignore_conflicts=True)


def came_back() -> QuerySet:
    """Accounts of people who were erased.

    Names and numbers may be given to somebody else later. So an account that was made after the erasure never counts,
    and a login name only for whoever has no staff number.
    """
    learned = dict(Erasure.objects.values_list("mark", "at"))
    users = get_user_model()._base_manager.order_by()
    numbers = _numbers(users) if learned else {}
    keys = []
    for user in users.iterator(chunk_size=2000) if learned else ():
        known = numbers.get(user.pk) or [(LOGIN, user.get_username())]
        found = [learned[each] for kind, text in known for each in marks(kind, text) if each in learned]
        if found and not _is_younger(user, max(found)):
            keys.append(user.pk)
    return users.filter(pk__in=keys)


def _numbers(users: QuerySet) -> dict[Any, list[tuple[str, str]]]:
    found: dict[Any, list[tuple[str, str]]] = {}
    for kind, identity in identities().items():
        for key, text in identity(users):
            found.setdefault(key, []).append((kind, text))
    return found


def marks(kind: str, text: str) -> list[str]:
    """The mark, also as it was made with a former key of the site."""
    return [mark(kind, text, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _is_younger(user: Any, at: datetime) -> bool:
    joined = getattr(user, "date_joined", None)
    return joined is not None and joined > at
