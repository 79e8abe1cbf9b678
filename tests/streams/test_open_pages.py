"""The pages that somebody may open: the one door and Wagtail's own privacy together."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import PageViewRestriction

from tests.builders import page, person, segment
from tests.targeting.restricting import restrict
from wagtail_personalize.segments.viewer import Viewer
from wagtail_personalize.streams import open_pages as module
from wagtail_personalize.streams.open_pages import open_among, open_pages

pytestmark = pytest.mark.django_db


def close(found, kind, *groups):
    PageViewRestriction.objects.create(page=found, restriction_type=kind).groups.set(groups)


@pytest.fixture
def site(db):
    """A page for everybody, and one closed in each way with a page below it; and somebody of one of the groups."""
    board, works = Group.objects.create(name="Board"), Group.objects.create(name="Works council")
    ways = {
        "password": (PageViewRestriction.PASSWORD,),
        "login": (PageViewRestriction.LOGIN,),
        "board": (PageViewRestriction.GROUPS, board),
        "works": (PageViewRestriction.GROUPS, works),
    }
    page("open")
    for title, (kind, *groups) in ways.items():
        top = page(title)
        page(f"below {title}", parent=top)
        close(top, kind, *groups)
    restrict(page("finance"), segment("Finance"))
    someone = person(department="HR")
    someone.groups.add(works)
    return someone


def titles(pages):
    return set(pages.filter(depth__gte=3).values_list("title", flat=True))


class TestOpenPages:
    @pytest.mark.parametrize("most", [module.MOST_PATHS, -1], ids=["by_paths", "by_search"])
    def test_leave_out_what_either_closes(self, site, monkeypatch, most):
        monkeypatch.setattr(module, "MOST_PATHS", most)
        assert titles(open_pages(Viewer.anonymous())) == {"open"}
        seen = {"open", "login", "below login", "works", "below works"}
        assert titles(open_pages(Viewer.for_person(site))) == seen
        everything = list(open_pages(Viewer.for_person(site)).model.objects.values_list("pk", flat=True))
        assert titles(open_among(everything, Viewer.for_person(site))) == seen

    def test_ask_once_for_each_viewer_what_is_closed(self, site, django_assert_num_queries):
        viewer = Viewer.for_person(site)
        titles(open_pages(viewer))
        with django_assert_num_queries(2):
            titles(open_pages(viewer))
            titles(open_pages(viewer))
