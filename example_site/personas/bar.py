"""The bar with the persona switcher, for every page of the demonstration."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from .personas import PERSONAS, Persona


@dataclass(frozen=True)
class Choice:
    persona: Persona
    is_current: bool


def persona_bar(request: HttpRequest) -> dict[str, list[Choice]]:
    """Context processor: ``persona_bar``, the choices in their order; nothing in previews or unless ``DEMO`` is on."""
    if not settings.DEMO or not hasattr(request, "user") or getattr(request, "is_preview", False):
        return {}
    current = request.user.get_username() if request.user.is_authenticated else ""
    return {"persona_bar": [Choice(persona, persona.username == current) for persona in PERSONAS]}
