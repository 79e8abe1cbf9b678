"""*Is this key one of very many?*, as one parameter: neither Django nor the database looks at each of them twice."""

import json
from typing import Any

from django.db.models import Lookup


class Among(Lookup):
    """Is the key on the left one of these? As ``Q(Among(F("person"), keys))``."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        sql, params, keys = self._parts(compiler, connection)
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(keys)]

    def as_postgresql(self, compiler, connection):
        sql, params, keys = self._parts(compiler, connection)
        return f"{sql} = ANY(%s)", [*params, keys]

    def as_sql(self, compiler, connection):
        sql, params, keys = self._parts(compiler, connection)
        return (f"{sql} IN ({', '.join(['%s'] * len(keys))})", [*params, *keys]) if keys else ("1 = 0", [])

    def _parts(self, compiler: Any, connection: Any) -> tuple[str, list[Any], list[Any]]:
        field = self.lhs.output_field
        while field.is_relation:
            field = field.target_field
        sql, params = self.process_lhs(compiler, connection)
        return sql, list(params), [field.get_db_prep_value(key, connection) for key in self.rhs]
