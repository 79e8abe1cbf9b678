"""Whether personalisation is healthy: is everybody in some segment, does anybody choose, is anything targeted?"""

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wagtail_personalize.people.declaration import get_declaration
from wagtail_personalize.privacy.figures import Family, Kind, Measure, Shown, published
from wagtail_personalize.segments.models import Membership, Segment
from wagtail_personalize.streams.notifications.load import messages_per_head
from wagtail_personalize.streams.subscribing.models import Level, Subscription
from wagtail_personalize.targeting.models import EffectiveAudience
from wagtail_personalize.targeting.page_tree import page_model

from ..models import ALL
from .cells import Body, Cell, Column, Table, number_cell, per_head_cell, share_cell, text_cell
from .filters import Asked
from .reading import Numbers, Reader
from .report import Report


class Health(Report):
    name = "health"
    title = gettext_lazy("Health of personalisation")
    explanation = gettext_lazy("Whether segments, subscriptions and audiences do what they are for. As it is now.")
    choices = ()

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        from ..upkeep.finding import upkeep_table

        return Body(
            tables=[Table(_("Now"), COLUMNS, [*_people(asked.reader), *_pages()]), _load(asked), upkeep_table(request)]
        )


COLUMNS = (
    Column(gettext_lazy("What"), is_number=False),
    Column(pgettext_lazy("how many", "Number")),
    Column(pgettext_lazy("part of a whole", "Share")),
)


def _people(reader: Reader) -> list[list[Cell]]:
    declaration = get_declaration()
    if declaration is None:
        return []
    people = declaration.people().order_by()
    here = OuterRef(declaration.person_path)
    whole = people.count()
    sizes = Membership.objects.order_by().values("segment").annotate(size=Count("pk"))
    for_all = list(sizes.filter(size__gte=whole).values_list("segment", flat=True))
    in_none = people.filter(~Exists(Membership.objects.filter(person=here).exclude(segment__in=for_all)))
    following = people.filter(
        Exists(Subscription.objects.filter(person=here, own__gt=Level.MUTED, level__gt=Level.MUTED))
    )
    told = [
        (_("People in no segment beyond that of everyone"), in_none.count()),
        (_("People who follow something by their own choice"), following.count()),
    ]
    return [_people_row(label, number, whole, reader) for label, number in told]


def _people_row(label: str, number: int, whole: int, reader: Reader) -> list[Cell]:
    """Through the privacy layer: those who do, and those who do not, are groups."""
    measures = [Measure("whole", Kind.SIZE), Measure("number", Kind.PEOPLE, inside=("whole",))]
    family = Family({ALL: {"whole": whole, "number": number}})
    numbers = Numbers(published(family, measures, reader.structure)[ALL])
    return [text_cell(label), number_cell(numbers["number"]), share_cell(numbers.ratio("number", "whole"))]


def _pages() -> list[list[Cell]]:
    live = page_model().objects.filter(live=True, depth__gt=1)
    whole = live.count()
    targeted = EffectiveAudience.objects.filter(page__in=live.values("pk"))
    restricted = targeted.filter(access__isnull=False).count()
    recommended = targeted.filter(access=None, recommendation__isnull=False).count()
    told = [
        (_("Pages restricted to an audience"), restricted),
        (_("Pages recommended to an audience"), recommended),
        (_("Pages for everyone"), max(whole - restricted - recommended, 0)),
    ]
    return [
        [text_cell(label), number_cell(Shown(number)), share_cell(Shown(number / whole if whole else 0))]
        for label, number in told
    ]


def _load(asked: Asked) -> Table:
    """What reaches the people of each reporting segment in a week."""
    rows = []
    for group, name in asked.segments.items():
        people = get_user_model()._default_manager.filter(pk__in=Segment(pk=group).memberships.values("person"))
        messages, heads = messages_per_head(people)
        rows.append([text_cell(name), per_head_cell(Shown(messages / heads if heads else 0))])
    columns = [Column(_("Segment"), is_number=False), Column(_("Messages per head"), _("In the last seven days."))]
    return Table(_("Load"), columns, rows, empty=_("There are no reporting segments yet."))
