"""People in lists about a segment: what they are called, their staff number, how they are found and sorted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.utils import get_user_display_name

from wagtail_personalize.people.batches import batches
from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.people.search import find_by_name
from wagtail_personalize.privacy.sizes import shown_size

from ..models import Cause


@dataclass(frozen=True)
class MemberRow:
    """One person in a list; ``day`` and ``cause`` say when and why the person joined, or left."""

    pk: Any
    name: str
    email: str
    staff_number: str
    day: date | None
    cause: str
    joined: bool = True
    #: Where it is explained why the person is in the segment, or not.
    url: str = ""


class PeoplePaginator(WagtailPaginator):
    """Says how many people there are."""

    @cached_property
    def items_count_label(self) -> str:
        return shown_size(self.count, exact=True)


def member_row(user: Any, number: str, at: datetime, cause: str, joined: bool = True, url: str = "") -> MemberRow:
    """``user`` may be ``None``, for an account that is just being deleted."""
    email = getattr(user, get_user_model().get_email_field_name(), "") or ""
    name = get_user_display_name(user) if user is not None else ""
    words = str(Cause(cause).label) if cause in Cause else cause
    return MemberRow(user and user.pk, name, email, number, local_day(at), words, joined, url)


def local_day(moment: datetime) -> date:
    """The day of ``moment`` in the site's time zone, whatever time zone the editor has chosen."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def staff_numbers(persons: Iterable[Any]) -> dict[Any, str]:
    """Staff numbers by the keys of users, where the site declares them."""
    declaration = get_declaration()
    if declaration is None or not declaration.staff_number:
        return {}
    found: dict[Any, str] = {}
    for batch in batches(persons):
        profiles = declaration.profiles().filter(**{f"{declaration.person_path}__in": batch})
        pairs = profiles.values_list(declaration.person_path, declaration.staff_number)
        found |= {person: str(number) for person, number in pairs if number not in (None, "")}
    return found


def called(people: QuerySet, text: str, path: str = "pk") -> QuerySet:
    """Those of ``people`` whose names contain every word of ``text``, folded; ``path`` leads to the user's key."""
    declaration = get_declaration()
    if declaration is None:
        return people.none()
    found = find_by_name(declaration.profiles(), text)
    return people.filter(**{f"{path}__in": found.values(declaration.person_path)})


def by_name(path: str = "") -> list[str]:
    """How people are sorted, whatever the user model has."""
    user_model = get_user_model()
    names = {field.name for field in user_model._meta.get_fields()} | {"pk"}
    sorted_by = ("last_name", "first_name", user_model.USERNAME_FIELD, "pk")
    return [f"{path}{name}" for name in sorted_by if name in names]
