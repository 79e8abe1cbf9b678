"""Short words for the audiences of pages in tests."""

from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from wagtail_personalize.segments.models import Segment
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


def bulk(parent, number):
    """So many pages at once below ``parent``, without a signal."""
    parent = Page.objects.get(pk=parent.pk)
    kind = ContentType.objects.get_for_model(Page)
    pages = Page.objects.bulk_create(
        Page(
            title=f"Bulk {n}",
            slug=f"bulk-{n}",
            path=Page._get_path(parent.path, parent.depth + 1, parent.numchild + n + 1),
            depth=parent.depth + 1,
            url_path=f"{parent.url_path}bulk-{n}/",
            content_type=kind,
            locale_id=parent.locale_id,
        )
        for n in range(number)
    )
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + number)
    return pages


def make_segments(number):
    """So many segments at once, in the order of their keys, whose rules nobody fits."""
    rule = {"all": [{"attribute": "department", "operator": "is", "value": "Nobody's"}]}
    names = [f"Extra {Segment.objects.count() + n}" for n in range(number)]
    new = [Segment(name=name, slug=name.lower().replace(" ", "-"), rule=rule, uuid=uuid4()) for name in names]
    Segment.objects.bulk_create(new)
    return list(Segment.objects.filter(name__in=names).order_by("pk"))


def recommend(page, *segments, user=None):
    return set_page_audience(page, user, None, Clause.of(segments))


def open_up(page, user=None):
    """Lift whatever was chosen for ``page``."""
    return set_page_audience(page, user, None, None)


def seen_by(someone=None):
    """The viewer for a user, anonymous without one; a new one, as in a new request."""
    return Viewer.for_person(someone) if someone else Viewer.anonymous()
