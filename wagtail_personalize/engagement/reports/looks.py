"""Who looked at which report: for whoever must see that measuring is not misused."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_personalize.people.names import person_name
from wagtail_personalize.privacy.recorded import said_moment

from ..models import ReportLook
from .cells import Body, Column, Table, text_cell
from .filters import Asked
from .report import Report

SHOWN = 200


class Looks(Report):
    name = "looks"
    title = gettext_lazy("Who looked")
    explanation = gettext_lazy("Everyone who opened a report or took it away as a file, for twelve months.")
    choices = ()

    def is_offered(self) -> bool:
        """Also where nothing is measured any more."""
        return True

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        looks = ReportLook.objects.select_related("actor")
        limit = None if request.GET.get("export") else SHOWN
        rows = [
            [
                text_cell(said_moment(look.at)),
                text_cell(person_name(look.actor) if look.actor else _("account deleted")),
                text_cell(look.report),
                text_cell(look.filters),
                text_cell(look.export.upper()),
            ]
            for look in looks[:limit]
        ]
        note = _("The newest %(number)d; the file holds all of them.") % {"number": SHOWN}
        return Body(tables=[Table(_("Looks"), COLUMNS, rows, empty=_("Nobody looked yet."), note=note)])


COLUMNS = tuple(
    Column(label, is_number=False)
    for label in (
        gettext_lazy("When"),
        gettext_lazy("Who"),
        gettext_lazy("Report"),
        gettext_lazy("Choices"),
        gettext_lazy("File"),
    )
)
