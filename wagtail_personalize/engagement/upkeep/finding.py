"""Pages that nobody looks after, or that should have been looked at again."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_personalize.privacy.recorded import said_day

from ..reports.cells import Cell, Column, Table, text_cell
from ..reports.contents import known_pages
from .models import upkept_models

LISTED = 50


def overdue(model: type[Any]) -> QuerySet:
    """Live pages whose review date is over."""
    return model.objects.filter(live=True, review_date__lt=timezone.localdate()).order_by("review_date", "pk")


def upkeep_table(request: HttpRequest) -> Table:
    """For the pages that the user may know of; one query for each page model with the mixin, and one for owners."""
    known = known_pages(request).values("pk")
    rows = [row for model in upkept_models() for row in map(_late_row, overdue(model).filter(pk__in=known)[:LISTED])]
    ownerless = known_pages(request).filter(live=True, depth__gt=1, owner=None).order_by("title", "pk")
    rows += [_row(page, _("has no owner")) for page in ownerless[:LISTED]]
    columns = [Column(_("Page"), is_number=False), Column(_("What is missing"), is_number=False)]
    return Table(_("Pages to look after"), columns, rows, empty=_("Every page has an owner, and none is overdue."))


def _late_row(page: Any) -> list[Cell]:
    if page.content_owner_id is None:
        return _row(page, _("was to be looked at on %(day)s, by nobody") % {"day": said_day(page.review_date)})
    return _row(page, _("was to be looked at on %(day)s") % {"day": said_day(page.review_date)})


def _row(page: Any, what: str) -> list[Cell]:
    return [text_cell(page.title, reverse("wagtailadmin_pages:edit", args=[page.pk])), text_cell(what)]
