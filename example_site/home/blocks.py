"""The blocks that editors compose pages from.

Three of them can be meant for an audience, simply by their base class: ``AudienceStructBlock`` adds the choice to the
settings drawer. ``Targeted`` does the same for a block that is no struct, here a table. ``VariantsBlock`` shows each
reader the first alternative that fits.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from wagtail_personalize.streams.blocks import (
    AnniversariesBlock,
    BirthdaysBlock,
    DoYouKnowBlock,
    NewColleaguesBlock,
    RecommendedPagesBlock,
)
from wagtail_personalize.streams.formats.blocks import AudioBlock, PictureStoryBlock, VideoBlock
from wagtail_personalize.targeting.blocks import AudienceStructBlock, Targeted, VariantsBlock
from wagtail_personalize.targeting.content.blocks import (
    DocumentsForMeBlock,
    KnowledgeBlock,
    PersonalRichTextBlock,
    QuickLinksBlock,
)

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "document-link"]
SHORT_FEATURES = ["bold", "italic", "link", "ul"]

ICONS = [
    ("book", _("Book")),
    ("brush", _("Brush")),
    ("clock", _("Clock")),
    ("compass", _("Compass")),
    ("cup", _("Cup")),
    ("flag", _("Flag")),
    ("home", _("House")),
    ("laptop", _("Laptop")),
    ("news", _("Newspaper")),
    ("people", _("People")),
    ("pin", _("Map pin")),
    ("shield", _("Shield")),
    ("sun", _("Sun")),
    ("team", _("Team")),
    ("train", _("Train")),
]
TONES = [("important", _("Important")), ("warning", _("Warning")), ("good", _("Good news"))]


class CalloutBlock(AudienceStructBlock):
    """A framed hint in the middle of a text."""

    title = blocks.CharBlock(max_length=80)
    text = blocks.RichTextBlock(features=SHORT_FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "home/blocks/callout.html"


class NoticeBlock(AudienceStructBlock):
    """Something that a group of people must know, at the top of the start page."""

    title = blocks.CharBlock(max_length=100)
    text = blocks.TextBlock(rows=2)
    page = blocks.PageChooserBlock(required=False, label=_("Read more on"))
    link_text = blocks.CharBlock(max_length=60, required=False)
    tone = blocks.ChoiceBlock(TONES, default="important")

    class Meta:
        icon = "warning"
        label = _("Must-know notice")
        template = "home/blocks/notice.html"


class QuickLinkBlock(AudienceStructBlock):
    """A tile that leads to a page."""

    title = blocks.CharBlock(max_length=40)
    text = blocks.CharBlock(max_length=60, required=False)
    icon = blocks.ChoiceBlock(ICONS, default="book")
    page = blocks.PageChooserBlock()

    class Meta:
        icon = "link"
        label = _("Quick link")
        template = "home/blocks/quick_link.html"


class MessageBlock(blocks.StructBlock):
    """The large message beside the greeting."""

    title = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(rows=3)
    page = blocks.PageChooserBlock(required=False)
    link_text = blocks.CharBlock(max_length=40, required=False)
    picture = ImageChooserBlock(required=False)

    class Meta:
        icon = "openquote"
        label = _("Message")
        template = "home/blocks/message.html"


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(rows=3)
    person = blocks.CharBlock(max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "home/blocks/quote.html"


class TableBlock(TypedTableBlock):
    """A small table of texts; the first column names the rows."""

    def __init__(self, **options):
        super().__init__([("text", blocks.CharBlock(required=False))], **options)

    class Meta:
        icon = "table"
        label = _("Table")
        template = "home/blocks/table.html"


class BodyBlock(blocks.StreamBlock):
    """What the body of every content page is made of."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES, icon="pilcrow", template="home/blocks/text.html")
    callout = CalloutBlock()
    quote = QuoteBlock()
    table = Targeted(TableBlock())
    variants = VariantsBlock(blocks.RichTextBlock(features=SHORT_FEATURES), template="home/blocks/variant.html")
    personal = PersonalRichTextBlock(features=SHORT_FEATURES)
    depths = KnowledgeBlock(blocks.RichTextBlock(features=SHORT_FEATURES))
    links = QuickLinksBlock()
    documents = DocumentsForMeBlock()
    video = VideoBlock()
    audio = AudioBlock()
    pictures = PictureStoryBlock()


class PeopleBlock(blocks.StreamBlock):
    """What stands beside the news on the start page: colleagues, and what is recommended."""

    recommended = RecommendedPagesBlock()
    new = NewColleaguesBlock()
    know = DoYouKnowBlock()
    birthdays = BirthdaysBlock()
    anniversaries = AnniversariesBlock()
