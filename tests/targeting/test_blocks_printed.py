"""However a template prints a struct or a list, nothing that is meant for others comes out."""

import pytest
from django.template import engines
from wagtail import blocks

from tests.builders import audience, person, segment
from tests.intranet.models import NoteBlock, PlainBlock
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.blocks import AudienceStructBlock, Targeted, VariantsBlock

pytestmark = pytest.mark.django_db

PRINTED = {
    "itself": "{{ value }}",
    "as a block": "{% load wagtailcore_tags %}{% include_block value %}",
    "a part": "{{ value.x }}",
    "each of a part": "{% for one in value.x %}{{ one }}{% endfor %}",
    "each part": "{% for name, part in value.items %}{{ part }}{% endfor %}",
    "the first of a part": "{{ value.x.0 }}",
    "a part, joined": "{{ value.x|join:', ' }}",
    "bound": "{% for one in value.bound_blocks.values %}{{ one }}{{ one.render }}{{ one.value }}{% endfor %}",
}


def struct(child):
    return blocks.StructBlock([("x", child)])


def notes():
    return blocks.ListBlock(NoteBlock())


#: A definition, and what is stored in it: a function of what is hidden and what is open.
DEFINITIONS = {
    "a list": (struct(notes()), lambda hidden, seen: {"x": [hidden, seen]}),
    "a list of wrapped blocks": (
        struct(blocks.ListBlock(Targeted(NoteBlock()))),
        lambda hidden, seen: {"x": [{"content": hidden, "audience": None}, {"content": seen, "audience": None}]},
    ),
    "a stream": (
        struct(blocks.StreamBlock([("note", NoteBlock())])),
        lambda hidden, seen: {"x": [{"type": "note", "value": each} for each in (hidden, seen)]},
    ),
    "a struct of a list": (struct(struct(notes())), lambda hidden, seen: {"x": {"x": [hidden, seen]}}),
    "a list of structs": (
        struct(blocks.ListBlock(struct(NoteBlock()))),
        lambda hidden, seen: {"x": [{"x": hidden}, {"x": seen}]},
    ),
    "a list of lists": (blocks.ListBlock(notes()), lambda hidden, seen: [[hidden, seen]]),
    "variants": (
        struct(VariantsBlock(notes())),
        lambda hidden, seen: {"x": {"variants": [], "default": [hidden, seen]}},
    ),
    "a targeted struct of a list": (
        AudienceStructBlock([("x", notes())]),
        lambda hidden, seen: {"x": [hidden, seen], "audience": None},
    ),
}


def printed(source, block, raw, someone):
    with viewing_as(Viewer.for_person(someone)):
        (value,) = block.bulk_to_python([raw])
        return engines["django"].from_string(source).render({"value": value})


class TestPrinted:
    @pytest.mark.parametrize("name", DEFINITIONS)
    def test_holds_nothing_that_is_meant_for_others(self, name):
        it, outsider, member = segment("IT"), person(department="HR"), person(department="IT")
        block, stored = DEFINITIONS[name]
        raw = stored({"text": "Hidden", "audience": audience([it])}, {"text": "Open", "audience": None})
        for how, source in PRINTED.items():
            outside, inside = (printed(source, block, raw, someone) for someone in (outsider, member))
            assert "Hidden" not in outside, how
            assert str(it.uuid) not in outside + inside, how


class TestRendered:
    @pytest.mark.parametrize("name", DEFINITIONS)
    def test_shows_each_what_is_meant_for_them(self, name):
        it = segment("IT")
        block, stored = DEFINITIONS[name]
        raw = stored({"text": "Hidden", "audience": audience([it])}, {"text": "Open", "audience": None})
        outside, inside = (printed(PRINTED["as a block"], block, raw, person(department=d)) for d in ("HR", "IT"))
        assert ("Open" in outside, "Hidden" in outside) == (True, False)
        assert ("Open" in inside, "Hidden" in inside) == (True, True)

    def test_is_as_before_where_nothing_can_hide(self):
        block = struct(blocks.ListBlock(PlainBlock()))
        (value,) = block.bulk_to_python([{"x": [{"text": "<Open>"}]}])
        assert str(value["x"]) == repr(value["x"])
        assert "&lt;ListValue: [StructValue(" in block.render(value)
        assert "&lt;Open&gt;" in block.render(value)
