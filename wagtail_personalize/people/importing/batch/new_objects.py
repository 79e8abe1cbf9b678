"""Making a linked object that is missing, with what it links to itself, such as the country of a city."""

from collections.abc import Mapping

from django.db.models import Model

from ..mapping.links import Key, Link
from ..mapping.text_templates import fill


def further_values(link: Link, cells: Mapping[str, str], key: Key) -> dict[str, str]:
    """The fields that the mapping's ``new`` fills, from the cells of the line that asked first."""
    texts = {**cells, "path": " / ".join(key), "value": key[-1]}
    return {name: fill(template, texts) for name, template in link.rule.new.items()}


def make_object(link: Link, key: Key, cells: Mapping[str, str], *, dry_run: bool) -> Model:
    """Check the object and save it, unless this is a dry run; a ``ValidationError`` says why it cannot be made."""
    find = dict(zip(link.rule.find, key, strict=True))
    new = further_values(link, cells, key)
    values = {name: text for name, text in (new | find).items() if "__" not in name}
    beside = _objects_beside(link, find, new, dry_run)
    made = link.model(**values, **{name: each for name, each in beside.items() if each.pk})
    made.full_clean(exclude=[name for name, each in beside.items() if not each.pk])
    if not dry_run:
        made.save()
    return made


def _objects_beside(link: Link, find: dict[str, str], new: dict[str, str], dry_run: bool) -> dict[str, Model]:
    """What the object links to, by name of the field."""
    beside = {}
    for name in {name.partition("__")[0] for name in find if "__" in name}:
        wanted = _below(name, find)
        if any(wanted.values()):
            model = link.model._meta.get_field(name).related_model
            beside[name] = _known(model, wanted) or _make_beside(model, _below(name, new) | wanted, dry_run)
    return beside


def _below(name: str, values: dict[str, str]) -> dict[str, str]:
    """Those values that belong to the object behind ``name``."""
    return {path.partition("__")[2]: text for path, text in values.items() if path.startswith(f"{name}__")}


def _known(model: type[Model], wanted: dict[str, str]) -> Model | None:
    """The stored object with exactly these values; the database itself may not distinguish case."""
    found = model._default_manager.filter(**wanted)
    return next((each for each in found if all(str(getattr(each, name)) == wanted[name] for name in wanted)), None)


def _make_beside(model: type[Model], values: dict[str, str], dry_run: bool) -> Model:
    made = model(**values)
    made.full_clean()
    if not dry_run:
        made.save()
    return made
