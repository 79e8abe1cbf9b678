"""Nobody raises their own rights: what a person may edit must not decide anything that is not declared as ``self``."""

from collections.abc import Iterator

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field

from .attributes import Attribute
from .declaration import ProfileDeclaration
from .watches import lookups

_PREFIX = "personalize_people"
#: What Wagtail's own account page lets everybody edit who may enter the admin.
_ACCOUNT_FIELDS = ("first_name", "last_name", "email")


def check_editing(declaration: ProfileDeclaration, attributes: list[Attribute]) -> Iterator[CheckMessage]:
    """Hold what people may edit against everything else, and ask for purposes."""
    own = {attribute.path: attribute for attribute in attributes if attribute.source == "self"}
    yield from _check_identity(declaration, own)
    yield from _check_others(attributes, own)
    yield from _check_reachable(declaration, own)
    yield from _check_account(declaration, attributes)
    yield from _check_purposes(attributes)


def _check_identity(declaration: ProfileDeclaration, own: dict[str, Attribute]) -> Iterator[CheckMessage]:
    deciding = {declaration.user, declaration.staff_number, declaration.manager}
    deciding |= {lookup.split("__")[0] for lookup in lookups(declaration.active)}
    for path, attribute in own.items():
        if path in deciding:
            yield Error(
                f"The attribute '{attribute.name}' lets people edit '{path}', which decides who they are.",
                hint="Give it the source 'hr' or 'admin'.",
                id=f"{_PREFIX}.E019",
            )


def _check_others(attributes: list[Attribute], own: dict[str, Attribute]) -> Iterator[CheckMessage]:
    for attribute in attributes:
        parts = attribute.path.split("__")
        beginnings = {"__".join(parts[:length]) for length in range(1, len(parts) + 1)}
        editable = next((own[path].name for path in beginnings if path in own), None)
        if attribute.source != "self" and editable:
            yield Error(
                f"The attribute '{attribute.name}' has the source '{attribute.source}', but people can change it by "
                f"editing '{editable}'.",
                hint="Give both the same source: 'self' if people may edit it, else 'hr' or 'admin'.",
                id=f"{_PREFIX}.E020",
            )


def _check_reachable(declaration: ProfileDeclaration, own: dict[str, Attribute]) -> Iterator[CheckMessage]:
    for path, attribute in own.items():
        if "__" in path or not _is_editable(declaration, path):
            yield Warning(
                f"The attribute '{attribute.name}' has the source 'self', but is no field of the profile that a form "
                "can edit, so it is not in the form.",
                hint="Let people edit it on a page of your own, or give it another source.",
                id=f"{_PREFIX}.W002",
            )


def _is_editable(declaration: ProfileDeclaration, name: str) -> bool:
    try:
        field = declaration.profile_model._meta.get_field(name)
    except FieldDoesNotExist:
        return True  # told by another check
    return isinstance(field, Field) and field.editable


def _check_account(declaration: ProfileDeclaration, attributes: list[Attribute]) -> Iterator[CheckMessage]:
    if not apps.is_installed("wagtail.admin"):
        return
    account = {f"{declaration.user}__{name}" for name in _ACCOUNT_FIELDS}
    for attribute in attributes:
        if attribute.path in account and attribute.source != "self":
            yield Warning(
                f"The attribute '{attribute.name}' has the source '{attribute.source}', but whoever may enter "
                "Wagtail's admin can change it on the own account page.",
                hint="Give it the source 'self', keep the value in the profile, or use it in no restriction.",
                id=f"{_PREFIX}.W003",
            )


def _check_purposes(attributes: list[Attribute]) -> Iterator[CheckMessage]:
    names = ", ".join(attribute.name for attribute in attributes if not attribute.purpose)
    if names:
        yield Warning(
            f"These attributes do not say why they are kept: {names}.",
            hint="Give each a purpose; people read it on their own page.",
            id=f"{_PREFIX}.W001",
        )
