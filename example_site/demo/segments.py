"""Loads ``content/segments.json``: segments as code, with a category and people who are always in."""

import json
from pathlib import Path

from django.contrib.auth import get_user_model

from wagtail_personalize.segments.manual import put_on_list
from wagtail_personalize.segments.models import ManualMember, Segment, SegmentCategory

SEGMENTS = Path(__file__).parent / "content" / "segments.json"


def load_segments() -> dict[str, Segment]:
    """Every segment of the file by its short name. Those that exist already, and what editors made of them, stay."""
    entries = json.loads(SEGMENTS.read_text(encoding="utf-8"))
    order = list(dict.fromkeys(entry["category"] for entry in entries))
    for entry in entries:
        category, _new = SegmentCategory.objects.get_or_create(
            name=entry["category"], defaults={"order": order.index(entry["category"])}
        )
        segment, is_new = Segment.objects.get_or_create(
            slug=entry["slug"],
            defaults={key: entry[key] for key in ("name", "description", "rule")} | {"category": category},
        )
        if is_new and "always_include" in entry:
            people = get_user_model().objects.filter(username__in=entry["always_include"])
            put_on_list(segment, people, ManualMember.Always.INCLUDE)
    return {segment.slug: segment for segment in Segment.objects.all()}
