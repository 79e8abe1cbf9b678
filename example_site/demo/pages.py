"""Makes the pages of ``content/pages``: the folders are the page tree.

Pages that nobody edited since are brought up to date by every run; a page that an editor saved is left alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from example_site.home import models as page_types
from wagtail_personalize.people.employees.models import Department, Location
from wagtail_personalize.segments.models import Segment
from wagtail_personalize.targeting.audience_choice import AudienceChoice
from wagtail_personalize.targeting.clauses import Clause
from wagtail_personalize.targeting.page_audiences import page_audience, set_page_audience

from .markup import Writer, split, with_days

PAGES = Path(__file__).parent / "content" / "pages"


@dataclass
class Text:
    """One file of the folder, read."""

    path: str  #: "/handbook/travel/"
    head: dict[str, Any]
    body: str

    @property
    def parent(self) -> str:
        return self.path.rstrip("/").rpartition("/")[0] + "/"

    @property
    def slug(self) -> str:
        return self.path.rstrip("/").rpartition("/")[2]


def load_pages(today: date, segments: dict[str, Segment]) -> "PageLoader":
    """Make or refresh all pages; returns the loader, which knows them by their paths."""
    loader = PageLoader(today, segments)
    loader.run()
    return loader


def ordered(texts: Iterable[Text]) -> list[Text]:
    """What stands above comes first, the rest in the order of the menu."""
    return sorted(
        texts, key=lambda text: (text.path.count("/"), ORDER.get(text.path, 50), text.head.get("order", 50), text.path)
    )


class PageLoader:
    """One run over the folder. Pages are made first and filled afterwards, so that texts can link to any of them."""

    def __init__(self, today: date, segments: dict[str, Segment]) -> None:
        self.today, self.segments = today, segments
        self.pictures = dict(get_image_model().objects.values_list("title", "pk"))
        self.authors = _heads_of_departments()
        self.pages: dict[str, Page] = {}

    folder = PAGES

    def run(self) -> int:
        texts = ordered(self._read(file) for file in self.folder.rglob("*.md"))
        self.texts = {text.path: text for text in texts}
        with transaction.atomic():
            new = {text.path for text in texts if self._place(text)}
            for text in texts:
                self._fill(text, is_new=text.path in new)
        for text in texts:
            self._target(text)
        return len(texts)

    def _read(self, file: Path) -> Text:
        head, body = split(with_days(file.read_text(encoding="utf-8"), self.today))
        return Text(self.path_of(file), head, body)

    def path_of(self, file: Path) -> str:
        """The address of the page that a file is about, below the start page."""
        path = file.relative_to(self.folder).with_suffix("").as_posix()
        return "/" if path == "start" else f"/{path}/"

    def _place(self, text: Text) -> bool:
        """Find the page or make an empty one in its place; returns whether it is new."""
        model = getattr(page_types, text.head.get("type") or DEFAULT_TYPE.get(text.parent, "StandardPage"))
        if text.path == "/":
            self.pages["/"], is_new = _start_page(model, text.head["title"])
            return is_new
        parent = self.pages[text.parent]
        page = model.objects.child_of(parent).filter(slug=text.slug).first()
        if page is None:
            page = model(title=text.head["title"], slug=text.slug, live=False, **model_required(model))
            parent.add_child(instance=page)
            self.pages[text.path] = page
            return True
        self.pages[text.path] = page
        return False

    def _fill(self, text: Text, *, is_new: bool) -> None:
        page = self.pages[text.path]
        if not is_new and page.revisions.filter(user__isnull=False).exists():
            return
        before = page.serializable_data()
        for name, value in self._fields(text, page).items():
            setattr(page, name, value)
        if is_new or page.serializable_data() != before:
            page.save_revision(clean=False, log_action=False).publish(log_action=False)

    def _fields(self, text: Text, page: Page) -> dict[str, Any]:
        """What the file says, as values of the page's fields."""
        head, writer = text.head, Writer(text.path, self._link, self._audience)
        fields = {
            "title": head["title"],
            "show_in_menus": head.get("in_menu", False),
            "search_description": head.get("lead", ""),
            "body": writer.body(text.body),
            **{name: head[name] for name in PLAIN if name in head},
        }
        if "picture" in head:
            fields["picture_id"] = self.pictures[head["picture"]]
        if "facts" in head:
            fields["facts"] = "\n".join(f"{name} | {value}" for name, value in head["facts"])
        if "reviewed_days_ago" in head:
            fields["reviewed"] = self.today - timedelta(head["reviewed_days_ago"])
        if "days_ago" in head:
            fields["published"] = _morning(self.today, head["days_ago"], text.slug)
            fields["author_id"] = self.authors.get(head.get("author"))
        if "place" in head:
            fields["location"] = Location.objects.get(code=head["place"])
        if "department" in head:
            fields["department"] = Department.objects.get(code=head["department"])
        if text.path == "/":
            fields |= self._start_fields(head, writer)
        return fields

    def _start_fields(self, head: dict[str, Any], writer: Writer) -> dict[str, Any]:
        *targeted, default = [(self._whom(entry), entry["name"], self._message(entry)) for entry in head["messages"]]
        variants = [writer.variant(name, whom, content) for whom, name, content in targeted]
        message = {"variants": variants, "default": default[2]}
        return {
            "message": [writer.block("variants", message)],
            "notices": [
                writer.block("notice", self._linked(entry, ("title", "text", "tone"))) for entry in head["notices"]
            ],
            "quick_links": [
                writer.block("link", self._linked(entry, ("title", "text", "icon"))) for entry in head["links"]
            ],
        }

    def _linked(self, entry: dict[str, Any], plain: tuple[str, ...]) -> dict[str, Any]:
        """A block that leads to a page and has an audience."""
        value = {name: entry[name] for name in plain}
        value |= {"page": self.pages[entry["link"]].pk, "audience": self._whom(entry)}
        return value | ({"link_text": entry["link_text"]} if "link_text" in entry else {})

    def _message(self, entry: dict[str, Any]) -> dict[str, Any]:
        value = {name: entry[name] for name in ("title", "text", "link_text")}
        return value | {"page": self.pages[entry["link"]].pk, "picture": self.pictures[entry["picture"]]}

    def _whom(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        return self._audience(entry.get("for", []), entry.get("not", []))

    def _audience(self, include: list[str], exclude: list[str]) -> dict[str, Any] | None:
        clause = self._clause(include, exclude)
        return AudienceChoice(clause.include, clause.exclude).to_raw() if clause else None

    def _clause(self, include: list[str], exclude: list[str] = ()) -> Clause | None:
        uuids = [frozenset(str(self.segments[slug].uuid) for slug in slugs) for slugs in (include, exclude)]
        return Clause(*uuids) if any(uuids) else None

    def _link(self, path: str) -> str:
        return f'linktype="page" id="{self.pages[path].pk}"'

    def _target(self, text: Text) -> None:
        """Restrict or recommend the page, unless somebody chose something else by hand."""
        page, head = self.pages[text.path], text.head
        chosen = page_audience(page)
        if (chosen is None or chosen.changed_by is None) and ("restrict" in head or "recommend" in head):
            restrict, recommend = self._clause(head.get("restrict", [])), self._clause(head.get("recommend", []))
            set_page_audience(page, None, restrict, recommend)


#: Fields that stand in the head under their own name.
PLAIN = (
    *("lead", "guest_text", "topic", "layout", "icon", "country", "address", "hours", "reception", "getting_there"),
    "contact",
)
DEFAULT_TYPE = {"/news/": "NewsPage", "/handbook/": "HandbookPage", "/handbook/management/": "HandbookPage"}
ORDER = {"/news/": 1, "/teams/": 2, "/locations/": 3, "/handbook/": 4, "/services/": 5}


def model_required(model: type[Page]) -> dict[str, Any]:
    """Values for fields that may not be empty while a page waits to be filled."""
    return {"country": "", "address": ""} if model is page_types.LocationPage else {}


def _start_page(model: type[Page], title: str) -> tuple[Page, bool]:
    """The root page of the site; Wagtail's welcome page makes room for it."""
    found = model.objects.first()
    if found:
        return found, False
    root = Page.get_first_root_node()
    page = root.add_child(instance=model(title=title, slug="intranet", live=False))
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    before, site.root_page, site.site_name = site.root_page_id and site.root_page, page, "Tarnwell"
    site.save()
    if before and before.specific_class is Page:
        before.delete()
    return page, True


def _heads_of_departments() -> dict[str, Any]:
    """Department code → user of the highest level in it: they sign the news."""
    people = get_user_model().objects.filter(employeeprofile__department__isnull=False)
    rows = people.order_by("employeeprofile__level", "-pk").values_list("employeeprofile__department__code", "pk")
    return dict(rows)


def _morning(today: date, days_ago: int, slug: str) -> Any:
    """Some minute of that morning, the same in every run."""
    minute = sum(slug.encode()) % 120
    day = timezone.datetime.combine(today - timedelta(days_ago), timezone.datetime.min.time())
    return timezone.make_aware(day) + timedelta(hours=8, minutes=minute)
