"""The ready-made blocks of this package, in one place to import them from."""

from .documents_block import DocumentsForMeBlock
from .knowledge_block import KnowledgeBlock
from .links_block import QuickLinkBlock, QuickLinksBlock
from .personal_blocks import PersonalCharBlock, PersonalRichTextBlock, PersonalTextBlock

__all__ = [
    "DocumentsForMeBlock",
    "KnowledgeBlock",
    "PersonalCharBlock",
    "PersonalRichTextBlock",
    "PersonalTextBlock",
    "QuickLinkBlock",
    "QuickLinksBlock",
]
