"""Yes or no; a missing value is neither."""

from django.db.models import Q

from . import Asked


def yes_no_q(asked: Asked) -> Q:
    return asked.target.some(Q() if asked.operator == "is_set" else Q(**{asked.target.path: asked.value}))
