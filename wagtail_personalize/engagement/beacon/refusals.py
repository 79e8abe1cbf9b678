"""Who is not measured: visitors, previews, whoever's browser says so, and whoever objected."""

from typing import Any

from django.http import HttpRequest

from ..models import Objection


def browser_objects(request: HttpRequest) -> bool:
    """Whether the browser sent *Do Not Track* or *Global Privacy Control*."""
    return request.META.get("HTTP_DNT") == "1" or request.META.get("HTTP_SEC_GPC") == "1"


def has_objected(person: Any) -> bool:
    return Objection.objects.filter(person=person).exists()
