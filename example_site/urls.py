"""Addresses of the sample intranet."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.views import LoginView, LogoutView
from django.contrib.staticfiles.views import serve as serve_static
from django.urls import include, path, re_path
from django.views.static import serve as serve_media
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from example_site.home.language_views import choose_language
from wagtail_personalize.search.pages.search import SearchView

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("login/", LoginView.as_view(template_name="login.html", redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", choose_language, name="choose_language"),
    path("search/", SearchView.as_view(), name="search"),
    path("people/", include("wagtail_personalize.urls")),
]

if settings.DEMO:
    # In production a web server hands these out; the demonstration does without one.
    urlpatterns += [
        path("personas/", include("example_site.personas.urls")),
        re_path(r"^static/(?P<path>.*)$", serve_static, {"insecure": True}),
        # Not the documents: those go through Wagtail's view, which asks who may have them.
        re_path(r"^media/(?!documents/)(?P<path>.*)$", serve_media, {"document_root": settings.MEDIA_ROOT}),
    ]

urlpatterns += i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False)
