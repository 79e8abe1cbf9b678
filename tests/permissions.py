"""People of a test who may do something in the admin; for every site under test."""

from django.contrib.auth.models import Permission


def allowed(someone, *codenames):
    """The same user with these permissions beside the one to enter the admin."""
    someone.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return type(someone).objects.get(pk=someone.pk)
