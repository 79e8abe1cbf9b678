"""What to say where a page is shown in another language than its reader's, because it is not translated yet."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import get_language
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


def active_locale(viewer: Viewer) -> Any:
    """The key of the locale that is shown, as ``Locale.get_active()`` finds it; ``None`` where there is one language.

    One query in a request at most, whichever languages are shown in it.
    """
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return None
    keys = {code: pk for pk, code in _languages(viewer).items()}
    try:
        return keys[get_supported_content_language_variant(get_language())]
    except LookupError:
        return keys.get(get_supported_content_language_variant(settings.LANGUAGE_CODE))


def other_language(page: Model, viewer: Viewer) -> str:
    """ "in English", said in the language that is shown; empty for a page in that language.

    One query in a request at most.
    """
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False) or getattr(page, _IS_SHOWN, False):
        return ""
    code = _languages(viewer).get(page.locale_id)
    if code is None or code == get_supported_content_language_variant(shown_language()):
        return ""
    return _("in %(language)s") % {"language": language_name(code)}


def _languages(viewer: Viewer) -> dict[Any, str]:
    """The code of each locale, by its key."""
    return asked_once(viewer, "languages of pages", lambda: dict(Locale.objects.values_list("pk", "language_code")))
