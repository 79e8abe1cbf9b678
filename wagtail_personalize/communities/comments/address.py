"""The addresses of a comment and of the parts of a long list of them: the page itself, with a query and an anchor."""

from urllib.parse import urlencode

from wagtail.models import Page

from .models import Comment

#: ``?comment=12``: begin with the thread in which this one stands.
AT = "comment"
#: ``?comments=12``: go on with what was written before this one.
BEFORE = "comments"


def anchor_of(pk: int) -> str:
    return f"wp-comment-{pk}"


def address_of(comment: Comment, page: Page) -> str:
    """Where a comment stands, wherever in the list that is."""
    return f"{page.get_url() or ''}?{urlencode({AT: comment.pk})}#{anchor_of(comment.pk)}"


def before(page: Page, pk: int) -> str:
    """Where the list goes on for whoever has no scripts."""
    return f"{page.get_url() or ''}?{urlencode({BEFORE: pk})}#wp-comments"
