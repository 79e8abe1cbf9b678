"""Who appears in lists of colleagues on start pages, and the part of the own form that asks everybody."""

from typing import Any

from django import forms
from django.apps import apps
from django.db.models import QuerySet

from ..declaration import get_declaration
from .models import Appearance

#: What the fields begin with in a form, where the site's own profile may have fields of the same name.
PREFIX = "appear_"


def appearing() -> QuerySet:
    """The profiles of everybody who counts and does not stay out."""
    declaration = get_declaration()
    out = Appearance.objects.filter(stays_out=True).values("person")
    return declaration.people().exclude(**{f"{declaration.user}__in": out})


def telling(choice: str) -> QuerySet:
    """Those of them who said yes to ``shows_birthday`` or ``shows_anniversary``."""
    chosen = Appearance.objects.filter(**{choice: True}).values("person")
    return appearing().filter(**{f"{get_declaration().user}__in": chosen})


def choices() -> list[str]:
    """What this site asks its people. Nothing where no start page has such lists."""
    if not apps.is_installed("wagtail_personalize.streams"):
        return []
    declaration = get_declaration()
    asked = {"stays_out": True, "shows_birthday": declaration.birthday, "shows_anniversary": declaration.hired}
    return [name for name, is_asked in asked.items() if is_asked]


def form_fields(person: Any) -> dict[str, forms.Field]:
    """The questions for the own form, as they were answered last."""
    names = choices()
    answered = (Appearance.objects.filter(person=person).first() if names else None) or Appearance()
    fields = {name: Appearance._meta.get_field(name) for name in names}
    return {
        f"{PREFIX}{name}": forms.BooleanField(
            label=field.verbose_name, help_text=field.help_text, required=False, initial=getattr(answered, name)
        )
        for name, field in fields.items()
    }


def save_choices(person: Any, answers: dict[str, Any]) -> None:
    """Store what a form with these fields was answered."""
    given = {name: answers[f"{PREFIX}{name}"] for name in choices() if f"{PREFIX}{name}" in answers}
    if given:
        Appearance.objects.update_or_create(person=person, defaults=given)
