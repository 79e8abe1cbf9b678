"""Simulates who would share a stored page: people, their segments, and a page that uses a few of those."""

import random

from django.core.cache import caches

#: How likely the segments that the page uses are; large and small ones, as on a real page.
USED = (0.5, 0.3, 0.2, 0.1, 0.05, 0.02)


def variants(people: int, segments: int) -> dict[str, int]:
    """Puts a page for everybody into the real store and counts what is there at the end."""
    from wagtail_personalize.segments.viewer import Viewer
    from wagtail_personalize.targeting.caching import store
    from wagtail_personalize.targeting.caching.keys import PageState, Recipe
    from wagtail_personalize.targeting.caching.uses import Uses

    chance, used = random.Random(1), frozenset(range(1, len(USED) + 1))
    page = PageState(1, 1, "00010001", "/home/")
    recipe, name = Recipe(page, (0, 0, 0), used), ("page", "simulated")
    caches["default"].clear()
    lists, combinations = set(), set()
    for _person in range(people):
        mine = _segments(chance, segments)
        viewer = Viewer(given=mine)
        viewer._asked_own = True
        lists.add(mine)
        combinations.add(mine & used)
        if store.find(name, recipe, viewer) is None:
            store.store(name, recipe, Uses(), viewer, {"text": ""}, 600)
    stored = sum(".variant." in key for key in caches["default"]._cache)
    return {"lists": len(lists), "used": len(used), "combinations": len(combinations), "variants": stored}


def _segments(chance: random.Random, segments: int) -> frozenset[int]:
    """Those that the page uses by their likelihood, and some 25 of the others."""
    mine = {number for number, likely in enumerate(USED, 1) if chance.random() < likely}
    return frozenset(mine.union(chance.randrange(len(USED) + 1, segments + 1) for _each in range(25)))
