"""Media for everybody: a video, a recording, a picture story. Each asks for its words in writing.

Who cannot hear or see, who sits in a noisy hall and who searches for it has nothing without them, so one of captions,
transcript or descriptions is required, and the editor reads why.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock, StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageChooserBlock

from .models import Format

_TEXT = ["bold", "italic", "link", "ol", "ul"]
_WHY = _("Who cannot hear it, or has no sound at work, needs its words in writing.")


class RecordingBlock(StructBlock):
    """A file or an embed, with its words in writing. A subclass says which endings its files may have."""

    endings: tuple[str, ...] = ()
    #: The fields of which one must be filled in.
    words: tuple[str, ...] = ("transcript",)
    missing: Any = ""

    title = CharBlock(label=_("Title"), max_length=120)
    file = DocumentChooserBlock(label=_("File"), required=False)
    embed = EmbedBlock(label=_("Or its address elsewhere"), required=False)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = dict(self._problems(cleaned))
        if errors:
            raise StructBlockValidationError({name: ValidationError(text) for name, text in errors.items()})
        return cleaned

    def _problems(self, value: Any) -> Any:
        if bool(value.get("file")) == bool(value.get("embed")):
            yield "file", _("Choose a file or give an address, one of the two.")
        elif value.get("file") and not _ends(value["file"], self.endings):
            text = _("A browser cannot play this file. Choose one that ends in %(endings)s.")
            yield "file", text % {"endings": ", ".join(self.endings)}
        if not any(_is_filled(value.get(name)) for name in self.words):
            yield self.words[0], self.missing


class VideoBlock(RecordingBlock):
    """A video with captions or a transcript."""

    media_format = Format.VIDEO
    endings = (".mp4", ".webm", ".ogv", ".m4v")
    words = ("captions", "transcript")
    missing = _("Add captions or a transcript. %(why)s") % {"why": _WHY}

    poster = ImageChooserBlock(label=_("Picture before it plays"), required=False)
    captions = DocumentChooserBlock(
        label=_("Captions"), required=False, help_text=_("A file in the format WebVTT; its name ends in .vtt.")
    )
    transcript = RichTextBlock(label=_("Transcript"), required=False, features=_TEXT)

    def _problems(self, value: Any) -> Any:
        yield from super()._problems(value)
        if value.get("captions") and not _ends(value["captions"], (".vtt",)):
            yield "captions", _("Choose a file whose name ends in .vtt.")
        elif value.get("captions") and value.get("embed") and not _is_filled(value.get("transcript")):
            yield "transcript", _("A video from elsewhere cannot show this file of captions. Add a transcript.")

    class Meta:
        icon = "media"
        label = _("Video")
        template = "wagtail_personalize/streams/media/video.html"


class AudioBlock(RecordingBlock):
    """A podcast or another recording with a transcript."""

    media_format = Format.AUDIO
    endings = (".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".flac")
    missing = _("Add a transcript. %(why)s") % {"why": _WHY}

    transcript = RichTextBlock(label=_("Transcript"), required=False, features=_TEXT)

    class Meta:
        icon = "media"
        label = _("Audio")
        template = "wagtail_personalize/streams/media/audio.html"


class StoryPictureBlock(StructBlock):
    """One picture of a story."""

    image = ImageChooserBlock(label=_("Picture"))
    caption = CharBlock(label=pgettext_lazy("of media", "Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")


class PictureStoryBlock(StructBlock):
    """Pictures that tell something, with a caption for each or one text for all."""

    media_format = Format.PICTURES

    title = CharBlock(label=_("Title"), required=False, max_length=120)
    pictures = ListBlock(StoryPictureBlock(), label=_("Pictures"), min_num=2, max_num=30)
    transcript = RichTextBlock(label=_("What the pictures show"), required=False, features=_TEXT)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not _is_filled(cleaned["transcript"]) and not all(one["caption"].strip() for one in cleaned["pictures"]):
            text = _("Give every picture a caption, or tell here what they show. Who cannot see them needs the words.")
            raise StructBlockValidationError({"transcript": ValidationError(text)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Picture story")
        template = "wagtail_personalize/streams/media/pictures.html"


def _ends(document: Any, endings: tuple[str, ...]) -> bool:
    return document.filename.lower().endswith(endings)


def _is_filled(value: Any) -> bool:
    from django.utils.html import strip_tags

    return bool(strip_tags(getattr(value, "source", str(value))).strip()) if value else False
