"""Parts of a page from the cache."""

import jinja2
import pytest

from tests.builders import audience, note, page, person, segment, targeted_page
from wagtail_personalize.targeting.jinja2tags import targeting

from .caching import committed, counting, get, switch_on, with_template
from .restricting import restrict

pytestmark = pytest.mark.django_db
SALES = '{% personalized_cache 60 "x" %}{% audience "sales" %}S{% endaudience %}{% endpersonalized_cache %}'
LOAD = "{% load personalize_tags wagtailcore_tags %}"
HEADER = "{{ request.user.username }}:"


@pytest.fixture(autouse=True)
def world(settings):
    switch_on(settings)


@pytest.fixture
def site(settings):
    class Site:
        @staticmethod
        def template(source):
            with_template(settings, "intranet/targeted_page.html", LOAD + HEADER + source)

    with committed():
        Site.sales, Site.it = segment("Sales"), segment("IT")
        Site.page = targeted_page(
            note("For all"), note("For sales", audience([Site.sales])), note("For IT", audience([Site.it]))
        )
        Site.ada, Site.cyd = person("ada", department="Sales"), person("cyd", department="Sales")
        Site.bob, Site.dan = person("bob", department="IT"), person("dan", department="None")
    Site.people = (Site.ada, Site.bob, Site.cyd, Site.dan)
    Site.url = Site.page.url
    return Site


def texts(site):
    return [get(site.url, user).content.decode() for user in (*site.people, None)]


def fragments(kept):
    return [name[1] for name in kept if name[0] == "fragment"]


class TestFragment:
    def test_is_kept_on_a_page_that_is_not(self, site):
        site.template('{% personalized_cache 60 "body" %}{% include_block page.body %}{% endpersonalized_cache %}')
        first = texts(site)
        with counting() as kept:
            assert texts(site) == first
        assert kept == []
        assert first[0].startswith("ada:")
        assert first[2].startswith("cyd:")
        assert ["For sales" in text for text in first] == [True, False, True, False, False]
        assert ["For IT" in text for text in first] == [False, True, False, False, False]

    def test_uses_its_own_segments_only(self, site):
        site.template(
            "{% include_block page.body %}"
            '{% personalized_cache 60 "foot" %}{% audience "it" %}IT{% else %}other{% endaudience %}'
            "{% endpersonalized_cache %}"
        )
        with counting() as kept:
            texts(site)
        assert fragments(kept) == ["foot", "foot"]

    def test_gives_what_it_uses_to_the_one_around_it(self, site):
        site.template(
            '{% personalized_cache 60 "outer" %}a{% personalized_cache 60 "inner" %}'
            '{% audience "sales" %}S{% endaudience %}{% endpersonalized_cache %}b{% endpersonalized_cache %}'
        )
        expected = ["ada:aSb", "bob:ab", "cyd:aSb", "dan:ab", ":ab"]
        assert texts(site) == expected
        assert texts(site) == expected

    def test_gives_it_also_when_the_inner_one_was_kept(self, site):
        inner = '{% personalized_cache 60 "inner" %}{% audience "sales" %}S{% endaudience %}{% endpersonalized_cache %}'
        site.template(inner)
        texts(site)
        site.template('{% personalized_cache 60 "outer" %}a' + inner + "b{% endpersonalized_cache %}")
        assert texts(site) == ["ada:aSb", "bob:ab", "cyd:aSb", "dan:ab", ":ab"]

    def test_knows_what_was_passed_on_to_it(self, site):
        site.template(
            "{% with body=page.body %}"
            '{% personalized_cache 60 "with" %}{% for b in body %}{{ b.value.text }};{% endfor %}'
            "{% endpersonalized_cache %}{% endwith %}"
        )
        for _again in range(2):
            assert texts(site) == [
                "ada:For all;For sales;",
                "bob:For all;For IT;",
                "cyd:For all;For sales;",
                "dan:For all;",
                ":For all;",
            ]

    def test_knows_what_a_tag_set(self, site):
        with committed():
            closed = page("Closed", parent=site.page)
            restrict(closed, site.sales)
        site.template(
            "{% visible_pages page.get_children as found %}"
            '{% personalized_cache 60 "as" %}{% for p in found %}{{ p.title }}{% endfor %}{% endpersonalized_cache %}'
        )
        for _again in range(2):
            assert texts(site) == ["ada:Closed", "bob:", "cyd:Closed", "dan:", ":"]

    def test_knows_what_the_view_put_into_the_context(self, site, monkeypatch):
        def context(page, request, *args, **kwargs):
            return {"page": page, "request": request, "greeting": "S" if request.viewer.is_in("sales") else "-"}

        monkeypatch.setattr(type(site.page), "get_context", context)
        site.template('{% personalized_cache 60 "view" %}{{ greeting }}{% endpersonalized_cache %}')
        for _again in range(2):
            assert texts(site) == ["ada:S", "bob:-", "cyd:S", "dan:-", ":-"]

    @pytest.mark.parametrize(
        "source",
        [
            '{% personalized_cache 60 "x" %}{{ request.user.username }}{% endpersonalized_cache %}',
            "{% with n=request.user.username %}"
            '{% personalized_cache 60 "x" %}{{ n }}{% endpersonalized_cache %}{% endwith %}',
            "{% with n=request.user.username %}"
            '{% personalized_cache 60 "x" n %}{{ n }}{% endpersonalized_cache %}{% endwith %}',
            '{% personalized_cache 60 "x" %}{% csrf_token %}{{ request.user.username }}{% endpersonalized_cache %}',
        ],
    )
    def test_keeps_nobodys_text(self, site, source):
        site.template(source)
        with counting() as kept:
            for _again in range(2):
                assert [user.username in get(site.url, user).content.decode()[4:] for user in site.people] == [True] * 4
        assert kept == []

    @pytest.mark.parametrize(
        "source",
        [
            '{% personalized_cache 60 "x" %}{% csrf_token %}{% endpersonalized_cache %}',
            '{% csrf_token %}{% personalized_cache 60 "x" %}{% csrf_token %}{% endpersonalized_cache %}',
            '{% csrf_token %}{% personalized_cache 60 "x" %}token={{ csrf_token }}{% endpersonalized_cache %}',
        ],
    )
    def test_keeps_no_token(self, site, source):
        site.template(source)
        with counting() as kept:
            texts(site)
        assert kept == []

    def test_is_kept_beside_a_form(self, site):
        site.template('{% csrf_token %}{% personalized_cache 60 "x" %}the same{% endpersonalized_cache %}')
        with counting() as kept:
            texts(site)
        assert len(kept) == 1

    def test_varies_by_what_it_names(self, site):
        site.template(
            '{% for n in "ab" %}{% personalized_cache 60 "x" n %}{{ n }}{% endpersonalized_cache %}{% endfor %}'
        )
        for _again in range(2):
            assert get(site.url, site.ada).content == b"ada:ab"

    def test_keeps_its_variables_to_itself(self, site):
        site.template('{% personalized_cache 60 "x" %}{% now "Y" as year %}-{% endpersonalized_cache %}{{ year }}')
        for _again in range(2):
            assert get(site.url, site.ada).content == b"ada:-"

    def test_ends_with_what_it_shows(self, site):
        site.template(
            '{% personalized_cache 60 "x" %}{% for p in page.get_children %}{{ p.title }}{% endfor %}'
            "{% endpersonalized_cache %}"
        )
        assert get(site.url, site.ada).content == b"ada:"
        with committed():
            page("New", parent=site.page)
        assert get(site.url, site.ada).content == b"ada:New"

    def test_ends_with_what_was_read_before_it(self, site):
        site.template(
            "{{ page.owner.username }}"
            '{% personalized_cache 60 "x" %}{{ page.owner.username }}{% endpersonalized_cache %}'
        )
        with committed():
            site.page.owner = site.dan
            site.page.save()
        assert get(site.url, site.ada).content == b"ada:dandan"
        with committed():
            type(site.dan).objects.filter(pk=site.dan.pk).update(username="dora")
        assert get(site.url, site.ada).content == b"ada:doradora"

    def test_marks_the_answer_as_private_also_when_kept(self, site):
        site.template(SALES)
        for _again in range(2):
            assert get(site.url, site.ada)["Cache-Control"] == "private"

    def test_is_rendered_in_previews_and_without_a_request(self, site):
        site.template(SALES)
        with counting() as kept:
            assert site.page.make_preview_request().content == b":"
        assert kept == []

    def test_needs_a_number_and_a_name(self, site):
        site.template("{% personalized_cache 60 %}{% endpersonalized_cache %}")
        with pytest.raises(Exception, match="a number of seconds and a name"):
            get(site.url)


class TestJinja2:
    def test_keeps_a_fragment(self, site, monkeypatch):
        inside = '{{ "S" if request.viewer.is_in("sales") else "-" }}'
        source = '{% personalized_cache 60, "x" %}' + inside + "{% endpersonalized_cache %}"
        template = jinja2.Environment(extensions=[targeting], autoescape=True).from_string(source)

        def serve(page, request):
            from django.http import HttpResponse

            str(request.user)
            return HttpResponse(template.render(request=request))

        def serve_without_user(page, request):
            from django.http import HttpResponse

            return HttpResponse(template.render(request=request), headers={"Cache-Control": "no-store"})

        monkeypatch.setattr(type(site.page), "serve", serve)
        with counting() as kept:
            assert texts(site) == ["S", "-", "S", "-", "-"]
        assert kept == [], "Something personal was asked before, and nothing tells where the answer went."
        monkeypatch.setattr(type(site.page), "serve", serve_without_user)
        with counting() as kept:
            for _again in range(2):
                assert texts(site) == ["S", "-", "S", "-", "-"]
        assert fragments(kept) == ["x", "x"]
