from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "wagtail_personalize.people"
    label = "personalize_people"
    verbose_name = _("Personalisation: people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_personalize.privacy.erasure.registry import register_erasure, register_hold, register_identity
        from wagtail_personalize.privacy.retention import register_purge

        from . import erasing, receivers, recorded  # noqa: F401
        from .alphabetical import teach_sqlite
        from .checks import check_people
        from .importing.purging import purge_imports
        from .storage_checks import check_import_storage

        register(check_people, self.label)
        register(check_import_storage, self.label)
        register_purge(_("uploaded HR files"), purge_imports)
        register_identity(erasing.STAFF_NUMBER, erasing.staff_numbers)
        register_hold(erasing.wait_for_imports)
        register_erasure(_("profiles"), erasing.erase_profile)
        register_erasure(_("uploaded HR files"), erasing.erase_uploads)
        receivers.connect()
        connection_created.connect(teach_sqlite, dispatch_uid="personalize_people_alphabetical")
