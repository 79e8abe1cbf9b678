"""A struct block that knows for whom it is: in the editor, in the database, in the index, in the API."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from wagtail import blocks
from wagtail.admin.compare import StreamFieldComparison
from wagtail.models import ReferenceIndex

from tests.builders import audience, block, lose, note, segment, targeted_page
from tests.intranet.models import CardBlock, CardValue, NoteBlock, TargetedPage
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.blocks import AudienceBlock, AudienceMixin, AudienceStructBlock

pytestmark = pytest.mark.django_db

ANONYMOUS = Viewer.anonymous


@pytest.fixture
def it():
    return segment("IT")


def layout(definition):
    return definition.meta.form_layout.children, definition.meta.form_layout.settings


class TestAudienceMixin:
    def test_puts_the_audience_into_the_settings_drawer(self):
        assert layout(NoteBlock()) == (["text"], ["audience"])

    def test_keeps_the_layout_of_the_site(self):
        assert layout(CardBlock()) == (["title", "page"], ["colour", "audience"])
        assert CardBlock._meta_class.form_layout.settings == ["colour"]

    def test_takes_a_layout_given_as_a_list(self):
        class Listed(AudienceStructBlock):
            b = blocks.CharBlock()
            a = blocks.CharBlock()

            class Meta:
                form_layout = ["a", "b"]

        assert layout(Listed()) == (["a", "b"], ["audience"])

    def test_leaves_the_audience_where_the_site_put_it(self):
        class Placed(AudienceStructBlock):
            a = blocks.CharBlock()

            class Meta:
                form_layout = blocks.BlockGroup([blocks.BlockGroup(["audience"], heading="Who"), "a"])

        assert layout(Placed())[1] == []

    def test_works_with_blocks_given_to_the_constructor_and_in_either_order_of_bases(self):
        class Last(blocks.StructBlock, AudienceMixin):
            a = blocks.CharBlock()

        given = AudienceStructBlock([("a", blocks.CharBlock())])
        assert list(given.child_blocks) == list(Last().child_blocks) == ["a", "audience"]

    def test_the_field_may_have_another_name(self, it):
        class Renamed(AudienceStructBlock):
            audience = blocks.CharBlock()

            class Meta:
                audience_field = "shown_to"

        definition = Renamed()
        assert definition.check() == []
        value = definition.to_python({"audience": "readers", "shown_to": audience([it])})
        assert definition.render(value) == ""
        assert "readers" in definition.render(value, {"request": request(Viewer.in_segments([it]))})

    def test_a_field_of_the_same_name_is_reported(self):
        class Clash(AudienceStructBlock):
            audience = blocks.CharBlock()

        (error,) = Clash().check()
        assert error.id == "personalize_targeting.E002"
        assert "audience_field" in error.hint

    def test_keeps_the_value_class_of_the_site(self):
        value = CardBlock().to_python({"title": "Hello"})
        assert isinstance(value, CardValue)
        assert value.shout() == "HELLO"

    def test_old_content_is_for_everyone(self):
        value = NoteBlock().to_python({"text": "Old"})
        assert value["audience"] is None
        assert "Old" in NoteBlock().render(value)

    @pytest.mark.parametrize("raw", [{}, {"include": [], "exclude": [], "starts": None, "ends": None}])
    def test_an_empty_choice_is_everyone(self, raw):
        assert NoteBlock().render(NoteBlock().to_python({"text": "x", "audience": raw}))

    @pytest.mark.parametrize("raw", [[], "all", 7, {"include": "IT"}, {"include": ["no uuid"]}, {"starts": "soon"}])
    def test_what_cannot_be_read_is_for_nobody(self, raw):
        assert NoteBlock().render(NoteBlock().to_python({"text": "x", "audience": raw})) == ""

    @pytest.mark.parametrize("side", ["include", "exclude"])
    def test_a_deleted_segment_lets_nobody_pass(self, it, side):
        raw = audience(**{side: [it]})
        viewer = Viewer.in_segments([it])
        lose(it)
        assert (
            NoteBlock().render(NoteBlock().to_python({"text": "x", "audience": raw}), {"request": request(viewer)})
            == ""
        )

    @pytest.mark.parametrize(
        ("starts", "ends", "seen"),
        [
            ("2000-01-01", None, True),
            ("2999-01-01", None, False),
            (None, "2000-01-01", False),
            (None, "2999-01-01", True),
        ],
    )
    def test_a_start_and_an_end_hold_for_everyone(self, starts, ends, seen):
        viewer = Viewer.anonymous()
        value = NoteBlock().to_python({"text": "x", "audience": audience(starts=starts, ends=ends)})
        assert bool(NoteBlock().render(value, {"request": request(viewer)})) is seen
        assert not viewer.personalised

    def test_a_page_of_fifty_blocks_asks_for_nothing_per_block(self, it, django_assert_num_queries):
        page = targeted_page(*[note(str(n), audience([it] if n % 2 else (), [it] if n % 3 else ())) for n in range(50)])
        with viewing_as(Viewer.in_segments([it])) as viewer:
            viewer.load()
            str(page.body)
            with django_assert_num_queries(0):
                str(page.body)


def request(viewer):
    made = RequestFactory().get("/")
    made.viewer = viewer
    return made


class TestAudienceBlock:
    def test_stores_what_was_chosen_in_one_light_value(self, it):
        raw = audience([it])
        assert AudienceBlock().clean(raw) == raw
        assert AudienceBlock().get_prep_value(AudienceBlock().to_python(raw)) == raw

    @pytest.mark.parametrize("raw", [None, "", {}, {"include": [], "exclude": []}])
    def test_stores_nothing_for_everyone(self, raw):
        assert AudienceBlock().clean(raw) is None

    def test_keeps_a_segment_that_was_deleted(self, it):
        raw = audience([it])
        lose(it)
        assert AudienceBlock().clean(raw)["include"] == raw["include"]

    @pytest.mark.parametrize("raw", [{"include": ["x"]}, [1], {"starts": "2027-01-02", "ends": "2027-01-01"}])
    def test_refuses_what_makes_no_sense(self, raw):
        with pytest.raises(ValidationError):
            AudienceBlock().clean(raw)

    def test_tells_wagtail_which_segments_it_names(self, it):
        hr = segment("HR")
        page = targeted_page(
            note("x", audience([it], [hr])), block("section", {"content": [note("y", audience([it]))]})
        )
        ReferenceIndex.create_or_update_for_object(page)
        for named, places in ((it, 2), (hr, 1)):
            references = ReferenceIndex.get_references_to(named)
            assert references.count() == places
            assert {reference.model_path for reference in references} <= {
                "body.note.audience",
                "body.section.content.note.audience",
            }

    def test_asks_for_all_references_with_one_look_at_the_segments(self, it, django_assert_num_queries):
        stream = targeted_page(*[note(str(n), audience([it])) for n in range(20)]).body
        list(stream.stream_block.extract_references(stream))
        with django_assert_num_queries(0):
            assert len(list(stream.stream_block.extract_references(stream))) == 20

    def test_reads_as_a_sentence_when_versions_are_compared(self, it):
        old = targeted_page(note("x")).body
        new = targeted_page(note("x", audience([it], [segment("HR")]))).body
        new[0].id = old[0].id
        field = TargetedPage._meta.get_field("body")
        html = StreamFieldComparison(field, TargetedPage(body=old), TargetedPage(body=new)).htmldiff()
        assert "IT" in html
        assert "HR" in html
        assert str(it.uuid) not in html

    def test_migrations_never_import_the_package(self):
        path, _args, kwargs = TargetedPage._meta.get_field("body").deconstruct()[1:]
        assert path == "wagtail.fields.StreamField"
        assert "personalize" not in repr(kwargs["block_lookup"])
        assert AudienceBlock().deconstruct() == ("wagtail.blocks.Block", [], {})

    def test_a_historical_model_keeps_audiences(self, it):
        _path, args, kwargs = TargetedPage._meta.get_field("body").deconstruct()[1:]
        historical = type(TargetedPage._meta.get_field("body"))(*args, **kwargs)
        raw = list(targeted_page(note("x", audience([it]))).body.raw_data)
        stream = historical.to_python(raw)
        assert stream[0].value["audience"] == raw[0]["value"]["audience"]
        assert historical.get_prep_value(stream) == raw


class TestSearchIndex:
    def content(self, *body):
        stream = TargetedPage(body=list(body)).body
        return " ".join(TargetedPage._meta.get_field("body").get_searchable_content(stream))

    def test_holds_what_everybody_may_see(self, it):
        body = (note("everyone"), note("past", audience(starts="2000-01-01")))
        assert self.content(*body).split() == ["everyone", "past"]

    def test_holds_nothing_that_is_hidden_from_somebody(self, it):
        hidden = [
            audience([it]),
            audience((), [it]),
            audience(ends="2999-01-01"),
            audience(starts="2999-01-01"),
            "broken",
        ]
        items = [block("item", {"text": "list"}, audience([it])), block("item", {"text": "open"})]
        body = [note("secret", each) for each in hidden]
        body.append(
            block(
                "section",
                {"heading": "", "content": [note("secret", hidden[0])], "notes": items, "aside": {"text": ""}},
            )
        )
        assert self.content(*body).split() == ["open"]

    def test_does_not_depend_on_who_saves_the_page(self, it):
        with viewing_as(Viewer.in_segments([it])):
            assert self.content(note("secret", audience([it]))) == ""


class TestApi:
    def represent(self, page, viewer):
        return page.body.stream_block.get_api_representation(page.body, {"request": request(viewer)})

    def test_gives_what_the_viewer_sees_and_no_audiences(self, it):
        page = targeted_page(note("all"), note("secret", audience([it])))
        assert [each["value"] for each in self.represent(page, ANONYMOUS())] == [{"text": "all"}]
        assert [each["value"] for each in self.represent(page, Viewer.in_segments([it]))] == [
            {"text": "all"},
            {"text": "secret"},
        ]

    def test_hides_at_any_depth(self, it):
        hidden = audience([it])
        section = {
            "heading": "",
            "content": [note("secret", hidden)],
            "notes": [block("item", {"text": "secret"}, hidden)],
            "aside": {"text": "secret", "audience": hidden},
        }
        page = targeted_page(block("section", section))
        (represented,) = self.represent(page, ANONYMOUS())
        assert represented["value"] == {"heading": "", "content": [], "notes": [], "aside": None}
        assert json.dumps(self.represent(page, Viewer.in_segments([it]))).count("secret") == 3

    def test_without_a_request_it_gives_what_anonymous_visitors_see(self, it):
        page = targeted_page(note("secret", audience([it])))
        assert page.body.stream_block.get_api_representation(page.body) == []
