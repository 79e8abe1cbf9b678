"""Names in the order of a dictionary: Ä beside A, capital letters or not, the same on every database.

``fold`` says which letters stand together, so it is one order for all languages. SQLite calls it; PostgreSQL is given
its table of letters, as its collation may be ``C``; MySQL and MariaDB sort so by themselves.
"""

import unicodedata
from typing import Any

from django.db.models import CharField, Func
from django.db.models.functions import Lower

from .folding import fold

_FUNCTION = "personalize_fold"


def _letters() -> dict[str, str]:
    """The accented Latin letters and the one plain letter that each stands beside."""
    letters = (chr(number) for number in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    found = {letter: fold(letter) for letter in letters if unicodedata.category(letter).startswith("L")}
    return {letter: plain for letter, plain in found.items() if len(plain) == 1 and plain.isascii()}


class Alphabetical(Func):
    """A text by which to order: ``order_by(Alphabetical("last_name"))``."""

    function = "LOWER"
    arity = 1
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list]:
        return self.as_sql(compiler, connection, function=_FUNCTION, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list]:
        letters = _letters()
        text, params = compiler.compile(Lower(self.source_expressions[0]))
        statement = f"REPLACE(TRANSLATE({text}, %s, %s), 'ß', 'ss')"
        return statement, [*params, "".join(letters), "".join(letters.values())]


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """Receiver of ``connection_created``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(_FUNCTION, 1, _folded, deterministic=True)


def _folded(text: Any) -> str | None:
    if text is None:
        return None
    text = str(text)
    return text.lower().strip() if text.isascii() else fold(text)
