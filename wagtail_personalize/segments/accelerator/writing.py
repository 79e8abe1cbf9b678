"""Inserting very many memberships: one statement for many rows, whatever the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models.constants import OnConflict

from wagtail_personalize.people.many_rows import insert_values

from ..models import Membership

_FIELDS = ("segment", "person", "since", "cause")


def insert_pairs(pairs: Sequence[tuple[int, Any]], since: datetime, cause: str, *, using: str) -> int:
    """Insert memberships for these raw keys of segments and people; what is there already is left alone."""
    if not pairs:
        return 0
    connection = connections[using]
    meta, quote = Membership._meta, connection.ops.quote_name
    columns = ", ".join(quote(meta.get_field(name).column) for name in _FIELDS)
    insert = f"{connection.ops.insert_statement(on_conflict=OnConflict.IGNORE)} {quote(meta.db_table)} ({columns})"
    suffix = connection.ops.on_conflict_suffix_sql([], OnConflict.IGNORE, [], [])
    since = connection.ops.adapt_datetimefield_value(since)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            segment, person = (meta.get_field(name).db_type(connection) for name in _FIELDS[:2])
            rows = f"SELECT s, p, %s, %s FROM unnest(%s::{segment}[], %s::{person}[]) AS pairs (s, p)"
            segments, people = map(list, zip(*pairs, strict=True))
            cursor.execute(f"{insert} {rows} {suffix}", [since, cause, segments, people])
        else:
            insert_values(cursor, f"{insert} VALUES", suffix, [(*pair, since, cause) for pair in pairs])
    return len(pairs)
