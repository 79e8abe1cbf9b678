"""Objects whose change has yet to reach an index: one small file per note, so that processes never share one."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.db.models import Model
from modelsearch.index import get_indexed_instance

#: (model label, primary key as text) of each object.
Change = tuple[str, str]


class Notes:
    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, changes: Iterable[Change]) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        unfinished = self.path / f".{uuid4().hex}"
        unfinished.write_text(json.dumps(list(changes)))
        unfinished.rename(self.path / f"{uuid4().hex}.json")

    def files(self) -> list[Path]:
        return list(self.path.glob("*.json"))

    def read(self, files: Iterable[Path]) -> set[Change]:
        found: set[Change] = set()
        for file in files:
            with suppress(OSError, ValueError):
                found |= {(label, key) for label, key in json.loads(file.read_text())}
        return found


def change(obj: Model) -> Change:
    return obj._meta.label_lower, str(obj.pk)


def as_it_is_now(noted: Change) -> Model | None:
    """The object in the form in which it is indexed, or ``None`` if it is gone or not to be found."""
    try:
        model = apps.get_model(noted[0])
    except LookupError:
        return None
    obj = model._base_manager.filter(pk=noted[1]).first()
    return get_indexed_instance(obj) if obj else None
