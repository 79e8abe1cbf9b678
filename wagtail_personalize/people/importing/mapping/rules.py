"""What the tables of a mapping file may say, key by key. ``mapping`` reads them."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class ColumnRule:
    """What one column fills."""

    #: An attribute, ``user.<field>`` or ``profile.<field>``.
    to: str
    #: Text in the file → value to store.
    values: dict[str, Any] = field(default_factory=dict)
    #: What an empty cell does: empty the stored value, or keep it.
    empty: Literal["clear", "keep"] = "clear"
    #: Write it only when the import makes the person; the only way to fill what people edit themselves.
    only_new: bool = False
    #: The file may lack this column.
    optional: bool = False
    date_format: str = ""
    #: ``","`` when 1,5 means one and a half.
    decimal: Literal[".", ","] = "."
    #: For a linked object: make it when it is missing.
    create: bool = False
    #: For several values in one cell.
    separator: str = ""


@dataclass(frozen=True)
class LinkRule:
    """Which object a foreign key or a many-to-many field points to, when one key column does not say it."""

    #: Field of the object → column.
    find: dict[str, str] = field(default_factory=dict)
    #: Columns from the top of a tree down, or one column with a ``separator``.
    path: list[str] = field(default_factory=list)
    #: Text in the file → text to look for.
    values: dict[str, str] = field(default_factory=dict)
    #: The field that the steps of a ``path`` are compared with; by default the key of the declared attribute.
    by: str = ""
    separator: str = ""
    create: bool = False
    #: Further fields of an object that is made here: field → template.
    new: dict[str, str] = field(default_factory=dict)
    empty: Literal["clear", "keep"] = "clear"
    only_new: bool = False
    optional: bool = False


@dataclass(frozen=True)
class ManagerRule:
    """The column with the staff number of a person's manager, who may stand anywhere in the file."""

    column: str
    #: When it holds something else, such as a ``dn``: the column in which the manager's own line has the same.
    by: str = ""
    #: A manager whom neither the file nor the site knows: reject the line, or leave the manager empty.
    unknown: Literal["reject", "empty"] = "reject"
    optional: bool = False


@dataclass(frozen=True)
class LeaveRule:
    """The column with the date on which a person leaves."""

    column: str
    date_format: str = ""
    #: The date is the last day at work: the person is inactive from the day after.
    last_day: bool = False
    optional: bool = False
