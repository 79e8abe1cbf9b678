"""Announcements, the menu of the footer, topics, documents and a landing page, from ``content/more.toml``.

Each is made only where it is missing: what editors changed stays.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page, Site

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.audiences import Clause, intern
from wagtail_personalize.targeting.collection_audiences import set_collection_audience
from wagtail_personalize.targeting.content.models import Announcement, KnowledgeTopic, LandingPage, Menu
from wagtail_personalize.targeting.models import Audience

from .markup import Writer, typeset, with_days
from .paper import one_page

MORE = Path(__file__).parent / "content" / "more.toml"
Segments = dict[str, Segment]


def load_topics(segments: Segments) -> None:
    for entry in _read()["topics"]:
        advanced = _audience(entry.get("advanced", []), segments)
        KnowledgeTopic.objects.get_or_create(slug=entry["slug"], defaults={"name": entry["name"], "advanced": advanced})


def load_documents(segments: Segments) -> None:
    """Small files in collections, some of them restricted."""
    documents = get_document_model()
    for entry in _read()["collections"]:
        room = Collection.objects.filter(name=entry["name"]).first()
        if room is None:
            room = Collection.get_first_root_node().add_child(name=entry["name"])
            if "restrict" in entry:
                set_collection_audience(room, None, _clause(entry["restrict"], segments))
        for title, tag in entry["documents"]:
            if not documents.objects.filter(title=title).exists():
                file = ContentFile(one_page(title), f"{title.lower().replace(' ', '-')}.pdf")
                documents.objects.create(title=title, file=file, collection=room).tags.add(tag)


def load_more(today: date, segments: Segments) -> None:
    """What leads to pages, so after them."""
    content = _read(today)
    if not Announcement.objects.exists():
        for entry in content["announcements"]:
            _announce(entry, today, segments)
    if not Menu.objects.filter(slug="footer").exists():
        Menu.objects.create(slug="footer", name="More", entries=_entries(content["footer"], segments))
    for entry in content["landing_pages"]:
        page = _page(entry["page"])
        LandingPage.objects.get_or_create(page=page, defaults={"audience": _audience(entry["for"], segments)})


def _announce(entry: dict[str, Any], today: date, segments: Segments) -> None:
    ends = timezone.make_aware(datetime.combine(today + timedelta(entry["days"]), time.min))
    Announcement.objects.create(
        **{name: entry[name] for name in ("title", "text", "level")},
        dismissible=entry.get("dismissible", True),
        page=_page(entry["page"]) if "page" in entry else None,
        audience=_audience(entry.get("for", []), segments),
        visible_until=ends,
    )


def _entries(groups: list[dict[str, Any]], segments: Segments) -> list[dict[str, Any]]:
    writer = Writer("footer", str, lambda include, exclude: None)
    return [
        writer.block(
            "group", {"label": group["label"], "entries": [_entry(e, segments, writer) for e in group["links"]]}
        )
        for group in groups
    ]


def _entry(entry: dict[str, Any], segments: Segments, writer: Writer) -> dict[str, Any]:
    named = [str(segments[slug].uuid) for slug in entry.get("for", [])]
    audience = {"include": named, "exclude": [], "starts": None, "ends": None} if named else None
    if "page" in entry:
        value = {"page": _page(entry["page"]).pk, "label": entry.get("label", ""), "with_children": False}
        return writer.block("page", {**value, "audience": audience})
    return writer.block("link", {"label": entry["label"], "address": entry["address"], "audience": audience})


def _page(path: str) -> Page:
    root = Site.objects.get(is_default_site=True).root_page
    return Page.objects.get(url_path=root.url_path + path.removeprefix("/"))


def _clause(slugs: list[str], segments: Segments) -> Clause:
    return Clause.of([segments[slug] for slug in slugs])


def _audience(slugs: list[str], segments: Segments) -> Audience | None:
    return intern([_clause(slugs, segments)]) if slugs else None


def _read(today: date | None = None) -> dict[str, Any]:
    text = MORE.read_text(encoding="utf-8")
    return typeset(tomllib.loads(with_days(text, today) if today else text))
