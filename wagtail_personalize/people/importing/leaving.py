"""Who would become inactive: the guard against a wrong file, and in full mode those who are absent from it."""

from collections.abc import Iterator

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from wagtail_personalize.conf import get_settings
from wagtail_personalize.people.batches import batches

from .mapping.binding import Binding
from .roster import Roster
from .sources.contract import ImportRefused
from .users import has_field, is_protected, protected

CHUNK = 1000


class LeaversGuard(ImportRefused):
    """Too many people would become inactive at once."""

    def __init__(self, leavers: int, active: int) -> None:
        self.leavers, self.active = leavers, active
        super().__init__(
            _(
                "%(leavers)d of %(active)d active people would become inactive, which is more than %(percent)d %%. "
                "Nothing was imported. If the file is right, allow it (--allow-leavers)."
            )
            % {"leavers": leavers, "active": active, "percent": get_settings().LEAVERS_GUARD_PERCENT}
        )


def check_leavers(binding: Binding, roster: Roster, *, full: bool) -> None:
    """Raise ``LeaversGuard`` when more would become inactive than the settings allow without asking."""
    if full and not len(roster):
        raise ImportRefused(_("The file names nobody, so nobody was marked as left."))
    leavers = _leaving(binding, roster)
    if full:
        leavers += sum(not is_protected(user) for users in absent_users(binding, roster) for user in users)
    active = binding.declaration.profiles().filter(binding.declaration.active).count()
    allowed = get_settings()
    if leavers >= allowed.LEAVERS_GUARD_LEAST and leavers * 100 > active * allowed.LEAVERS_GUARD_PERCENT:
        raise LeaversGuard(leavers, active)


def _leaving(binding: Binding, roster: Roster) -> int:
    """How many active people have a leave date in the file."""
    if not has_field("is_active"):
        return 0
    people = _active(binding).exclude(protected(binding.declaration.user))
    name = binding.staff_number.name
    return sum(people.filter(**{f"{name}__in": numbers}).count() for numbers in batches(roster.leaving(), CHUNK))


def absent_users(binding: Binding, roster: Roster) -> Iterator[list[Model]]:
    """Active people with a staff number that the file does not name, a chunk at a time."""
    name, user = binding.staff_number.name, binding.declaration.user
    after = Q()
    while chunk := list(
        _active(binding).filter(after).order_by("pk").select_related(None).select_related(user)[:CHUNK]
    ):
        after = Q(pk__gt=chunk[-1].pk)
        named = roster.named(str(getattr(profile, name)) for profile in chunk)
        yield [getattr(profile, user) for profile in chunk if str(getattr(profile, name)) not in named]


def _active(binding: Binding) -> QuerySet:
    name = binding.staff_number.name
    people = binding.declaration.profiles().filter(**{f"{binding.declaration.user}__is_active": True})
    people = people.filter(**{f"{name}__isnull": False})
    return people.exclude(**{name: ""}) if binding.staff_number.empty_strings_allowed else people
