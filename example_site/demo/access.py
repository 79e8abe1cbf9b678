"""Who may do what in the demonstration, and who can sign in with a password."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from example_site.personas.personas import PERSONAS
from wagtail_personalize.people.employees.models import EmployeeProfile

User = get_user_model()

#: Documented in the README: the demonstration runs on somebody's own computer and holds nobody's data.
PASSWORD = "tarnwell-demo"
ADMIN = "admin"
EDITORS = "Internal Communications"
EDITOR = "marieke.jansen"
_ROOMS = [
    "personalize_segments",
    "personalize_targeting",
    "personalize_streams",
    "personalize_communities",
    "personalize_people",
    "personalize_employees",
]
#: Of what is measured they see the figures, and no raw row.
_FIGURES = ["view_figures", "change_reportingsegment", "view_balance"]


def load_access() -> None:
    """The editors' group, the administrator and the personas' password."""
    group = _editors()
    secret = make_password(PASSWORD)
    personas = [persona.username for persona in PERSONAS if persona.username]
    for user in User.objects.filter(username__in=personas):
        if not user.has_usable_password():
            user.password = secret
            user.save(update_fields=["password"])
    for persona in PERSONAS:
        EmployeeProfile.objects.filter(user__username=persona.username, language="").update(language=persona.language)
    User.objects.get(username=EDITOR).groups.add(group)
    if not User.objects.filter(username=ADMIN).exists():
        User.objects.create_superuser(ADMIN, "admin@tarnwell.example", PASSWORD)


def _editors() -> Group:
    """People who edit all pages, pictures and segments, and may restrict pages and see who is meant."""
    group, _new = Group.objects.get_or_create(name=EDITORS)
    permissions = Permission.objects.select_related("content_type")
    group.permissions.add(*permissions.filter(content_type__app_label__in=_ROOMS))
    group.permissions.add(*permissions.filter(content_type__app_label="personalize_engagement", codename__in=_FIGURES))
    group.permissions.add(*permissions.filter(codename="access_admin"))
    root = Page.get_first_root_node()
    for permission in permissions.filter(
        content_type__app_label="wagtailcore",
        content_type__model="page",
        codename__in=["add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page"],
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    library = Collection.get_first_root_node()
    for permission in permissions.filter(content_type__app_label__in=["wagtailimages", "wagtaildocs"]):
        if permission.codename.split("_")[0] in {"add", "change", "choose"}:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=library, permission=permission)
    return group
