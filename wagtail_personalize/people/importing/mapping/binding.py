"""A mapping bound to the site: every column, target and template is checked before the first line is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.auth import get_user_model
from django.db.models import Field
from django.utils.translation import gettext as _

from wagtail_personalize.people.declaration import ProfileDeclaration

from ..sources.contract import ImportRefused
from .checks import check_columns, check_people, check_targets, named_columns
from .definition import Mapping
from .link_checks import checked, link_by_key
from .links import Link
from .rules import ColumnRule
from .targets import Target, resolve

#: The column of constants. No file has it, so its text is empty, and the rule's ``values`` put the constant there.
CONSTANT = ""


@dataclass(frozen=True, eq=False)
class BoundColumn:
    """A column and the field that it fills."""

    column: str
    target: Target
    rule: ColumnRule


@dataclass
class Binding:
    """What the import works with."""

    declaration: ProfileDeclaration
    mapping: Mapping
    columns: list[BoundColumn] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    #: Column → how its dates are written; filled when that has been found out.
    date_formats: dict[str, str] = field(default_factory=dict)

    @property
    def staff_number(self) -> Field:
        return self.declaration.profile_model._meta.get_field(self.declaration.staff_number)

    @property
    def manager(self) -> Field:
        return self.declaration.profile_model._meta.get_field(self.declaration.manager)

    @cached_property
    def manager_pointer(self) -> str:
        """Lookup path from a manager's profile to what the manager field stores."""
        name = self.manager.target_field.name
        is_profile = issubclass(self.declaration.profile_model, self.manager.related_model)
        return name if is_profile else f"{self.declaration.user}__{name}"

    @cached_property
    def login_name(self) -> Target:
        """The field by which people sign in."""
        user_model = get_user_model()
        return Target("login_name", "user", user_model._meta.get_field(user_model.USERNAME_FIELD))

    def used_columns(self, present: Iterable[str]) -> list[str]:
        """The columns that the import reads; the others are forgotten at once."""
        named = {name for name, _optional in named_columns(self.mapping)}
        return [name for name in present if name in named and name != CONSTANT]

    def date_columns(self) -> Iterable[tuple[str, str]]:
        """(column, format said in the mapping or nothing) of every column that holds dates."""
        for bound in self.columns:
            if bound.target.field.get_internal_type() in ("DateField", "DateTimeField") and bound.column != CONSTANT:
                yield bound.column, bound.rule.date_format or self.mapping.date_format
        if rule := self.mapping.leave_date:
            yield rule.column, rule.date_format or self.mapping.date_format


def bind(
    mapping: Mapping, declaration: ProfileDeclaration | None, columns: Iterable[str], *, full: bool = False
) -> Binding:
    """Check the mapping against the site and the columns of the file; refuses with the first mistake."""
    if declaration is None or not declaration.staff_number:
        raise ImportRefused(_("To import people, the profile declaration must name the field of the staff number."))
    present = {*columns, CONSTANT}
    check_columns(mapping, present)
    binding = Binding(declaration, mapping)
    for column, rule in _column_rules(mapping):
        if column in present:
            add_column(binding, column, rule)
    for name, rule in mapping.links.items():
        link = checked(Link(resolve(name, declaration), rule))
        if present.issuperset(link.columns):
            binding.links.append(link)
    check_targets([(each.target, each.rule.only_new) for each in [*binding.columns, *binding.links]])
    check_people(binding, full)
    return binding


def _column_rules(mapping: Mapping) -> Iterable[tuple[str, ColumnRule]]:
    for column, rules in mapping.columns.items():
        yield from ((column, rule) for rule in rules)
    for name, value in mapping.constants.items():
        yield CONSTANT, ColumnRule(to=name, values={"": value})


def add_column(binding: Binding, column: str, rule: ColumnRule) -> None:
    """Bind one column; refuses what it cannot fill."""
    target = resolve(rule.to, binding.declaration)
    if target.is_link or target.is_many:
        binding.links.append(link_by_key(column, target, rule))
    else:
        binding.columns.append(BoundColumn(column, target, rule))
