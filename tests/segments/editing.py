"""What a browser sends when somebody edits a segment."""

import json
import re

from tests.builders import user
from tests.permissions import allowed
from wagtail_personalize.segments.admin.builder.conversion import GROUP, STORED, to_blocks
from wagtail_personalize.segments.admin.builder.fields import builder_for


def segment_data(editor, name, rule, publish=True, **fields):
    """The POST data of the segment form, as sent by ``editor`` with the rule builder holding ``rule``."""
    plain = {"description": "", "category": "", "slug": "", "always_included": "[]", "always_excluded": "[]"}
    action = {"action-publish": "action-publish"} if publish else {}
    lists = {key: json.dumps(value) for key, value in fields.items() if isinstance(value, list)}
    return {"name": name, **plain, **action, **fields, **lists, **rule_data(editor, rule)}


def rule_data(editor, rule):
    """The part of the POST data that the rule builder makes."""
    builder = builder_for(editor)
    pairs = _group(to_blocks(rule, builder.subjects), builder.block, "rule")
    return {key: str(value) for key, value in pairs}


def confirmed(client, url, data):
    """Post the form and, when the editor is asked whether so much may change, answer yes."""
    response = client.post(url, data)
    asked = re.search(r'name="confirmed-impact" value="(\w+)"', response.content.decode())
    return client.post(url, {**data, "confirmed-impact": asked.group(1)}) if asked else response


def editor_with(*permissions, **fields):
    """A user who may enter the admin and has these permissions of the segments room."""
    return allowed(user(**fields), *permissions)


def _group(raw, block, prefix):
    items, stream = raw["items"], block.child_blocks["items"]
    yield f"{prefix}-match", raw["match"]
    yield f"{prefix}-items-count", str(len(items))
    for position, child in enumerate(items):
        here = f"{prefix}-items-{position}"
        yield from {f"{here}-deleted": "", f"{here}-order": position, f"{here}-type": child["type"]}.items()
        yield f"{here}-id", child["id"]
        yield from _value(child, stream.child_blocks[child["type"]], f"{here}-value")


def _value(child, block, prefix):
    value = child["value"]
    if child["type"] == STORED:
        yield prefix, value
    elif child["type"] == GROUP:
        yield from _group(value, block, prefix)
    else:
        for name, part in block.child_blocks.items():
            given = value.get(name, part.get_default())
            yield f"{prefix}-{name}", json.dumps(given or []) if name == "values" else "" if given is None else given
