"""Any block with an audience: a paragraph that the site has used before is wrapped, and nothing else changes."""

import json

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.models import ReferenceIndex
from wagtail_localize.segments.extract import extract_segments

from tests.builders import audience, page, segment
from tests.intranet.models import StandardPage
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.blocks import Targeted
from wagtail_personalize.targeting.targeted_places import places_of

pytestmark = pytest.mark.django_db

TEMPLATES = {
    "for": "{% load wagtailcore_tags %}{% for b in page.body %}<section>{% include_block b %}</section>{% endfor %}",
    "value": "{% for b in page.body %}<section>{{ b.value }}</section>{% endfor %}",
    "include": "{% load wagtailcore_tags %}{% include_block page.body %}",
    "print": "{{ page.body }}",
}


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture(autouse=True)
def paragraph(monkeypatch):
    """The site wraps the block that it had."""
    block = Targeted(RichTextBlock())
    block.set_name("paragraph")
    body = StandardPage._meta.get_field("body").stream_block
    monkeypatch.setitem(body.child_blocks, "paragraph", block)
    monkeypatch.setitem(body.__dict__, "_hiding_children", {})  # found once per definition, and again after this test
    del body.__dict__["_hiding_children"]
    return block


def stored(*values):
    body = [{"type": "paragraph", "value": value, "id": f"{place:036}"} for place, value in enumerate(values)]
    new = page("News", model=StandardPage, body=json.dumps(body))
    return StandardPage.objects.get(pk=new.pk)


def both(it):
    return stored({"content": "<p>For IT</p>", "audience": audience([it])}, "<p>As before</p>")


def seen(target, *segments, template="for"):
    with viewing_as(Viewer.in_segments(segments) if segments else Viewer.anonymous()):
        return Template(TEMPLATES[template]).render(Context({"page": target}))


class TestTargeted:
    @pytest.mark.parametrize("template", TEMPLATES)
    def test_is_its_content_to_whom_it_is_for_and_nothing_to_others(self, it, template):
        target = both(it)
        assert "For IT" in seen(target, it, template=template)
        for html in (seen(target, it, template=template), seen(target, template=template)):
            assert "As before" in html
            assert "audience" not in html
            assert "dt>" not in html
        assert "For IT" not in seen(target, template=template)
        assert seen(target).count("<section>") == 1

    def test_takes_what_was_stored_before_as_for_everyone(self, it):
        target = stored("<p>As before</p>")
        assert target.body[0].value["audience"] is None
        target.save()
        assert StandardPage.objects.get(pk=target.pk).body.raw_data[0]["value"] == {
            "content": "<p>As before</p>",
            "audience": None,
        }

    def test_has_a_template_of_its_own_whose_value_is_the_content(self, it):
        block = Targeted(CharBlock(), template="intranet/bold.html")
        value = block.to_python({"content": "Hi", "audience": audience([it])})
        assert block.render(value, {"request": request_of(it)}).strip() == "<b>Hi</b>"
        assert block.render(value) == ""

    def test_wraps_streams_and_lists_and_structs(self, it):
        notes = Targeted(StreamBlock([("note", Targeted(CharBlock()))]))
        value = notes.to_python([{"type": "note", "value": {"content": "a", "audience": audience([it])}, "id": "1"}])
        assert notes.render(value) == ""
        assert "a" in notes.render(value, {"request": request_of(it)})
        names = Targeted(ListBlock(CharBlock()))
        assert "Ann" in names.render(names.to_python(["Ann"]))
        card = Targeted(StructBlock([("title", CharBlock())]))
        assert "Ann" in card.render(card.to_python({"title": "Ann"}))

    def test_keeps_icon_and_label(self):
        block = Targeted(RichTextBlock(icon="pilcrow", label="Text"))
        assert (block.meta.icon, block.label) == ("pilcrow", "Text")


class TestSurroundings:
    def test_the_search_index_has_only_what_everybody_sees(self, it):
        target = both(it)
        assert StandardPage._meta.get_field("body").get_searchable_content(target.body) == ["As before"]

    def test_the_api_gives_the_content(self, it, paragraph):
        value = both(it).body[0].value
        assert paragraph.get_api_representation(value, {"request": request_of(it)}) == "<p>For IT</p>"
        assert paragraph.get_api_representation(value, {"request": request_of()}) is None

    def test_the_index_of_references_knows_the_segment(self, it):
        target = both(it)
        ReferenceIndex.create_or_update_for_object(target)
        assert ReferenceIndex.get_references_to(it).count() == 1

    def test_translators_get_the_content_and_not_the_audience(self, it):
        target = stored({"content": "<p>For IT</p>", "audience": audience([it])})
        paths = {segment.path: getattr(segment, "string", None) for segment in extract_segments(target)}
        (found,) = [path for path in paths if path.startswith("body")]
        assert found.endswith(".content")

    def test_editors_are_told_who_sees_it(self, it):
        (place,) = places_of(both(it))
        assert place.words == "For IT"

    def test_the_editor_has_the_audience_in_the_settings(self, paragraph):
        layout = paragraph.get_form_layout()
        assert (list(layout.children), list(layout.settings)) == (["content"], ["audience"])

    def test_migrations_do_not_import_this_package(self, paragraph):
        path, _args, kwargs = paragraph.deconstruct()
        assert path == "wagtail.blocks.StructBlock"
        assert "wagtail_personalize" not in repr((path, kwargs))


def request_of(*segments):
    request = RequestFactory().get("/")
    request.viewer = Viewer.in_segments(segments) if segments else Viewer.anonymous()
    return request
