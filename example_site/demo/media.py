"""News to listen to and to look at, made by ourselves: the hum of a heat pump, and pictures of a day."""

import math
import struct
import wave
from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from example_site.home.models import NewsIndexPage, NewsPage

SOUND = "The hum of the new compressor"
_RATE, _SECONDS = 8000, 4
_TRANSCRIPT = (
    "<p>“You hear it start: a low hum, then nothing for a moment. That is the soft start. Now it runs at full load, "
    "and this is as loud as it gets: 38 decibels, a quiet library.”</p>"
)
_PICTURES = ("assembly", "heat-pump", "utrecht")
_CAPTIONS = (
    "Six in the morning: the early shift meets at the board.",
    "The first pumps of the day go through the leak test.",
    "At ten the pallets leave for Landshut.",
)


def load_media() -> None:
    """A recording and a picture story among the news, where they are missing."""
    index = NewsIndexPage.objects.first()
    if index is None:
        return
    if not NewsPage.objects.filter(slug="how-quiet-is-quiet").exists():
        _publish(index, "How quiet is quiet?", "how-quiet-is-quiet", "Four seconds to listen to.", _recording(), 2)
    known = {image.title: image for image in get_image_model().objects.filter(title__in=_PICTURES)}
    pictures = [known[title] for title in _PICTURES if title in known]
    if len(pictures) == len(_PICTURES) and not NewsPage.objects.filter(slug="a-day-on-line-3").exists():
        story = {
            "title": "A day on line 3",
            "pictures": [{"image": p.pk, "caption": c} for p, c in zip(pictures, _CAPTIONS, strict=True)],
            "transcript": "",
        }
        _publish(
            index, "A day on line 3", "a-day-on-line-3", "From six to two, in three pictures.", [("pictures", story)], 4
        )


def _publish(index: NewsIndexPage, title: str, slug: str, lead: str, body: list, days: int) -> None:
    moment = timezone.now() - timedelta(days=days)
    picture = get_image_model().objects.filter(title=_PICTURES[0] if slug.startswith("a-day") else _PICTURES[1]).first()
    page = NewsPage(
        title=title, picture=picture, slug=slug, lead=lead, published=moment, first_published_at=moment, live=False
    )
    page.body = [(kind, page.body.stream_block.child_blocks[kind].to_python(value)) for kind, value in body]
    index.add_child(instance=page)
    page.save_revision().publish()


def _recording() -> list:
    document = get_document_model().objects.filter(title=SOUND).first()
    if document is None:
        document = get_document_model().objects.create(title=SOUND, file=ContentFile(_hum(), "compressor.wav"))
    return [("audio", {"title": SOUND, "file": document.pk, "transcript": _TRANSCRIPT})]


def _hum() -> bytes:
    """A low tone with an overtone that swells and fades."""
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(b"".join(struct.pack("<h", _level(step / _RATE)) for step in range(_RATE * _SECONDS)))
    return file.getvalue()


def _level(second: float) -> int:
    swell = math.sin(math.pi * second / _SECONDS)
    return round(6000 * swell * (math.sin(2 * math.pi * 98 * second) + 0.4 * math.sin(2 * math.pi * 196 * second)))
