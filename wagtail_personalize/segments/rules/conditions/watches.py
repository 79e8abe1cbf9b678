"""Which objects of other apps a condition type looks at, and whose answer changes with them."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import class_prepared, post_delete, post_save, pre_delete, pre_save

from wagtail_personalize.people.changes import is_suppressed

#: Where an instance keeps, between the two signals of one change, whose it was before.
_BEFORE = "_personalize_watched"

Tell = Callable[[str, Collection[Any]], None]


class Watch(NamedTuple):
    """Saves and deletions of ``model`` change the answer for the users at the end of the path ``person``.

    Without a path rules only name these objects: one that comes or goes breaks or mends them.
    """

    model: str
    person: str | None = None

    def people(self, instance: Model) -> set[Any]:
        """The keys of the users to whom the stored object belongs."""
        if self.person is None or instance.pk is None:
            return set()
        rows = type(instance)._base_manager.filter(pk=instance.pk)
        return set(rows.values_list(f"{self.person}__pk", flat=True)) - {None}


def watch(model: str | type[Model], person: str | None = None) -> Watch:
    """Watch a model (``"app_label.Model"``); ``person`` is the path from it to the user."""
    return Watch(model if isinstance(model, str) else model._meta.label, person)


def listen(topic: str, position: int, watched: Watch, tell: Tell) -> None:
    """Call ``tell`` with the topic and the people whenever such an object changes."""

    def before(instance: Model, raw: bool = False, **kwargs: Any) -> None:
        if not raw and not is_suppressed():
            stored = set() if instance._state.adding else watched.people(instance)
            instance.__dict__.setdefault(_BEFORE, {})[topic, position] = stored

    def after(instance: Model, raw: bool = False, **kwargs: Any) -> None:
        people = instance.__dict__.get(_BEFORE, {}).pop((topic, position), None)
        if people is not None:
            tell(topic, people | watched.people(instance))

    def connect(sender: type[Model], **kwargs: Any) -> None:
        if not _is_watched(sender, watched):
            return
        for signal, receiver in ((pre_save, before), (post_save, after), (pre_delete, before), (post_delete, after)):
            uid = f"personalize_segments.{topic}.{position}.{id(signal)}"
            signal.connect(receiver, sender=sender, weak=False, dispatch_uid=uid)

    class_prepared.connect(connect, weak=False, dispatch_uid=f"personalize_segments.{topic}.{position}")
    for models in list(apps.all_models.values()):
        for model in list(models.values()):
            connect(model)


def _is_watched(model: type[Model], watched: Watch) -> bool:
    """Is this the model, or a proxy or a child of it? Their saves are told under their own name only."""
    labels = {base._meta.label_lower for base in model.__mro__ if getattr(base, "_meta", None) is not None}
    return watched.model.lower() in labels
