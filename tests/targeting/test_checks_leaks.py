"""System checks of what a site builder may do past the one door, each with its repair."""

from textwrap import dedent

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse
from django.template import engines
from django.urls import path, re_path
from django.views.decorators.cache import cache_page
from django.views.static import serve as serve_static
from rest_framework.generics import ListAPIView
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Page
from wagtail.views import serve

from tests.leaky_site.views import urlconf
from wagtail_personalize import viewer_for, visible
from wagtail_personalize.targeting import template_sources

VIEWER = "wagtail_personalize.segments.middleware.ViewerMiddleware"

# Django asks the database what it supports when it checks models.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def found(number, *, deploy=False):
    """The messages of one check."""
    messages = run_checks(include_deployment_checks=deploy)
    return [message for message in messages if message.id == f"personalize_targeting.{number}"]


@pytest.fixture
def urls(settings):
    def urls(*patterns):
        settings.ROOT_URLCONF = urlconf(*patterns)

    return urls


@pytest.fixture
def sources(settings, tmp_path):
    """``sources("menu.html", "…")``: a file of the site, a template or a module by its ending."""
    settings.BASE_DIR = tmp_path
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path / "templates")], "APP_DIRS": False}]

    def write(name, text):
        file = tmp_path / ("code" if name.endswith(".py") else "templates") / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")

    return write


class TestDocuments:
    def test_that_pass_no_view_are_told(self, settings):
        settings.WAGTAILDOCS_SERVE_METHOD = "direct"
        (message,) = found("W010")
        assert "serve_view" in message.hint

    def test_that_lie_here_and_are_redirected_to_are_told(self, settings):
        settings.WAGTAILDOCS_SERVE_METHOD = "redirect"
        assert len(found("W010")) == 1

    @pytest.mark.parametrize("method", [None, "serve_view"])
    def test_that_wagtails_view_serves_are_not(self, settings, method):
        settings.WAGTAILDOCS_SERVE_METHOD = method
        assert found("W010") == []

    def test_that_are_handed_out_with_all_files_are_told(self, urls):
        urls(re_path(r"^media/(?P<path>.*)$", serve_static, {"document_root": django_settings.MEDIA_ROOT}))
        (message,) = found("W011")
        assert "(?!documents/)" in message.hint

    def test_the_repair_of_that_hint_is_silent(self, urls):
        urls(re_path(r"^media/(?!documents/)(?P<path>.*)$", serve_static, {"document_root": FileSystemStorage}))
        assert found("W011") == []

    def test_while_developing_all_files_may_be_handed_out(self, urls, settings):
        settings.DEBUG = True
        urls(re_path(r"^media/(?P<path>.*)$", serve_static, {"document_root": django_settings.MEDIA_ROOT}))
        assert found("W011") == []


class TestPageCaches:
    @pytest.mark.parametrize(("behind", "count"), [(True, 1), (False, 0)])
    def test_of_other_packages_stand_before_the_viewers_middleware(self, settings, behind, count):
        other = "wagtailcache.cache.UpdateCacheMiddleware"
        order = [path for path in settings.MIDDLEWARE if path != other]
        settings.MIDDLEWARE = [*order, other] if behind else [other, *order]
        assert len(found("W012")) == count

    def test_around_wagtails_view_are_told(self, urls):
        urls(path("cached/", cache_page(60)(serve)))
        assert "cache_page" in found("W013")[0].msg

    def test_around_a_view_of_the_site_are_told(self, urls):
        urls(path("cached/", cache_page(60)(lambda request: HttpResponse())))
        assert len(found("W013")) == 1

    def test_around_a_view_of_another_package_are_not(self, urls):
        urls(path("cached/", cache_page(60)(serve_static)))
        assert found("W013") == []


class TestFragments:
    @pytest.mark.parametrize("tag", ["cache 300 menu", "wagtailcache 300 menu", "wagtailpagecache 300 menu"])
    @pytest.mark.parametrize(
        "inside",
        [
            "{% visible_pages pages as shown %}",
            "{% for page in pages|visible %}{% endfor %}",
            '{% audience "managers" %}Bonus{% endaudience %}',
            "{% include_block page.body %}",
            "{{ request.user.first_name }}",
        ],
    )
    def test_around_something_personal_are_told(self, sources, tag, inside):
        sources("menu.html", f"<nav>\n{{% {tag} %}}{inside}{{% end{tag.split()[0]} %}}</nav>")
        (message,) = found("W014", deploy=True)
        assert "menu.html, line 2" in message.msg
        assert "personalized_cache" in message.hint

    def test_around_pages_that_were_made_visible_before_are_told(self, sources):
        sources("menu.html", "{% visible_pages pages as mine %}{% cache 300 m %}{{ mine.first }}{% endcache %}")
        assert len(found("W014", deploy=True)) == 1

    def test_around_an_included_template_are_told(self, sources):
        sources("includes/menu.html".replace("includes/", "inc_"), "{{ pages|visible }}")
        sources("page.html", '{% cache 300 m %}{% include "inc_menu.html" %}{% endcache %}')
        assert len(found("W014", deploy=True)) == 1

    @pytest.mark.parametrize(
        "source",
        [
            "{% cache 300 foot %}<p>Tarnwell</p>{% endcache %}{{ pages|visible }}",
            "{% cache 300 menu request.user.pk %}{{ pages|visible }}{% endcache %}",
            "{% personalized_cache 300 menu %}{{ pages|visible }}{% endpersonalized_cache %}",
            "{# personalize: everybody #}\n{% cache 300 menu %}{{ pages|visible }}{% endcache %}",
        ],
    )
    def test_that_are_right_are_not(self, sources, source):
        sources("menu.html", source)
        assert found("W014", deploy=True) == []


class Guarded(PagesAPIViewSet):
    def get_base_queryset(self):
        return super().get_base_queryset().exclude(slug="start")


class Unguarded(PagesAPIViewSet):
    def get_base_queryset(self):
        return Page.objects.live()


class PageList(ListAPIView):
    queryset = Page.objects.all()


class VisiblePageList(ListAPIView):
    queryset = Page.objects.all()

    def get_queryset(self):
        return visible(self.queryset.all(), viewer_for(self.request))


class TestAPI:
    def _api(self, viewset):
        router = WagtailAPIRouter("wagtailapi")
        router.register_endpoint("pages", viewset)
        return path("api/", router.urls)

    @pytest.mark.parametrize("viewset", [PagesAPIViewSet, Guarded])
    def test_of_wagtail_and_what_builds_on_it_is_guarded(self, urls, viewset):
        urls(self._api(viewset))
        assert found("W015") == []

    def test_that_goes_past_the_guarded_method_is_told(self, urls):
        urls(self._api(Unguarded))
        messages = found("W015")
        assert {message.obj for message in messages} == {Unguarded}
        assert "super().get_base_queryset()" in messages[0].hint

    @pytest.mark.parametrize(("view", "count"), [(PageList, 1), (VisiblePageList, 0)])
    def test_of_the_site_must_ask(self, urls, view, count):
        urls(path("list/", view.as_view()))
        assert len(found("W015")) == count


class TestListings:
    @pytest.mark.parametrize(
        ("code", "lines"),
        [
            ("def menu(request):\n    return Page.objects.live()", [2]),
            ("class Feed:\n    def items(self):\n        return Page.objects.live().in_menu()", [3]),
            ("PAGES = Page.objects.live()", [1]),
            ("def menu(request):\n    return visible(Page.objects.live(), viewer_for(request))", []),
            ("def menu(request):\n    pages = Page.objects.live()\n    return visible(pages, request.viewer)", []),
            ("def menu(request):\n    return news_for(Page.objects.live(), request.viewer)", []),
            ("def menu(request):\n    # personalize: everybody\n    return Page.objects.live()", []),
            ("def menu(request):\n    return Page.objects.live()  # personalize: everybody", []),
            ("def owners():\n    return Page.objects.live().values('owner')", []),
            ("def titles():\n    return Page.objects.live().values_list('title')", [2]),
            ("def broken(:\n    return Page.objects.live()", []),
        ],
    )
    def test_in_python_must_ask(self, sources, code, lines):
        sources("views.py", code)
        messages = found("W016", deploy=True)
        assert [int(message.msg.split("line ")[1].split(":")[0]) for message in messages] == lines

    def test_of_tests_and_migrations_do_not_matter(self, sources, tmp_path):
        sources("test_views.py", "PAGES = Page.objects.live()")
        (tmp_path / "migrations").mkdir()
        (tmp_path / "migrations" / "0001_initial.py").write_text("PAGES = Page.objects.live()")
        assert found("W016", deploy=True) == []

    @pytest.mark.parametrize(
        ("source", "count"),
        [
            ("{% for child in page.get_children %}{% endfor %}", 1),
            ("{% for child in page.get_children.live %}{% endfor %}", 1),
            ("{{ page.get_next_siblings.first }}", 1),
            ("{% for child in page.get_children.live|visible %}{% endfor %}", 0),
            ("{% visible_pages page.get_children.live as children %}", 0),
            ("{# personalize: everybody #}\n{% for child in page.get_children %}{% endfor %}", 0),
            ("{% if page.live %}{% endif %}", 0),
            ("{% for above in page.get_ancestors %}{% endfor %}", 0),
        ],
    )
    def test_in_templates_must_ask(self, sources, source, count):
        sources("section.html", source)
        messages = found("W017", deploy=True)
        assert len(messages) == count
        assert all("|visible" in message.hint for message in messages)


class TestAll:
    def test_can_be_silenced(self, settings):
        settings.WAGTAILDOCS_SERVE_METHOD = "direct"
        settings.SILENCED_SYSTEM_CHECKS = ["personalize_targeting.W010"]
        assert all(message.is_silenced() for message in found("W010"))

    def test_read_no_source_at_start_up(self, sources, monkeypatch):
        sources("menu.html", "{% for child in page.get_children %}{% endfor %}")

        def refuse():
            raise AssertionError("The templates of the site were read at start-up.")

        monkeypatch.setattr(template_sources, "_folders", refuse)
        run_checks()
        with pytest.raises(AssertionError):
            run_checks(include_deployment_checks=True)

    def test_say_nothing_about_the_test_site(self):
        assert engines.all()
        messages = run_checks(include_deployment_checks=False)
        assert [message for message in messages if message.id.startswith("personalize_targeting.W01")] == []
