"""Personas inside Wagtail's admin: list, editor, the card of a persona, and who would match a rule."""
