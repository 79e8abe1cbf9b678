"""*Is this key one of very many?* (see ``people.among``)."""

from wagtail_personalize.people.among import Among

__all__ = ["Among"]
