"""How somebody came to a page, in its address, so that it can be counted which channels lead to pages."""

from urllib.parse import urlencode, urlsplit, urlunsplit


def came_by(url: str, channel: str) -> str:
    """The same address with the name of a channel in it: ``?via=bell``."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode({"via": channel}))))
    return urlunsplit(parts._replace(query=query))
