"""A missing page takes as much work as a restricted one, so that the time of an answer tells nothing.

For a restricted page Wagtail has read the page in its own type, and the gate has asked its question. Both are asked
here in vain, so that both answers come after the same number of queries of the same kinds.
"""

from django.http import HttpRequest
from wagtail.models import Site

from wagtail_personalize.segments.viewer import viewer_for

from ..audiences import visible_audience_ids
from ..page_tree import page_model
from ..path_query import part_at, was_refused

NO_PAGE = 0


def work_as_if_refused(request: HttpRequest) -> None:
    """For a request for which Wagtail found no page; nothing when the gate has refused one."""
    viewer, site = viewer_for(request), Site.find_for_request(request)
    if site is None or was_refused(viewer):
        return
    page_model()._base_manager.filter(pk=NO_PAGE).first()
    viewer.load(part_at(site.root_page.path))
    visible_audience_ids(viewer)
