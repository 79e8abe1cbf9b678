"""What whoever asks for something gets that does not exist, or not for them: the same in both cases."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from wagtail_personalize.conf import get_settings
from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.targeting.middleware import login_url


def missing(request: HttpRequest) -> HttpResponse:
    """The redirect to the login for an anonymous visitor, else the site's page for *not found*."""
    if viewer_for(request).is_anonymous and get_settings().ANONYMOUS == "login":
        return redirect_to_login(request.get_full_path(), login_url())
    raise Http404
