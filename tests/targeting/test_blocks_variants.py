"""Ordered variants: each person sees the first that is meant for them, or else the default."""

import pytest
from django.template import Context, Template
from wagtail import blocks
from wagtail.models import ReferenceIndex

from tests.builders import audience, block, lose, note, page, segment, targeted_page, variants
from tests.intranet.models import CardBlock, NoteBlock, TargetedPage
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.blocks import VariantsBlock

pytestmark = pytest.mark.django_db

FOR_LOOP = "{% load wagtailcore_tags %}{% for b in page.body %}<section>{% include_block b %}</section>{% endfor %}"
INCLUDE = "{% load wagtailcore_tags %}{% include_block page.body %}"


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def hr():
    return segment("HR")


@pytest.fixture
def hero(it, hr):
    return variants(
        (audience([it]), [note("For IT")]), (audience([hr]), [note("For HR")]), default=[note("For the others")]
    )


def seen(page, *segments, template=FOR_LOOP):
    with viewing_as(Viewer.in_segments(segments) if segments else Viewer.anonymous()):
        return Template(template).render(Context({"page": page}))


def whole(stream):
    """The stored form after everything was converted."""
    for child in stream:
        dict(child.value)
    return stream.get_prep_value()


class TestVariants:
    @pytest.mark.parametrize("template", [FOR_LOOP, INCLUDE, "{{ page.body }}"], ids=["for", "include", "print"])
    def test_the_first_match_wins(self, hero, it, hr, template):
        page = targeted_page(hero)
        for segments, expected in (((it,), "For IT"), ((hr,), "For HR"), ((it, hr), "For IT"), ((), "For the others")):
            html = seen(page, *segments, template=template)
            assert expected in html
            assert html.count("For") == 1

    def test_the_order_decides(self, it, hr):
        page = targeted_page(variants((None, [note("For all")]), (audience([it]), [note("For IT")])))
        assert "For all" in seen(page, it)

    def test_a_variant_that_is_off_is_never_shown(self, hero, it):
        hero["value"]["variants"][0]["value"]["on"] = False
        assert "For the others" in seen(targeted_page(hero), it)

    def test_a_new_variant_is_off(self):
        variant = VariantsBlock([("note", NoteBlock())]).child_blocks["variants"].child_block
        assert variant.get_default()["on"] is False
        assert "on" in variant.child_blocks

    def test_a_broken_variant_gives_way_to_the_default(self, hero, it, hr):
        page = targeted_page(hero)
        lose(it)
        assert "For the others" in seen(page)
        assert "For HR" in seen(page, hr)

    def test_an_empty_choice_leaves_no_wrapper(self, it):
        page = targeted_page(note("x"), variants((audience([it]), [note("For IT")])))
        assert seen(page).count("<section>") == 1
        assert seen(page, it).count("<section>") == 2
        assert "w-block-variants" not in seen(page, template=INCLUDE)

    def test_there_may_be_none_but_the_default(self):
        assert "Only" in seen(targeted_page(variants(default=[note("Only")])))

    def test_stored_lists_may_have_the_old_format(self, hero, it):
        hero["value"]["variants"] = [item["value"] for item in hero["value"]["variants"]]
        assert "For IT" in seen(targeted_page(hero), it)

    def test_a_template_finds_the_chosen_content_as_the_value(self, hero, it):
        page = targeted_page(hero)
        template = "{% for b in page.body %}{% for n in b.value %}{{ n.value.text }}{% endfor %}{% endfor %}"
        assert seen(page, it, template=template) == "For IT"
        assert seen(page, template=template) == "For the others"

    def test_the_chosen_content_hides_what_is_hidden_in_it(self, it, hr):
        page = targeted_page(variants((audience([it]), [note("IT and HR", audience([hr])), note("For IT")])))
        assert "IT and HR" not in seen(page, it)
        assert "IT and HR" in seen(page, it, hr)

    def test_one_block_may_vary_instead_of_a_stream(self, it):
        cards = variants((audience([it]), {"title": "For IT"}), default={"title": "Default"}, kind="variant_card")
        page = targeted_page(cards)
        assert "FOR IT" in seen(page, it)
        assert "DEFAULT" in seen(page)
        assert seen(page, it, template="{{ page.body.0.value.title }}") == "For IT"

    def test_a_template_of_its_own_gets_the_chosen_content(self, hero, it):
        definition = VariantsBlock([("note", NoteBlock())], template="intranet/hero.html")
        value = definition.to_python(hero["value"])
        with viewing_as(Viewer.in_segments([it])):
            assert definition.render(value).strip() == "<header>For IT</header>"


class TestConversion:
    def test_only_what_was_chosen_is_converted(self, hero, it, monkeypatch):
        page, converted = targeted_page(hero), []
        convert = NoteBlock.bulk_to_python
        spy = lambda self, values: converted.extend(v["text"] for v in values) or convert(self, values)  # noqa: E731
        monkeypatch.setattr(NoteBlock, "bulk_to_python", spy)
        seen(page, it)
        assert converted == ["For IT"]

    def test_what_blocks_look_up_is_looked_up_once_for_all_variants(self, it, django_assert_num_queries):
        targets = [page(f"Target {n}") for n in range(6)]
        heroes = [
            variants(
                (audience([it]), [block("card", {"title": "For IT", "page": targets[n].pk})]),
                default=[block("card", {"title": "Default", "page": targets[n + 3].pk})],
            )
            for n in range(3)
        ]
        many, one = targeted_page(*heroes), targeted_page(heroes[0])
        for each in (one, many):
            with viewing_as(Viewer.in_segments([it])) as viewer:
                segment_index(viewer)
                with django_assert_num_queries(1):
                    Template(FOR_LOOP).render(Context({"page": each}))

    def test_python_sees_everything(self, hero):
        value = targeted_page(hero).body[0].value
        assert set(value) == {"variants", "default"}
        assert [v["content"][0].value["text"] for v in value["variants"]] == ["For IT", "For HR"]
        assert value.get("default")[0].value["text"] == "For the others"
        assert dict(value).keys() == {"variants", "default"}

    def test_equal_values_are_equal(self, hero):
        one, other = targeted_page(hero), targeted_page(hero)
        seen(one)
        assert one.body[0].value == other.body[0].value
        other.body[0].value["default"] = None
        assert one.body[0].value != other.body[0].value

    @pytest.mark.parametrize("look", [lambda value: None, lambda value: value["default"]], ids=["stored", "converted"])
    def test_saving_loses_nothing(self, hero, it, look):
        page = targeted_page(hero)
        with viewing_as(Viewer.in_segments([it])):
            Template(FOR_LOOP).render(Context({"page": page}))
            look(page.body[0].value)
            page.save()
        assert whole(TargetedPage.objects.get(pk=page.pk).body) == whole(targeted_page(hero).body)

    def test_a_change_made_in_python_is_shown_and_saved(self, hero, it):
        page = targeted_page(hero)
        assert "For IT" in seen(page, it)
        page.body[0].value["variants"][0]["content"][0].value["text"] = "Changed"
        page.save()
        assert "Changed" in seen(page, it)
        assert "Changed" in seen(TargetedPage.objects.get(pk=page.pk), it)

    def test_a_block_made_in_python_works(self, it):
        made = {"variants": [{"on": True, "audience": audience([it]), "content": [("note", {"text": "For IT"})]}]}
        page = TargetedPage(body=[("variants", {**made, "default": [("note", {"text": "Default"})]})])
        assert "For IT" in seen(page, it)
        assert "Default" in seen(page)

    def test_cleaning_keeps_everything(self, it):
        inside, default = (block("note", {"text": text, "audience": None}) for text in ("For IT", "Default"))
        hero = variants((audience([it]), [inside]), default=[default])
        stream = targeted_page(hero).body
        assert stream.stream_block.clean(stream).get_prep_value() == [hero]


class TestOutputs:
    def test_the_index_holds_a_variant_only_when_everybody_sees_it(self, hero):
        def content(*body):
            return TargetedPage._meta.get_field("body").get_searchable_content(TargetedPage(body=list(body)).body)

        assert content(hero) == []
        assert content(variants((None, [note("all")]), default=[note("never")])) == ["all"]
        assert content(variants(default=[note("all")])) == ["all"]

    def test_the_api_gives_the_chosen_content(self, hero, it):
        stream = targeted_page(hero, variants((audience([it]), [note("For IT")]))).body
        with viewing_as(Viewer.anonymous()):
            (only,) = stream.stream_block.get_api_representation(stream, {})
        assert only["type"] == "variants"
        assert [each["value"] for each in only["value"]] == [{"text": "For the others"}]

    def test_references_are_reported_also_of_variants_that_are_off(self, hero, it, hr):
        hero["value"]["variants"][0]["value"]["on"] = False
        ReferenceIndex.create_or_update_for_object(targeted_page(hero))
        assert ReferenceIndex.get_references_to(it).count() == ReferenceIndex.get_references_to(hr).count() == 1

    def test_migrations_never_import_the_package(self):
        definition = VariantsBlock(CardBlock())
        assert definition.deconstruct()[0] == "wagtail.blocks.StructBlock"
        variant = definition.child_blocks["variants"]
        assert variant.deconstruct()[0] == "wagtail.blocks.ListBlock"
        names = [child.deconstruct()[0] for child in variant.child_block.child_blocks.values()]
        assert all(name.startswith("wagtail.blocks.") for name in names)

    def test_a_variant_and_the_default_have_their_own_labels(self):
        definition = VariantsBlock(blocks.CharBlock())
        assert definition.child_blocks["default"].label == "Default"
        assert definition.child_blocks["variants"].child_block.child_blocks["content"].label == "Content"
