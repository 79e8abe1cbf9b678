"""``erase_person USER…``: delete everything about people, for good."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from wagtail_personalize.privacy.erasure.erasing import erase
from wagtail_personalize.privacy.erasure.marks import LOGIN, came_back, erased_among, learn_from_file


class Command(BaseCommand):
    help = "Erase people by their login names, for good; --again after a backup was restored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", nargs="*", help="login names of the people to erase")
        parser.add_argument("--again", action="store_true", help="erase all who were erased before and are back")
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"] == bool(options["user"]):
            raise CommandError("Name the people by their login names, or say --again.")
        people = _back() if options["again"] else self._named(options["user"])
        if people and not options["no_input"] and not self._sure(len(people)):
            raise CommandError("Nobody was erased.")
        for person in people:
            for label, number in erase(person).items():
                self.stdout.write(f"{number} {label} deleted." if number else "", ending="\n" if number else "")
        self.stdout.write(f"Erased: {len(people)}")

    def _named(self, names: list[str]) -> list[Any]:
        """All of them, or nobody. Whoever is gone already is no mistake."""
        users, people = get_user_model(), []
        for name in names:
            person = users._base_manager.filter(**{users.USERNAME_FIELD: name}).first()
            if person is not None:
                people.append(person)
            elif erased_among(LOGIN, [name]):
                self.stdout.write(f"{name} was erased before.")
            else:
                raise CommandError(f"Nobody is called {name}. Nobody was erased.")
        return people

    def _sure(self, number: int) -> bool:
        return input(f"{number} people will be erased for good. Type yes to go on: ") == "yes"


def _back() -> list[Any]:
    learn_from_file()
    return list(came_back())
