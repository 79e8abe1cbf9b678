"""What can be wrong between a mapping, a file and a site, said before the first line is read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from ..sources.contract import ImportRefused
from ..users import has_field
from .definition import Mapping
from .targets import Target
from .text_templates import columns_of

if TYPE_CHECKING:
    from .binding import Binding


def named_columns(mapping: Mapping) -> Iterable[tuple[str, bool]]:
    """(column, may be missing) of all that the mapping names."""
    yield mapping.match, False
    for column, rules in mapping.columns.items():
        yield column, all(rule.optional for rule in rules)
    for rule in mapping.links.values():
        yield from ((column, rule.optional) for column in [*rule.find.values(), *rule.path])
        for template in rule.new.values():
            yield from ((column, rule.optional) for column in columns_of(template) if column not in ("path", "value"))
    for rule in filter(None, (mapping.manager, mapping.leave_date)):
        yield rule.column, rule.optional
    if mapping.manager and mapping.manager.by:
        yield mapping.manager.by, mapping.manager.optional
    yield from ((column, not mapping.create_users) for column in columns_of(mapping.login_name))


def check_columns(mapping: Mapping, present: set[str]) -> None:
    """Refuse a file that lacks a column which the mapping needs."""
    missing = [column for column, optional in named_columns(mapping) if column not in present and not optional]
    if missing:
        raise ImportRefused(
            _("The file lacks columns that the mapping names: %(missing)s. It has: %(present)s.")
            % {"missing": ", ".join(dict.fromkeys(missing)), "present": ", ".join(sorted(filter(None, present)))}
        )


def check_targets(targets: Iterable[tuple[Target, bool]]) -> None:
    """Refuse two columns for one field, and overwriting what people say about themselves."""
    seen: set[Field] = set()
    for target, only_new in targets:
        if target.field in seen:
            raise ImportRefused(_("The mapping fills “%(name)s” twice.") % {"name": target.name})
        if target.attribute and target.attribute.source == "self" and not only_new:
            raise ImportRefused(
                _(
                    "People fill in “%(name)s” themselves; an import would overwrite it. "
                    "Say only_new = true to fill it only for new people."
                )
                % {"name": target.name}
            )
        seen.add(target.field)


def check_people(binding: "Binding", full: bool) -> None:
    """Refuse what the site's models cannot do."""
    if not binding.staff_number.unique:
        raise ImportRefused(_("The field of the staff number must be unique (unique=True)."))
    if (binding.mapping.leave_date or full) and not has_field("is_active"):
        raise ImportRefused(_("The user model has no field is_active, so nobody can be marked as left."))
    if binding.mapping.manager and not binding.declaration.manager:
        raise ImportRefused(_("The mapping has a manager, but the profile declaration names no field for it."))
    if binding.mapping.manager and not binding.manager.null:
        raise ImportRefused(_("The field of the manager must accept nothing (null=True)."))
    if binding.mapping.create_users:
        _check_new_people(binding)


def _check_new_people(binding: "Binding") -> None:
    filled = {bound.target.field for bound in binding.columns} | {link.target.field for link in binding.links}
    if binding.login_name.field not in filled and not binding.mapping.login_name:
        raise ImportRefused(_("To create users the mapping must say login_name, or fill the login field."))
    if binding.login_name.field in filled and binding.mapping.login_name:
        raise ImportRefused(_("The mapping says login_name and fills the login field too; say one."))
    profile, user = binding.declaration.profile_model, get_user_model()
    if any(model._meta.get_parent_list() for model in (profile, user)):
        raise ImportRefused(_("People cannot be created: the user or profile model inherits from another table."))
    own = {binding.login_name.field, binding.staff_number, profile._meta.get_field(binding.declaration.user)}
    own |= {user._meta.get_field("password")}
    lacking = [field.name for model in (user, profile) for field in _required(model) if field not in filled | own]
    if lacking:
        raise ImportRefused(
            _("To create people the mapping must also fill: %(names)s (a column or a constant).")
            % {"names": ", ".join(lacking)}
        )


def _required(model: type[Model]) -> Iterable[Field]:
    """Fields that must be given a value."""
    for field in model._meta.concrete_fields:
        automatic = field.primary_key or field.has_default() or getattr(field, "auto_now_add", False)
        if not (automatic or field.null or field.blank or getattr(field, "auto_now", False)):
            yield field
