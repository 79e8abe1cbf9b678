"""How an editor chooses an audience in a form."""

import json
from typing import Any

from django import forms


class AudienceInput(forms.Textarea):
    """An audience choice in its stored form (``None`` or a dictionary), sent as JSON."""

    def format_value(self, value: Any) -> str:
        return "" if value is None else json.dumps(value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = data.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            return value
