"""Whether a link of the mapping can work, found out before the first line is read."""

from dataclasses import replace

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from wagtail_personalize.people.paths import Hop, hops

from ..sources.contract import ImportRefused
from .links import Link
from .rules import ColumnRule, LinkRule
from .targets import Target


def link_by_key(column: str, target: Target, rule: ColumnRule) -> Link:
    """A linked object that one column names by the key of the declared attribute."""
    same = {name: getattr(rule, name) for name in ("values", "separator", "create", "empty", "only_new", "optional")}
    return checked(Link(target, LinkRule(find={_key(target): column}, **same)))


def checked(link: Link) -> Link:
    """The link, complete; refuses one that cannot work."""
    target, rule = link.target, link.rule
    if not (target.is_link or target.is_many):
        raise _refuse(link, _("this is no link to another model; map it under [columns]"))
    if bool(rule.find) == bool(rule.path):
        raise _refuse(link, _("say either “find” or “path”"))
    if rule.path and target.is_many:
        raise _refuse(link, _("a field with several values has no path"))
    if rule.separator and len(link.columns) > 1:
        raise _refuse(link, _("a separator goes with one column"))
    if rule.separator and not (rule.path or target.is_many):
        raise _refuse(link, _("this holds one value and needs no separator"))
    if rule.path and not rule.by:
        link = replace(link, rule=replace(rule, by=_key(target)))
    for name in [*rule.find, *rule.new, *([link.rule.by] if rule.path else [])]:
        _check_field(link, name)
    return link


def _check_field(link: Link, name: str) -> None:
    try:
        steps = hops(link.model, name)
    except FieldDoesNotExist:
        raise _refuse(
            link, _("the model %(model)s has no field “%(field)s”") % {"model": link.model._meta.label, "field": name}
        ) from None
    can_be_made = name != "pk" and (len(steps) == 1 or (len(steps) == 2 and not link.rule.path and _is_link(steps[0])))
    if link.rule.create and not can_be_made:
        raise _refuse(link, _("an object cannot be made from “%(field)s”; use a field of its own") % {"field": name})


def _is_link(hop: Hop) -> bool:
    return isinstance(hop.field, ForeignKey)


def _key(target: Target) -> str:
    return getattr(target.attribute, "key", "pk")


def _refuse(link: Link, why: str) -> ImportRefused:
    return ImportRefused(_("[links.%(name)s]: %(why)s.") % {"name": link.target.name, "why": why})
