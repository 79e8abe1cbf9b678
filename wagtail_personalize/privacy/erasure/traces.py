"""What logs say about a person: entries about the account and the profile. What the person did stays, nameless."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry

from .belonging import belonging


def forget_traces(user: Any) -> int:
    """Delete the entries about this account and about what belongs to it alone; returns how many."""
    about = _about(user)
    number = ModelLogEntry.objects.filter(about).delete()[0]
    if apps.is_installed("django.contrib.admin"):
        number += apps.get_model("admin.LogEntry")._base_manager.filter(about).delete()[0]
    return number


def _about(user: Any) -> Q:
    found = Q(pk__in=[])
    for row in belonging(user):
        found |= Q(content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk))
    return found
