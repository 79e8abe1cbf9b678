"""An index of the server: what it could not be told is noted, and no page fails to be saved for it."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db.models import Model
from modelsearch.index import class_is_indexed

from wagtail_personalize.targeting.page_tree import page_model

from .documents import AUDIENCE, audiences_of, with_audiences
from .pending import begin_rebuild, catch_up_soon, end_rebuild, is_rebuilding, note

logger = logging.getLogger(__name__)


class MissingIndex(Exception):
    """Nobody has built this index, or somebody deleted it."""


class NotingIndex:
    """For an index of modelsearch. ``root`` is the root model of what is in it."""

    root: type[Model]

    def write(self, item: Model) -> None:
        """Write one document now, or raise."""
        self._insist()
        super().add_item(item)

    def delete_key(self, key: str) -> None:
        """Delete one document now, if it is there, or raise."""
        with suppress(self.backend.NotFoundError):
            self.es.delete(index=self.name, id=key)

    def add_item(self, item: Model) -> None:
        """Write, or note it for later. A document with an audience that changed meanwhile is written again."""
        if not class_is_indexed(type(item)):
            return
        with_audiences([item])
        try:
            self.write(item)
        except Exception as error:  # whatever an engine's client raises when its server is away
            self._later(item, error)
        else:
            self._written(item)

    def delete_item(self, item: Model) -> None:
        if is_rebuilding(self.root._meta.label_lower):
            note([item], is_written=True)
        try:
            super().delete_item(item)
        except Exception as error:  # as above
            self._later(item, error)

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        items = with_audiences(items)
        super().add_items(model, items)
        self._again_if_changed(items)

    def write_audiences(self, keys: Iterable[str]) -> None:
        """Write only who may see these pages, so that searches know it when this returns."""
        self._insist()
        key_of = page_model()._meta.pk.to_python
        actions = [
            {"_op_type": "update", "_id": str(key), "doc": {AUDIENCE: audience}}
            for key, audience in audiences_of([key_of(key) for key in keys]).items()
        ]
        _done, errors = self.backend.bulk(self.es, actions, index=self.name, refresh=True, raise_on_error=False)
        failed = [error for error in errors if error["update"].get("status") != 404]
        if failed:
            raise OSError(f"The search server refused {len(failed)} documents, such as {failed[0]}")

    def _insist(self) -> None:
        """The server would make an index that is not there, without knowing what its fields are."""
        if not self.es.indices.exists(index=self.name):
            raise MissingIndex(f"There is no index {self.name}: run update_index.")

    def _written(self, item: Model) -> None:
        if is_rebuilding(self.root._meta.label_lower):
            note([item], is_written=True)
        self._again_if_changed([item])
        catch_up_soon()

    def _later(self, item: Model, error: Exception) -> None:
        logger.warning(
            "The search server was not told of %s %s; it will be later: %s", item._meta.label, item.pk, error
        )
        note([item])

    def _again_if_changed(self, items: list[Model]) -> None:
        pages = [item for item in items if isinstance(item, page_model())]
        said = {page.pk: page.__dict__["_personalize_indexed_audience"] for page in pages}
        now = audiences_of(said) if said else {}
        note(page for page in pages if said[page.pk] != now[page.pk])


class NotingRebuilder:
    """For a rebuilder of modelsearch: what changes while it works reaches the new index."""

    def __init__(self, index: Any) -> None:
        super().__init__(index)
        self.root = index.root

    def start(self) -> Any:
        self._mark = begin_rebuild(self.root)
        return super().start()

    def finish(self) -> None:
        super().finish()
        end_rebuild(self._mark)
