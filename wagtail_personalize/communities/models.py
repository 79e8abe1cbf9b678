"""The tables of this room; each part has its own module."""

from .bookmarks.models import Bookmark
from .comments.models import Comment, CommentReport, Mention, PageComments
from .reactions.models import CommentReaction, PageReaction

__all__ = ["Bookmark", "Comment", "CommentReaction", "CommentReport", "Mention", "PageComments", "PageReaction"]
