"""What differs between two versions of a segment; the rule is compared as it reads."""

from typing import Any

from django.utils.safestring import SafeString
from wagtail.admin.compare import FieldComparison, diff_text
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic import PermissionCheckedMixin, RevisionsCompareView

from ..rules.sentence import sentences


class RuleComparison(FieldComparison):
    """Shows what was added to the sentence of a rule, and what was taken away."""

    def htmldiff(self) -> SafeString:
        before, after = sentences([self.val_a, self.val_b])
        return diff_text(before, after).to_html()


class ComparedRulePanel(FieldPanel):
    """The field of the rule, which knows how to compare rules."""

    def get_comparison_class(self) -> type[FieldComparison]:
        return RuleComparison


class SegmentCompareView(PermissionCheckedMixin, RevisionsCompareView):
    permission_required = "change"

    def get_edit_handler(self) -> Any:
        return self.edit_handler
