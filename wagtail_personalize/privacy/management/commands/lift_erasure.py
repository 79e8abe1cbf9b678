"""``lift_erasure NUMBER --by USER``: an import may bring in again whoever has this staff number."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from wagtail_personalize.privacy.erasure.admin import LIFT
from wagtail_personalize.privacy.erasure.lifting import lift


class Command(BaseCommand):
    help = "Lift an erasure, by staff number or login name, in the name of somebody who may."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("known_by", metavar="NUMBER", help="the staff number or the login name")
        parser.add_argument("--by", required=True, metavar="USER", help="login name of whoever decided it")

    def handle(self, *args: Any, known_by: str, by: str, **options: Any) -> None:
        users = get_user_model()
        officer = users._base_manager.filter(**{users.USERNAME_FIELD: by}).first()
        if officer is None or not officer.has_perm(LIFT):
            raise CommandError(f"{by} is not allowed to lift erasures. Nothing was changed.")
        if not lift(known_by, officer):
            raise CommandError("Nobody with this staff number or login name was erased. Nothing was changed.")
        self.stdout.write("The erasure was lifted: the next import may bring the person in again.")
