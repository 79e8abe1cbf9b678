"""Loads ``content/personas.json``: target groups described as personas, with invented people."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from wagtail.images import get_image_model

from wagtail_personalize.segments.models import ExamplePerson, Persona, PersonaTopic, Segment

PERSONAS = Path(__file__).parent / "content" / "personas.json"
_SAID = ("summary", "needs", "motivation", "channel", "format")


def load_target_groups(today: date, segments: dict[str, Segment]) -> int:
    """Make each persona of the file that is not there yet; returns how many there are."""
    portraits = {image.title: image for image in get_image_model().objects.filter(title__startswith="portrait-")}
    known = set(Persona.objects.values_list("name", flat=True))
    entries = json.loads(PERSONAS.read_text(encoding="utf-8"))
    for entry in entries:
        if entry["name"] not in known:
            persona = Persona(name=entry["name"], **{key: entry[key] for key in _SAID})
            persona.segment, persona.portrait = segments[entry["segment"]], portraits.get(entry["portrait"])
            persona.topics = [PersonaTopic(topic=t, knowledge=k, frequency=f) for t, k, f in entry["topics"]]
            persona.examples = [_invented(person, today) for person in entry["examples"]]
            persona.save()
    return len(entries)


def _invented(person: dict[str, Any], today: date) -> ExamplePerson:
    hired = today - timedelta(days=person["hired_days_ago"])
    example = ExamplePerson(name=person["name"], values={**person["values"], "hire_date": hired.isoformat()})
    example.clean()
    return example
