"""Blocks that know for whom they are."""

from .audience_field import AudienceBlock
from .audience_struct import AudienceMixin, AudienceStructBlock
from .targeted import Targeted
from .variants import VariantsBlock

__all__ = ["AudienceBlock", "AudienceMixin", "AudienceStructBlock", "Targeted", "VariantsBlock"]
