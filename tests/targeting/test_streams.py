"""What a template sees of a stream, and that Python always sees all of it."""

import copy
import pickle

import pytest
from django.forms import modelform_factory
from django.template import Context, Template
from django.test import RequestFactory
from wagtail.blocks import StreamValue

from tests.builders import audience, block, note, segment, targeted_page
from tests.intranet.models import StandardPage, TargetedPage
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.stream_values import shown

pytestmark = pytest.mark.django_db

FOR_LOOP = "{% load wagtailcore_tags %}{% for b in page.body %}<section>{% include_block b %}</section>{% endfor %}"
INCLUDE = "{% load wagtailcore_tags %}{% include_block page.body %}"


def render(template, viewer=None, **context):
    with viewing_as(viewer or Viewer.anonymous()):
        return Template(template).render(Context(context))


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def page(it):
    return targeted_page(note("For all"), note("For IT", audience([it])), note("Not for IT", audience((), [it])))


class TestTemplates:
    @pytest.mark.parametrize("template", [FOR_LOOP, INCLUDE, "{{ page.body }}"], ids=["for", "include", "print"])
    def test_show_what_is_meant_for_the_viewer(self, page, it, template):
        html = render(template, Viewer.in_segments([it]), page=page)
        assert "For all" in html
        assert "For IT" in html
        assert "Not for IT" not in html

    @pytest.mark.parametrize("template", [FOR_LOOP, INCLUDE, "{{ page.body }}"], ids=["for", "include", "print"])
    def test_leave_no_trace_of_what_is_hidden(self, page, template):
        visible = targeted_page(*[each for each in page.body.raw_data if each["value"]["text"] != "For IT"])
        assert render(template, page=page) == render(template, page=visible)

    def test_an_audience_is_never_printed(self, page, it):
        assert str(it.uuid) not in render(FOR_LOOP + INCLUDE, Viewer.in_segments([it]), page=page)

    @pytest.mark.parametrize(
        ("expression", "anonymous", "in_it"),
        [
            ("{{ page.body|length }}", "2", "2"),
            ("{{ page.body.1.value.text }}", "Not for IT", "For IT"),
            ("{{ page.body.blocks_by_name.note|length }}", "2", "2"),
            ("{% with b=page.body %}{% for x in b %}{{ x.value.text }},{% endfor %}{% endwith %}", *["For all,"] * 2),
            ("{% for x in page.body %}{{ x.value.text }},{% endfor %}", *["For all,"] * 2),
            ("{% for x in page.body|slice:':1' %}{{ x.value.text }},{% endfor %}", *["For all,"] * 2),
        ],
    )
    def test_every_way_to_reach_a_block_is_the_same_way(self, page, it, expression, anonymous, in_it):
        assert render(expression, page=page).startswith(anonymous)
        assert render(expression, Viewer.in_segments([it]), page=page).startswith(in_it)

    def test_a_stream_with_nothing_left_is_false(self, it):
        page = targeted_page(note("For IT", audience([it])))
        template = "{% if page.body %}something{% else %}nothing{% endif %}"
        assert render(template, page=page) == "nothing"
        assert render(template, Viewer.in_segments([it]), page=page) == "something"

    def test_a_block_that_python_picked_renders_to_nothing(self, page):
        html = render("{% load wagtailcore_tags %}{% include_block b %}{{ b.value.text }}{{ b }}", b=page.body[1])
        assert html == ""

    def test_without_a_viewer_they_show_what_anonymous_visitors_see(self, page):
        assert "For IT" not in Template(FOR_LOOP).render(Context({"page": page}))
        assert "Not for IT" in Template(FOR_LOOP).render(Context({"page": page}))
        assert "For IT" not in str(page.body)

    def test_the_request_in_the_context_of_a_block_decides(self, page, it):
        request = RequestFactory().get("/")
        request.viewer = Viewer.in_segments([it])
        assert "For IT" in page.body.render_as_block({"request": request})

    def test_a_decision_marks_the_viewer(self, page):
        viewer = Viewer.anonymous()
        render(FOR_LOOP, viewer, page=targeted_page(note("For all"), title="Plain"))
        assert not viewer.personalised
        render(FOR_LOOP, viewer, page=page)
        assert viewer.personalised


class TestNestedContent:
    @pytest.fixture
    def section(self, it):
        hidden = audience([it])
        return block(
            "section",
            {
                "heading": "Head",
                "content": [note("Stream for IT", hidden), note("Stream for all")],
                "notes": [block("item", {"text": "List for IT"}, hidden), block("item", {"text": "List for all"})],
                "aside": {"text": "Aside for IT", "audience": hidden},
            },
        )

    @pytest.mark.parametrize("template", [FOR_LOOP, INCLUDE], ids=["for", "include"])
    def test_hides_at_any_depth(self, section, it, template):
        page = targeted_page(section)
        html = render(template, page=page)
        assert "for IT" not in html
        assert html.count("<p>") == html.count("<li>") == 1
        assert "<aside>" not in html
        assert render(template, Viewer.in_segments([it]), page=page).count("for IT") == 3

    def test_a_list_of_targeted_blocks_shrinks(self, it):
        items = [block("item", {"text": "List for IT"}, audience([it])), block("item", {"text": "List for all"})]
        page = targeted_page(block("notes", items))
        for template in (FOR_LOOP, INCLUDE, "{% for x in page.body.0.value %}<li>{{ x.text }}</li>{% endfor %}"):
            assert render(template, page=page).count("<li>") == 1
            assert render(template, Viewer.in_segments([it]), page=page).count("<li>") == 2

    def test_a_hidden_struct_is_empty_whatever_a_template_asks_of_it(self, section):
        value = targeted_page(section).body[0].value
        template = (
            "{% load wagtailcore_tags %}{{ v.aside }}{{ v.aside.text }}{{ v.aside.title }}{% include_block v.aside %}"
            "{% for x in v.aside %}x{% endfor %}{{ v.bound_blocks.aside }}{{ v.bound_blocks.aside.value.text }}"
        )
        assert render(template, v=value) == ""


class TestPython:
    def test_sees_every_block(self, page):
        assert [child.value["text"] for child in page.body] == ["For all", "For IT", "Not for IT"]
        assert len(page.body) == len(page.body.raw_data) == 3

    def test_calling_a_stream_gives_the_stream(self, page):
        assert page.body() is page.body
        assert page.body[1].value() is page.body[1].value

    def test_a_form_edits_every_block_during_a_request(self, page):
        form = modelform_factory(TargetedPage, fields=["body"])(instance=page)
        with viewing_as(Viewer.anonymous()):
            assert form["body"].value() is page.body
            assert "For IT" in str(form)

    def test_a_page_saved_while_it_is_shown_loses_nothing(self, page):
        before = list(page.body.raw_data)
        with viewing_as(Viewer.anonymous()):
            Template(FOR_LOOP + INCLUDE).render(Context({"page": page}))
            page.save()
            page.save_revision().publish()
        assert list(TargetedPage.objects.get(pk=page.pk).body.raw_data) == before

    def test_defaults_of_get_or_create_are_complete(self, page):
        with viewing_as(Viewer.anonymous()):
            found, _ = TargetedPage.objects.update_or_create(pk=page.pk, defaults={"body": page.body})
        assert len(found.body) == 3

    def test_a_stream_can_be_copied_and_pickled(self, page):
        render(FOR_LOOP, page=page)
        for twin in (copy.copy(page.body), copy.deepcopy(page.body), pickle.loads(pickle.dumps(page.body))):
            assert twin == page.body
            assert len(shown(twin, Viewer.anonymous())) == 2

    def test_a_block_appended_in_python_is_shown_by_its_audience(self, page, it):
        page.body.append(("note", {"text": "Added for all"}))
        page.body.append(("note", {"text": "Added for IT", "audience": audience([it])}))
        html = render(FOR_LOOP, page=page)
        assert "Added for all" in html
        assert "Added for IT" not in html
        page.save()
        assert len(TargetedPage.objects.get(pk=page.pk).body) == 5

    def test_a_change_between_two_uses_is_seen(self, page, it):
        assert "For all" in render(FOR_LOOP, page=page)
        page.body[0].value["text"] = "Changed"
        page.body[1].value["audience"] = None
        assert "For all" not in render(FOR_LOOP, page=page)
        assert "For IT" in render(FOR_LOOP, page=page)
        del page.body[1]
        page.body[0] = ("note", {"text": "Replaced"})
        assert "Replaced" in render(FOR_LOOP, page=page)


class TestShown:
    def test_a_stream_with_nothing_hidden_is_used_as_it_is(self, page, it):
        stream = targeted_page(note("a"), note("b", audience([it])), title="All").body
        assert shown(stream, Viewer.in_segments([it])) is stream

    def test_a_stream_without_targeted_blocks_is_never_looked_at(self, django_assert_num_queries):
        stream = StandardPage(body=[("plain", {"text": "x"})]).body
        with django_assert_num_queries(0):
            assert shown(stream, Viewer.anonymous()) is stream
            assert stream.do_not_call_in_templates is True

    def test_hidden_blocks_are_not_converted(self, page):
        seen = shown(page.body, Viewer.anonymous())
        assert [child.value["text"] for child in seen] == ["For all", "Not for IT"]
        assert page.body._bound_blocks == [None, None, None]

    def test_the_same_share_is_made_once(self, page):
        assert shown(page.body, Viewer.anonymous()) is shown(page.body, Viewer.anonymous())
        assert shown(shown(page.body, Viewer.anonymous()), Viewer.anonymous()) is shown(page.body, Viewer.anonymous())

    def test_converted_blocks_are_shared(self, page):
        first = page.body[0]
        assert shown(page.body, Viewer.anonymous())[0] is first

    def test_an_error_in_a_decision_is_loud(self, page, monkeypatch):
        def broken(*args):
            raise AttributeError("no such thing")

        monkeypatch.setattr("wagtail_personalize.targeting.blocks.audience_struct.admits", broken)
        with pytest.raises(RuntimeError):
            render("{{ page.body|length }}", page=page)

    def test_a_stream_wagtail_made_without_a_field_works(self, page, it):
        loose = StreamValue(page.body.stream_block, [("note", {"text": "For IT", "audience": audience([it])})])
        assert len(shown(loose, Viewer.anonymous())) == 0
