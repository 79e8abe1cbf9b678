"""How a changed audience reads when an editor compares two versions of a page."""

from django.utils.html import escape
from wagtail.admin.compare import BlockComparison, diff_text

from ..wording import describe


class AudienceComparison(BlockComparison):
    """Compares the sentences of two audiences."""

    def htmlvalue(self, val: dict | None) -> str:
        return escape(describe(val))

    def htmldiff(self) -> str:
        return diff_text(describe(self.val_a), describe(self.val_b)).to_html()
