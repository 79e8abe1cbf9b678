"""Telling the search server in the background."""

from django_tasks import task

from .pending import catch_up_quietly


@task()
def catch_up_task() -> int:
    """Tell what was noted. May run twice, and while the server is away."""
    return catch_up_quietly()
