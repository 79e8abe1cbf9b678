"""Staff numbers as a file gives them."""

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from .sources.contract import SEVERAL


def staff_number(text: str, field: Field) -> str:
    """The staff number as it is stored, as text; a ``ValidationError`` when it cannot be one."""
    if not text:
        raise ValidationError(_("The staff number is missing."))
    if SEVERAL in text:
        raise ValidationError(_("There are several staff numbers here."))
    return str(field.clean(text, None))
