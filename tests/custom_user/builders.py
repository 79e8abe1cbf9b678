"""Small builders for the people of the second test site."""

from itertools import count

from .models import Account, Member, Team

_numbers = count(1)


def account(name="", **fields):
    """A user without a profile."""
    return Account.objects.create_user(f"{name or 'user'}{next(_numbers)}@example.com", "x", full_name=name, **fields)


def member(name="", *, team=None, languages=(), active=True, **fields):
    """A user with a profile; ``team`` may be given by its name."""
    someone = account(name, is_active=active)
    if isinstance(team, str):
        team = Team.objects.get_or_create(name=team)[0]
    profile = Member.objects.create(number=f"M-{next(_numbers)}", account=someone, team=team, **fields)
    for language in languages:
        profile.languages.create(language=language)
    return someone
