"""Wiring: what this room hangs into Wagtail."""

from wagtail import hooks

from .gate import gate

hooks.register("before_serve_page", gate, order=-1000)
