"""What single people write all the time: a page that shows it is made for one person, and kept for nobody."""

from wagtail_personalize.targeting.caching import never_shown

_OWN = ["Comment", "Mention", "CommentReport", "PageReaction", "CommentReaction", "Bookmark"]


def declare() -> None:
    """Called once when the app is ready."""
    never_shown(*(f"personalize_communities.{name}" for name in _OWN))
