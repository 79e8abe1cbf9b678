"""How a changed audience of a snippet reads when an editor compares two versions."""

from django.utils.safestring import SafeString
from wagtail.admin.compare import FieldComparison, diff_text

from ..models import Audience
from ..wording import describe
from .audience_key_form import choice_of


class AudienceKeyComparison(FieldComparison):
    """Compares the sentences of two audiences."""

    def htmldiff(self) -> SafeString:
        return diff_text(_sentence(self.val_a), _sentence(self.val_b)).to_html()


def _sentence(audience: Audience | int | None) -> str:
    if not isinstance(audience, Audience | None):
        audience = Audience.objects.filter(pk=audience).first()
    return describe(choice_of(audience).to_raw())
