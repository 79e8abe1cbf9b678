"""Short words for the audiences of pages in tests."""

from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.audiences import Clause, intern_all
from wagtail_personalize.targeting.effective import recompute
from wagtail_personalize.targeting.models import PageAudience
from wagtail_personalize.targeting.page_audiences import set_page_audience


def restrict(page, *segments, without=(), user=None):
    """Restrict ``page`` to people in any of ``segments`` who are in none of ``without``."""
    return set_page_audience(page, user, Clause.of(segments, without), None)


def restrict_many(pages, segments):
    """Restrict each of ``pages`` to one of ``segments``, in few queries."""
    clauses = [frozenset({Clause.of([segment])}) for segment in segments]
    audiences = intern_all(clauses)
    PageAudience.objects.bulk_create(
        PageAudience(translation_key=page.translation_key, access=audiences[clause])
        for page, clause in zip(pages, clauses, strict=True)
    )
    recompute(fill_all=True)


def recommend(page, *segments, user=None):
    return set_page_audience(page, user, None, Clause.of(segments))


def open_up(page, user=None):
    """Lift whatever was chosen for ``page``."""
    return set_page_audience(page, user, None, None)


def seen_by(someone=None):
    """The viewer for a user, anonymous without one; a new one, as in a new request."""
    return Viewer.for_person(someone) if someone else Viewer.anonymous()
