"""``{% load personalize_tags %}``"""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory

from tests.builders import audience, home, lose, note, page, segment, targeted_page
from wagtail_personalize.segments.context import viewing_as
from wagtail_personalize.segments.viewer import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def it():
    return segment("IT")


@pytest.fixture
def hr():
    return segment("HR")


def render(template, viewer=None, **context):
    if viewer is not None:
        context["request"] = RequestFactory().get("/")
        context["request"].viewer = viewer
    with viewing_as(viewer or Viewer.anonymous()):
        return Template("{% load personalize_tags %}" + template).render(Context(context))


class TestAudienceTag:
    TEMPLATE = '{% audience "it" "hr" %}yes{% else %}no{% endaudience %}'

    def test_shows_its_content_to_the_people_of_any_named_segment(self, it, hr):
        assert render(self.TEMPLATE, Viewer.in_segments([it])) == "yes"
        assert render(self.TEMPLATE, Viewer.in_segments([hr])) == "yes"
        assert render(self.TEMPLATE, Viewer.in_segments([segment("Sales")])) == "no"
        assert render(self.TEMPLATE, Viewer.anonymous()) == "no"

    def test_works_without_an_else(self, it):
        assert render('a{% audience "it" %}b{% endaudience %}c') == "ac"

    def test_exclude_beats_include(self, it, hr):
        template = '{% audience "it" exclude="hr" %}yes{% else %}no{% endaudience %}'
        assert render(template, Viewer.in_segments([it])) == "yes"
        assert render(template, Viewer.in_segments([it, hr])) == "no"

    def test_without_include_it_means_everyone_else(self, it, hr):
        template = '{% audience exclude="it, hr" %}yes{% else %}no{% endaudience %}'
        assert render(template) == "yes"
        assert render(template, Viewer.in_segments([hr])) == "no"

    @pytest.mark.parametrize(
        "arguments", ['"it" "typo"', '"it" exclude="typo"', 'exclude=""', "missing", '""', "empty"]
    )
    def test_an_unknown_segment_leads_to_else(self, it, arguments):
        template = f"{{% audience {arguments} %}}yes{{% else %}}no{{% endaudience %}}"
        assert render(template, Viewer.in_segments([it]), empty=[]) == "no"

    def test_a_deleted_or_broken_segment_leads_to_else(self, it, hr):
        viewer = Viewer.in_segments([it, hr])
        lose(it)
        assert render('{% audience "it" %}yes{% else %}no{% endaudience %}', viewer) == "no"
        assert render('{% audience "hr" exclude="it" %}yes{% else %}no{% endaudience %}', viewer) == "no"

    def test_takes_segments_from_variables(self, it, hr):
        template = "{% audience chosen %}yes{% else %}no{% endaudience %}"
        for chosen in ("it", "hr,it", it, [it, hr], ["it"]):
            assert render(template, Viewer.in_segments([it]), chosen=chosen) == "yes"

    def test_works_without_a_request(self, it):
        assert Template("{% load personalize_tags %}" + self.TEMPLATE).render(Context()) == "no"

    def test_needs_a_segment(self):
        with pytest.raises(TemplateSyntaxError, match="at least one segment"):
            Template("{% load personalize_tags %}{% audience %}x{% endaudience %}")

    def test_marks_the_viewer_and_asks_nothing_more(self, it, django_assert_num_queries):
        viewer = Viewer.in_segments([it])
        render(self.TEMPLATE, viewer)
        assert viewer.personalised
        with django_assert_num_queries(0):
            render(self.TEMPLATE * 20, viewer)


class TestInSegment:
    TEMPLATE = '{% if request.viewer|in_segment:"it" %}yes{% else %}no{% endif %}'

    def test_tells_whether_the_viewer_is_in_a_segment(self, it, hr):
        assert render(self.TEMPLATE, Viewer.in_segments([it])) == "yes"
        assert render(self.TEMPLATE, Viewer.in_segments([hr])) == "no"
        assert render("{% if request.viewer|in_segment:it %}yes{% endif %}", Viewer.in_segments([it]), it=it) == "yes"

    def test_is_false_when_nothing_is_known(self, it):
        assert Template("{% load personalize_tags %}" + self.TEMPLATE).render(Context()) == "no"
        assert render('{% if request.viewer|in_segment:"typo" %}yes{% endif %}', Viewer.in_segments([it])) == ""
        assert render("{% if request.viewer|in_segment:missing %}yes{% endif %}", Viewer.in_segments([it])) == ""


class TestVisiblePages:
    def test_gives_the_pages_the_viewer_may_see(self):
        page("Open")
        for template in (
            "{% visible_pages pages as mine %}{% for p in mine %}{{ p.title }}{% endfor %}",
            "{% for p in pages|visible %}{{ p.title }}{% endfor %}",
        ):
            assert render(template, pages=home().get_children()) == "Open"


class TestShown:
    TEMPLATE = "{% for child in blocks|shown %}<i>{{ child.value.text }}</i>{% endfor %}"

    def test_filters_blocks_that_python_picked(self, it):
        picked = list(targeted_page(note("all"), note("secret", audience([it]))).body)
        assert render(self.TEMPLATE, blocks=picked) == "<i>all</i>"
        assert render(self.TEMPLATE, Viewer.in_segments([it]), blocks=picked) == "<i>all</i><i>secret</i>"

    def test_takes_a_stream_and_leaves_everything_else_alone(self, it):
        assert render(self.TEMPLATE, blocks=targeted_page(note("secret", audience([it]))).body) == ""
        assert render("{{ text|shown }}", text="text") == "text"


class TestJinja2:
    TEMPLATE = "{% for block in page.body|shown %}<i>{{ block.value.text }}</i>{% endfor %}"

    def render(self, template, viewer, **context):
        environment = Jinja2(
            {
                "NAME": "jinja2",
                "DIRS": [],
                "APP_DIRS": False,
                "OPTIONS": {
                    "extensions": [
                        "wagtail.jinja2tags.core",
                        "wagtail_personalize.targeting.jinja2tags.targeting",
                    ]
                },
            }
        )
        request = RequestFactory().get("/")
        request.viewer = viewer
        return environment.from_string(template).render(context, request)

    def test_the_filter_shows_what_the_viewer_sees(self, it):
        page = targeted_page(note("all"), note("secret", audience([it])))
        assert self.render(self.TEMPLATE, Viewer.anonymous(), page=page) == "<i>all</i>"
        assert self.render(self.TEMPLATE, Viewer.in_segments([it]), page=page) == "<i>all</i><i>secret</i>"

    def test_including_a_stream_needs_no_filter(self, it):
        page = targeted_page(note("secret", audience([it])))
        template = "{% include_block page.body %}"
        assert self.render(template, Viewer.anonymous(), page=page) == ""
        assert "secret" in self.render(template, Viewer.in_segments([it]), page=page)

    def test_pages_are_filtered_alike(self):
        page("Open")
        template = "{% for p in pages|visible %}{{ p.title }}{% endfor %}"
        assert self.render(template, Viewer.anonymous(), pages=home().get_children()) == "Open"
