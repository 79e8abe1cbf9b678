"""Yes or no; a missing value is neither."""

from django.db.models import BooleanField, Q

from . import Asked


def yes_no_q(asked: Asked) -> Q:
    if not isinstance(asked.target.field, BooleanField):
        raise asked.target.mismatch()
    return asked.target.some(Q() if asked.operator == "is_set" else Q(**{asked.target.path: asked.value}))
