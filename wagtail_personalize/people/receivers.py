"""Signal receivers: a save, a deletion or a new link becomes one call of ``announce`` with what it really changed.

They are connected per watched model, never to all models: a listener that hears every deletion would slow down every
deletion of the site.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from django.core.signals import setting_changed
from django.db.models import Model
from django.db.models.signals import ModelSignal, m2m_changed, post_delete, post_save, pre_delete, pre_save

from .changes import announce, is_suppressed, line_up
from .closure import nodes_under, people_below, rebuild_tree
from .declaration import get_declaration
from .importing.models import Departure
from .origins.saving import forget, has_new_owner, note_lost, note_saved, values_lost_with, values_set
from .watches import ANYTHING, ManyWatch, Watch, Watches

#: Where an instance keeps, between the two signals of one save or deletion, what was true before.
_BEFORE = "_personalize_before"

_watches: Watches | None = None
_connected: list[tuple[ModelSignal, Callable, type[Model]]] = []


def connect() -> None:
    """Listen to every model that the declaration depends on; a faulty declaration is left to the system checks."""
    global _watches
    disconnect()
    try:
        declaration = get_declaration()
        _watches = Watches(declaration) if declaration else None
    except (AttributeError, FieldDoesNotExist, ImportError, ImproperlyConfigured, LookupError, ValueError):
        _watches = None
    if _watches:
        _connect_objects(_watches)
        _connect_many(_watches)


def disconnect() -> None:
    """Listen to nothing."""
    while _connected:
        signal, receiver, sender = _connected.pop()
        signal.disconnect(receiver, sender=sender)


def _listen(signal: ModelSignal, receiver: Callable, sender: type[Model]) -> None:
    signal.connect(receiver, sender=sender)
    _connected.append((signal, receiver, sender))


def _connect_objects(watches: Watches) -> None:
    for model in apps.get_models(include_auto_created=False):
        if watches.of(model):
            _listen(pre_save, _before_save, model)
            _listen(post_save, _after_save, model)
            _listen(pre_delete, _before_delete, model)
            _listen(post_delete, _after_delete, model)


def _connect_many(watches: Watches) -> None:
    for through in {watch.through for watch in watches.many.values()}:
        _listen(m2m_changed, _many_changed, through)
        if not through._meta.auto_created:
            _listen(post_save, _through_changed, through)
            _listen(post_delete, _through_changed, through)


# Saving


def _before_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    instance.__dict__.pop(_BEFORE, None)
    if raw or is_suppressed():
        return
    watches = _watches.of(sender)
    names = {name for watch in watches for name in watch.fields if _is_written(instance, name, update_fields)}
    is_stored = instance.pk is not None
    values = names and is_stored and sender._base_manager.filter(pk=instance.pk).values(*names).first()
    if names and (not values or any(_differs(instance, name, values) for name in names)):
        line_up()
    setattr(instance, _BEFORE, {"values": values or {}, "people": _people(instance, [w for w in watches if w.owned])})


def _is_written(instance: Model, attname: str, update_fields: Any) -> bool:
    field = instance._meta.get_field(attname)
    return update_fields is None or field.name in update_fields or attname in update_fields


def _after_save(sender, instance, created, raw=False, update_fields=None, **kwargs) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    if before is None:
        return
    if not created and isinstance(instance, get_declaration().user_model):
        _forget_departure(instance, before["values"], update_fields)
    people, attributes, named, values, made = before["people"], set(), set(), set(), set()
    for watch in _watches.of(sender):
        fields = [name for name in watch.fields if created or _differs(instance, name, before["values"])]
        if found := {attribute for name in fields for attribute in watch.fields[name]}:
            attributes |= found
            named |= found & watch.named
            owners = _people(instance, [watch])
            values |= set(product(owners, values_set(watch, fields)))
            made |= owners if has_new_owner(instance, fields, created) else set()
            people |= owners | _previous_owner(watch, before["values"]) | _moved_nodes(watch, instance, found)
    if attributes:
        announce(people, _all_or_some(attributes), named=named)
        note_saved(values, made)


def _moved_nodes(watch: Watch, instance: Model, attributes: set[str]) -> set[Any]:
    """Rebuild the trees in which this node is new or was moved; returns the people under it."""
    people: set[Any] = set()
    for tree in watch.trees:
        if tree.name in attributes:
            rebuild_tree(tree)
            people |= _people_at(tree.path, nodes_under(instance))
    return people


def _forget_departure(user: Model, old: dict[str, Any], update_fields: Any) -> None:
    """Whom somebody makes active again, no import brings back when they are locked out later."""
    is_stored = any(field.attname == "is_active" for field in user._meta.concrete_fields)
    if is_stored and user.is_active and not old.get("is_active") and _is_written(user, "is_active", update_fields):
        Departure.objects.filter(person=user.pk).delete()


def _differs(instance: Model, attname: str, old: dict[str, Any]) -> bool:
    if attname not in old:
        return False
    try:
        return instance._meta.get_field(attname).to_python(getattr(instance, attname)) != old[attname]
    except (TypeError, ValidationError):
        return True


def _previous_owner(watch: Watch, old: dict[str, Any]) -> set[Any]:
    """The person whose profile this was before it was given to somebody else."""
    user = get_declaration().profile_model._meta.get_field(get_declaration().user)
    return set() if watch.prefix else {old.get(user.attname)} - {None}


# Deleting


def _before_delete(sender, instance, **kwargs) -> None:
    if is_suppressed():
        return
    watches = _watches.of(sender)
    line_up()
    owners = [(watch, _people(instance, [watch])) for watch in watches]
    people = {person for _watch, found in owners for person in found}
    for watch in watches:
        for tree in watch.trees:
            people |= _people_at(tree.path, nodes_under(instance))
    lost = values_lost_with(instance, owners)
    setattr(instance, _BEFORE, {"people": people | people_below(people), "lost": lost})


def _after_delete(sender, instance, **kwargs) -> None:
    before = instance.__dict__.pop(_BEFORE, None)
    if before is None:
        return
    attributes: set[str] = set()
    named: set[str] = set()
    for watch in _watches.of(sender):
        attributes |= watch.attributes
        named |= watch.named
        for tree in watch.trees:
            rebuild_tree(tree)
    people = _still_there(before["people"])
    announce(people, _all_or_some(attributes), named=named)
    forget(instance, people)
    note_lost(before["lost"])


def _still_there(people: set[Any]) -> set[Any]:
    return set(get_declaration().user_model._base_manager.filter(pk__in=people).values_list("pk", flat=True))


# Many-to-many


def _many_changed(sender, instance, action, reverse, pk_set, **kwargs) -> None:
    if is_suppressed():
        return
    for number, watch in enumerate(_watches.many.values()):
        if watch.through is not sender:
            continue
        if action == "pre_clear":
            setattr(instance, f"{_BEFORE}_{number}", _near_keys_now(watch, instance, reverse))
        elif action == "post_clear":
            _announce_many(watch, instance.__dict__.pop(f"{_BEFORE}_{number}", set()))
        elif action in ("post_add", "post_remove"):
            _announce_many(watch, {instance.pk} if pk_set and watch.instance_is_near(reverse) else pk_set)


def _near_keys_now(watch: ManyWatch, instance: Model, reverse: bool) -> set[Any]:
    if watch.instance_is_near(reverse):
        return {instance.pk}
    return set(watch.hop.model._base_manager.filter(**{watch.hop.field.name: instance}).values_list("pk", flat=True))


def _through_changed(sender, instance, raw=False, **kwargs) -> None:
    if raw or is_suppressed():
        return
    for watch in _watches.many.values():
        if watch.through is sender:
            _announce_many(watch, {getattr(instance, watch.near_attname)})


def _announce_many(watch: ManyWatch, near_keys: set[Any]) -> None:
    if near_keys:
        people = _people_at(watch.hop.prefix, near_keys)
        announce(people, watch.attributes)
        note_saved(product(people, watch.attributes & get_declaration().by_name.keys()))


# Whom an object belongs to


def _people(instance: Model, watches: list[Watch]) -> set[Any]:
    if instance.pk is None:
        return set()
    return {person for watch in watches for person in _people_at(watch.prefix, {instance.pk})}


def _people_at(prefix: str, keys: set[Any]) -> set[Any]:
    declaration = get_declaration()
    path = f"{prefix}__pk__in" if prefix else "pk__in"
    people = declaration.profiles().filter(**{path: keys}).values_list(declaration.person_path, flat=True)
    return set(people) - {None}


def _all_or_some(attributes: set[str]) -> set[str] | None:
    return None if ANYTHING in attributes else attributes


def _reconnect(*, setting: str, **kwargs: Any) -> None:
    if setting == "WAGTAIL_PERSONALIZE":
        connect()


setting_changed.connect(_reconnect, dispatch_uid="wagtail_personalize.people.receivers")
