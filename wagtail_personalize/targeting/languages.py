"""What to say where a page is shown in another language than its reader's, because it is not translated yet."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale

from wagtail_personalize.people.language import language_name, shown_language
from wagtail_personalize.segments.asked_once import asked_once
from wagtail_personalize.segments.viewer import Viewer

_IS_SHOWN = "_is_in_shown_language"


def note_language(page: Model, active: Any) -> None:
    """Remember whether a page is in the active locale, for whoever knows its key anyway: that spares a query."""
    setattr(page, _IS_SHOWN, page.locale_id == active)


def other_language(page: Model, viewer: Viewer) -> str:
    """ "in English", said in the language that is shown; empty for a page in that language.

    One query in a request at most.
    """
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False) or getattr(page, _IS_SHOWN, False):
        return ""
    codes = asked_once(viewer, "languages of pages", lambda: dict(Locale.objects.values_list("pk", "language_code")))
    code = codes.get(page.locale_id)
    if code is None or code == get_supported_content_language_variant(shown_language()):
        return ""
    return _("in %(language)s") % {"language": language_name(code)}
