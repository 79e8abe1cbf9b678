"""By section, hashtag, format and author: groups of pages.

A section is counted by itself, so its people are different people. Hashtags, formats and authors are sums over pages,
and people are never summed: there it is how often something was done.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from wagtail_personalize.people.names import person_name
from wagtail_personalize.privacy.figures import Reason, Shown, Withheld, rules
from wagtail_personalize.segments.viewer import viewer_for
from wagtail_personalize.streams.formats.models import Format, PageFormat
from wagtail_personalize.streams.hashtag_stream import visible_uses
from wagtail_personalize.streams.models import Hashtag

from ..models import Content
from .cells import Body, Column, Table, bars, number_cell, seconds_cell, share_cell, text_cell
from .contents import known_pages, most_first, page_cell, pages_called
from .filters import Asked
from .measures import AUDIENCE, EXPLANATIONS, INTERACTIONS, LABELS, PARTICIPANTS, REACHED, VIEWERS
from .reading import Numbers
from .report import NOTHING_YET, Report


class BySection(Report):
    name = "sections"
    title = gettext_lazy("By section")
    explanation = gettext_lazy("The parts of the site below its home page, with all pages in them.")
    choices = ("period", "segment")

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        keys = most_first(Content.Type.SECTION, asked.period, asked.group, rules().floor)
        contents = Content.objects.in_bulk(keys)
        pages = pages_called([content.key for content in contents.values()], request)
        told = asked.reader.read(keys, [asked.period], (AUDIENCE, "seers", VIEWERS, REACHED, PARTICIPANTS))
        rows = []
        for key in keys:
            numbers = told.of(key, asked.period, asked.group)
            if contents[key].key in pages and numbers.value(VIEWERS) is not None:
                cells = [number_cell(numbers[VIEWERS]), share_cell(numbers.ratio(REACHED, AUDIENCE))]
                cells.append(share_cell(numbers.ratio(PARTICIPANTS, VIEWERS)))
                rows.append([page_cell(contents[key], pages), *cells])
        table = Table(_("Sections"), SECTION_COLUMNS, rows, empty=_("No section was read by enough people."))
        table.is_of_chart = True
        return Body(charts=[bars(_("Viewers"), rows, 1)], tables=[table])


SECTION_COLUMNS = (
    Column(pgettext_lazy("part of the site", "Section"), is_number=False),
    Column(LABELS[VIEWERS], EXPLANATIONS[VIEWERS]),
    Column(gettext_lazy("Reach"), gettext_lazy("Reached people of the audience ÷ audience.")),
    Column(LABELS[PARTICIPANTS], gettext_lazy("People who did more than view ÷ viewers.")),
)


@dataclass
class _Sum:
    """What is told of some pages together: only what may be told of each."""

    pages: int = 0
    views: int = 0
    interactions: int = 0
    seconds: list[int] = field(default_factory=list)

    def add(self, numbers: Numbers) -> None:
        self.pages += 1
        self.views += numbers.value("views") or 0
        total = numbers.total(INTERACTIONS)
        self.interactions += total.value if isinstance(total, Shown) else 0
        if (seconds := numbers.value("engaged_median")) is not None:
            self.seconds.append(seconds)

    def cells(self, name: Any) -> list:
        told = Shown(median_low(self.seconds)) if self.seconds else Withheld(Reason.TOO_FEW)
        per_page = Shown(round(self.views / self.pages))
        numbers = [number_cell(Shown(value)) for value in (self.pages, self.views)]
        return [
            text_cell(name),
            *numbers,
            *(number_cell(per_page), number_cell(Shown(self.interactions)), seconds_cell(told)),
        ]


class _OfPages(Report):
    """Sums over pages; a subclass says which of them belong together."""

    choices = ("period", "segment")
    of_what: Any = ""

    @abstractmethod
    def names(self, keys: Mapping[str, Any], request: HttpRequest) -> Mapping[str, Iterable[Any]]:
        """The groups of each page; pages come as translation keys. A fixed number of queries."""

    def build(self, asked: Asked, request: HttpRequest) -> Body:
        if asked.period is None:
            return Body(empty=NOTHING_YET)
        read = most_first(Content.Type.PAGE, asked.period, asked.group, rules().floor)
        contents = Content.objects.in_bulk(read)
        pages = pages_called([content.key for content in contents.values()], request)
        told = asked.reader.read(
            read, [asked.period], (VIEWERS, "views", "engaged_median", PARTICIPANTS, *INTERACTIONS)
        )
        names = self.names(pages, request)
        sums: dict[Any, _Sum] = defaultdict(_Sum)
        for pk in read:
            numbers = told.of(pk, asked.period, asked.group)
            if numbers.value(VIEWERS) is not None:
                for name in names.get(contents[pk].key, ()):
                    sums[name].add(numbers)
        ordered = sorted(sums.items(), key=lambda pair: (-pair[1].views, str(pair[0])))
        rows = [found.cells(name) for name, found in ordered]
        table = Table(self.title, (Column(self.of_what, is_number=False), *SUM_COLUMNS), rows, is_of_chart=True)
        table.empty = _("No page was read by enough people.")
        table.note = _("Of pages that enough people read. People are never summed, as the same may read several pages.")
        return Body(charts=[bars(pgettext("of pages", "Views"), rows, 2)], tables=[table])


SUM_COLUMNS = (
    Column(gettext_lazy("Pages")),
    Column(LABELS["views"], EXPLANATIONS["views"]),
    Column(gettext_lazy("Views per page")),
    Column(gettext_lazy("Interactions"), gettext_lazy("Clicks, downloads, reactions, comments, shares and the like.")),
    Column(LABELS["engaged_median"], gettext_lazy("The median of the pages.")),
)


class ByHashtag(_OfPages):
    name = "hashtags"
    title = gettext_lazy("By topic")
    explanation = gettext_lazy("Topics are hashtags; a page with several of them counts for each.")
    of_what = gettext_lazy("Hashtag")

    def names(self, keys: Mapping[str, Any], request: HttpRequest) -> Mapping[str, Iterable[Any]]:
        uses = visible_uses(viewer_for(request)).filter(page__in=[pk for pk, _title in keys.values()])
        rows = list(uses.values_list("page__translation_key", "main").distinct())
        labels = {tag.pk: str(tag) for tag in Hashtag.objects.filter(pk__in={main for _key, main in rows})}
        found = defaultdict(set)
        for key, main in rows:
            found[str(key)].add(labels[main])
        return found


class ByFormat(_OfPages):
    name = "formats"
    title = gettext_lazy("By format")
    explanation = gettext_lazy("What a page mainly is.")
    of_what = pgettext_lazy("kind of content", "Format")

    def names(self, keys: Mapping[str, Any], request: HttpRequest) -> Mapping[str, Iterable[Any]]:
        rows = PageFormat.objects.filter(translation_key__in=list(keys)).values_list("translation_key", "format")
        known = {str(key): Format(number).label for key, number in rows}
        return {key: [known.get(key, Format.TEXT.label)] for key in keys}


class ByAuthor(_OfPages):
    name = "authors"
    title = gettext_lazy("By author")
    explanation = gettext_lazy("Owners of pages. For editors who plan together, not for rating people.")
    of_what = gettext_lazy("Author")

    def is_offered(self) -> bool:
        return rules().is_measured and rules().has_authors

    def names(self, keys: Mapping[str, Any], request: HttpRequest) -> Mapping[str, Iterable[Any]]:
        pages = known_pages(request).filter(pk__in=[pk for pk, _title in keys.values()], owner__isnull=False)
        rows = list(pages.values_list("translation_key", "owner_id"))
        owners = get_user_model()._default_manager.in_bulk({owner for _key, owner in rows})
        return {str(key): [person_name(owners[owner])] for key, owner in rows if owner in owners}
