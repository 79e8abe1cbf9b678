"""What a person wrote, did and saved here, on the page "What is recorded about me"."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from wagtail_personalize.privacy.recorded import Row, Section, register_recorded, said_moment
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.targeting.visibility import visible

from .bookmarks.models import Bookmark
from .comments.models import Comment, CommentReport, Mention, State
from .comments.text import to_text
from .open_page import pages_by_key
from .people_shown import former
from .reactions.choices import choices
from .reactions.models import CommentReaction, PageReaction


def _titles(keys: Iterable[UUID], person: Any) -> dict[UUID, Page]:
    return pages_by_key(keys, Viewer.for_person(person))


def _title(pages: dict[UUID, Page], key: UUID) -> str:
    """What somebody may not see any more is not called by its name."""
    return pages[key].title if key in pages else _("Something that you cannot see at present")


@register_recorded
class CommentsSection(Section):
    name = "comments"
    title = gettext_lazy("Your comments")
    purpose = gettext_lazy("So that colleagues who may open the page read what you say.")
    retention = gettext_lazy(
        "Until you remove them. Who leaves stands there as a former colleague; an erased account is not named at all."
    )
    models = ("personalize_communities.Comment",)
    order = 450

    def rows(self, person: Any) -> list[Row]:
        comments = list(Comment.objects.filter(author=person).order_by("-pk"))
        pages = _titles((comment.translation_key for comment in comments), person)
        return [
            Row(
                _title(pages, comment.translation_key),
                to_text(comment.html, {}, "…") or _("removed"),
                [
                    (_("When"), said_moment(comment.created_at)),
                    (_("State"), comment.get_state_display()),
                ],
            )
            for comment in comments
        ]


@register_recorded
class MentionsSection(Section):
    name = "mentions"
    title = gettext_lazy("Comments that mention you")
    purpose = gettext_lazy("So that you can be told, and colleagues see who is meant.")
    retention = gettext_lazy("As long as the comment is there. With your account the mention ends; the text stays.")
    models = ("personalize_communities.Mention",)
    order = 451

    def rows(self, person: Any) -> list[Row]:
        mine = Mention.objects.filter(person=person, comment=OuterRef("pk"))
        comments = list(Comment.objects.filter(Exists(mine)).exclude(state=State.REMOVED).order_by("-pk"))
        seen = {one.pk for one in visible(Comment.objects.filter(Exists(mine)), Viewer.for_person(person))}
        pages = _titles((comment.translation_key for comment in comments), person)
        return [
            Row(
                _title(pages, comment.translation_key),
                Truncator(to_text(comment.html, {}, former().name)).chars(120) if comment.pk in seen else "",
                [(_("When"), said_moment(comment.created_at))],
            )
            for comment in comments
        ]


@register_recorded
class ReactionsSection(Section):
    name = "reactions"
    title = gettext_lazy("Your reactions")
    purpose = gettext_lazy("So that colleagues who may open the page see what you think of it.")
    retention = gettext_lazy("Until you take them back, or your account is erased.")
    models = ("personalize_communities.PageReaction", "personalize_communities.CommentReaction")
    order = 452

    def rows(self, person: Any) -> list[Row]:
        on_pages = list(PageReaction.objects.filter(person=person).order_by("-pk"))
        on_comments = list(CommentReaction.objects.filter(person=person).select_related("comment").order_by("-pk"))
        found = [(row, row.translation_key, "") for row in on_pages]
        found += [(row, row.comment.translation_key, _("to a comment")) for row in on_comments]
        pages = _titles((key for _row, key, _about in found), person)
        names = {choice.kind: f"{choice.sign} {choice.name}" for choice in choices()}
        return [
            Row(
                _title(pages, key),
                names.get(row.kind, row.kind),
                [(_("What"), about), (_("When"), said_moment(row.at))],
            )
            for row, key, about in found
        ]


@register_recorded
class ReportsSection(Section):
    name = "comment_reports"
    title = gettext_lazy("Comments that you reported")
    purpose = gettext_lazy("So that moderators look at them. They are not told who reported.")
    retention = gettext_lazy("Until 90 days after you reported it, once a moderator has decided.")
    models = ("personalize_communities.CommentReport",)
    order = 453

    def rows(self, person: Any) -> list[Row]:
        reports = list(CommentReport.objects.filter(person=person).select_related("comment").order_by("-pk"))
        pages = _titles((row.comment.translation_key for row in reports), person)
        return [
            Row(
                _title(pages, row.comment.translation_key),
                row.get_reason_display(),
                [(_("Text"), row.text), (_("When"), said_moment(row.at))],
            )
            for row in reports
        ]


@register_recorded
class BookmarksSection(Section):
    name = "bookmarks"
    title = gettext_lazy("What you saved for later")
    purpose = gettext_lazy("So that you find it again. Nobody else can see it.")
    retention = gettext_lazy("Until you take it off your list.")
    models = ("personalize_communities.Bookmark",)
    order = 454

    def rows(self, person: Any) -> list[Row]:
        rows = list(Bookmark.objects.filter(person=person).order_by("-pk"))
        pages = _titles((row.translation_key for row in rows), person)
        return [Row(_title(pages, row.translation_key), "", [(_("When"), said_moment(row.at))]) for row in rows]
