"""When values may have come or gone: a cheap look first, and then the whole series.

Which attributes have a series is kept in the process under the ``segments`` version, so a site without any pays
nothing for it.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.core.signals import setting_changed
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from wagtail_personalize.people.changes import is_suppressed

from .. import versions
from ..index import newest_index
from ..rules.broken import BrokenRule
from .following import follow
from .models import SegmentSeries, SeriesValue
from .values import declared, keys_among, linked_model, suitable_attributes

_known: tuple[int, dict[str, int]] = (-1, {})
_connected: list[tuple[Any, Callable, type[Model]]] = []


def profiles_changed(
    *, person_ids: Collection[Any] | None, attributes: Collection[str] | None, cause: str, **kwargs: Any
) -> None:
    """Values that are new among these people get a segment; what is gone is found with everybody or at night."""
    for name, pk in _series(newest_index().version, attributes):
        if person_ids is None or _has_news(name, pk, person_ids):
            _follow([pk])


def names_changed(*, attributes: Collection[str], **kwargs: Any) -> None:
    """A linked object came or went."""
    _follow([pk for _name, pk in _series(newest_index().version, attributes)])


def object_changed(sender: type[Model], created: bool = True, raw: bool = False, **kwargs: Any) -> None:
    """A linked object was renamed or deleted; ``names_changed`` tells of a new one."""
    if raw or is_suppressed() or (kwargs["signal"] is post_save and created):
        return
    names = [one.name for one in suitable_attributes() if _is_linked(one, sender)]
    _follow([pk for _name, pk in _series(versions.number_of(versions.SEGMENTS), names)])


def connect() -> None:
    """Listen to the models of linked objects; a faulty declaration is left to the system checks."""
    while _connected:
        signal, receiver, sender = _connected.pop()
        signal.disconnect(receiver, sender=sender)
    try:
        attributes = suitable_attributes()
    except (AttributeError, FieldDoesNotExist, ImportError, ImproperlyConfigured, LookupError, ValueError):
        return
    for model in apps.get_models():
        if any(_is_linked(attribute, model) for attribute in attributes):
            for signal in (post_save, post_delete):
                signal.connect(object_changed, sender=model)
                _connected.append((signal, object_changed, model))


def _series(version: int, attributes: Collection[str] | None) -> list[tuple[str, int]]:
    global _known
    if _known[0] != version:
        _known = (version, dict(SegmentSeries.objects.values_list("attribute", "pk")))
    return [(name, pk) for name, pk in _known[1].items() if attributes is None or name in attributes]


def _follow(pks: list[int]) -> None:
    for series in SegmentSeries.objects.filter(pk__in=pks) if pks else ():
        follow(series)


def _has_news(name: str, pk: int, person_ids: Collection[Any]) -> bool:
    attribute = declared(name)
    keys = keys_among(attribute, person_ids) if attribute else set()
    known = SeriesValue.objects.filter(series=pk, gone=False).values_list("value", flat=True)
    return bool(keys) and not keys <= set(known)


def _is_linked(attribute: Any, model: type[Model]) -> bool:
    try:
        linked = linked_model(attribute)
    except (BrokenRule, LookupError, ValueError):
        return False
    return linked is not None and issubclass(model, linked)


def _reconnect(*, setting: str, **kwargs: Any) -> None:
    if setting == "WAGTAIL_PERSONALIZE":
        connect()


setting_changed.connect(_reconnect, dispatch_uid="wagtail_personalize.segments.series")
