"""What collecting needs when the app is ready."""

from django.utils.translation import gettext_lazy as _


def connect() -> None:
    from wagtail_personalize.privacy.retention import register_purge

    from . import own_tables, tags  # noqa: F401
    from .buffer.draining import purge as purge_batches
    from .happenings import listening
    from .objecting import recorded  # noqa: F401

    own_tables.declare()
    listening.connect()
    register_purge(_("notes of stored batches"), purge_batches)
