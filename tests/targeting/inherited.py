"""A slow, obvious reference: who may see a page, followed page by page in Python."""

from wagtail.models import Page

from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.models import PageAudience


def may_see(page, viewer):
    """Every restriction on the way to ``page`` lets ``viewer`` pass."""
    clauses = [clause for choice in _choices_on_the_way(page) if choice.access for clause in choice.access.clauses]
    if viewer.is_anonymous and clauses:
        return False
    return all(_passes(clause, viewer) for clause in clauses)


def _passes(clause, viewer):
    segments = {str(segment.uuid): segment for segment in Segment.objects.all()}
    named = clause["include"] + clause["exclude"]
    if any(uuid not in segments or segments[uuid].broken or segments[uuid].self_chosen for uuid in named):
        return False
    included = not clause["include"] or any(segments[uuid].pk in viewer.segment_ids for uuid in clause["include"])
    return included and not any(segments[uuid].pk in viewer.segment_ids for uuid in clause["exclude"])


def _choices_on_the_way(page):
    met, queue = {}, [page]
    while queue:
        current = queue.pop()
        if current.pk in met:
            continue
        met[current.pk] = current
        if parent := Page.objects.filter(path=current.path[: -Page.steplen]).first():
            queue.append(parent)
        if current.alias_of_id:
            queue.append(Page.objects.get(pk=current.alias_of_id))
    return PageAudience.objects.filter(translation_key__in={page.translation_key for page in met.values()})
