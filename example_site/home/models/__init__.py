"""The page types of the intranet."""

from .content import HandbookPage, SectionPage, StandardPage
from .news import NewsIndexPage, NewsPage
from .organisation import DepartmentPage, LocationPage
from .start import StartPage

__all__ = [
    "DepartmentPage",
    "HandbookPage",
    "LocationPage",
    "NewsIndexPage",
    "NewsPage",
    "SectionPage",
    "StandardPage",
    "StartPage",
]
