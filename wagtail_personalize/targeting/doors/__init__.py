"""The ways by which Wagtail itself shows, lists or links to pages, each led through the one door.

Wagtail offers no hook at these places, so each wraps one method, once per process, and only ever takes something away
from what the original returns. The gate (pages themselves) and the blocks have hooks and places of their own.
"""


def attach() -> None:
    """Guard every way that this installation has."""
    from . import (
        api_relations,
        api_v2,
        api_v3,
        bulk_actions,
        choosers,
        chosen,
        editor_text,
        file_choosers,
        files,
        images,
        moving,
        page_types,
        passwords,
        promotions,
        redirects,
        shown_blocks,
        sitemap,
        workflows,
    )

    doors = (api_relations, api_v2, api_v3, bulk_actions, choosers, file_choosers, files, images)
    others = chosen, editor_text, moving, page_types, passwords, promotions, redirects, shown_blocks, sitemap
    for door in (*doors, *others, workflows):
        door.attach()
