"""The typed attributes that a profile declaration is made of.

An attribute names one field or path of the site's profile model and says what kind of value is there. The kind decides
which operators a condition may use and which form control an editor gets. Every attribute says where its value comes
from (``source``) and why it is kept (``purpose``), because people can read both on their own page.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Literal

Source = Literal["hr", "admin", "self"]

#: What ``profiles_changed`` calls the reporting line, which no declared attribute names (see ``ProfileDeclaration``).
REPORTING_LINE = "reports_to"
#: What ``profiles_changed`` calls the membership in Django groups.
GROUPS = "in_group"
#: Names that a declared attribute may not have.
RESERVED_NAMES = frozenset({REPORTING_LINE, GROUPS, "in_segment", "not_in_segment", "not_in_group", "pk"})


@dataclass(frozen=True)
class Attribute:
    """One declared value of a person. Use a subclass: the class is the type.

    ``path`` is an ORM lookup path from the profile model, by default ``name``. ``visible`` attributes are shown to
    colleagues: by default all but birthdays.
    """

    name: str
    label: Any
    _: KW_ONLY
    path: str = ""
    source: Source = "hr"
    purpose: Any = ""
    legal_basis: Any = ""
    retention: Any = ""
    help_text: Any = ""
    visible: bool | None = None

    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if not self.path:
            object.__setattr__(self, "path", self.name)
        if self.visible is None:
            object.__setattr__(self, "visible", not getattr(self, "yearless", False))


@dataclass(frozen=True)
class Text(Attribute):
    """Free text; comparison folds case and accents."""

    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Choice(Attribute):
    """One value out of a list: the field's own choices, or the values that occur. Compared folded, like text."""

    kind: ClassVar[str] = "choice"


@dataclass(frozen=True)
class Number(Attribute):
    """A whole or decimal number; ``unit`` is shown behind it."""

    _: KW_ONLY
    unit: Any = ""
    kind: ClassVar[str] = "number"


@dataclass(frozen=True)
class Date(Attribute):
    """A calendar day (a datetime counts as its day in the site's time zone).

    ``yearless`` marks a birthday kept without its year (stored in the leap year 2000): it offers only *within N days*.
    """

    _: KW_ONLY
    yearless: bool = False
    kind: ClassVar[str] = "date"


@dataclass(frozen=True)
class YesNo(Attribute):
    """True or false; a missing value is neither."""

    kind: ClassVar[str] = "yes_no"


@dataclass(frozen=True)
class Link(Attribute):
    """A foreign key. Rules name the linked object by its unique field ``key``; editors see its ``str()``."""

    _: KW_ONLY
    key: str = "pk"
    kind: ClassVar[str] = "link"


@dataclass(frozen=True)
class Many(Attribute):
    """Several values: a many-to-many relation. Rules name the related objects by their unique field ``key``."""

    _: KW_ONLY
    key: str = "pk"
    kind: ClassVar[str] = "many"


@dataclass(frozen=True)
class Tree(Attribute):
    """A foreign key into a tree, such as department ⊂ division.

    ``parent`` names the foreign key from a node to its parent; treebeard's materialised paths need none.
    """

    _: KW_ONLY
    key: str = "pk"
    parent: str = "parent"
    kind: ClassVar[str] = "tree"


KINDS: dict[str, type[Attribute]] = {cls.kind: cls for cls in (Text, Choice, Number, Date, YesNo, Link, Many, Tree)}

__all__ = [
    "GROUPS",
    "KINDS",
    "REPORTING_LINE",
    "RESERVED_NAMES",
    "Attribute",
    "Choice",
    "Date",
    "Link",
    "Many",
    "Number",
    "Source",
    "Text",
    "Tree",
    "YesNo",
]
