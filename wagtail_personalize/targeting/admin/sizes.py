"""Which sizes of audiences are not for everybody."""

from collections.abc import Iterable

from wagtail_personalize.segments.admin.builder.restrictions import asks_about_personal
from wagtail_personalize.segments.index import segment_index
from wagtail_personalize.segments.models import Segment

from ..clauses import Clause


def tell_about_personal(clauses: Iterable[Clause]) -> bool:
    """Does a segment named here ask about birthdays or about what people say themselves, perhaps by way of another?

    A size would answer that to an editor who may not ask it in a rule.
    """
    known = segment_index().by_uuid
    named = {known[uuid].id for clause in clauses for uuid in clause.segment_uuids if uuid in known}
    rules = Segment.objects.filter(pk__in=named).values_list("rule", flat=True) if named else ()
    return any(asks_about_personal(rule) for rule in rules)
