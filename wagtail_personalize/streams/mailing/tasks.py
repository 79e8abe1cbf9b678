"""Sending in the background: as much as fits, then the rest in a task of its own."""

from django_tasks import task

from .working import send_due

#: How many leave at once where there is no queue, so that nobody waits long for their page.
MOST_INLINE = 20


@task()
def send_outbox() -> int:
    """Send what is due. May run twice, at the same time, and after a worker that was killed."""
    if not send_outbox.get_backend().supports_defer:  # it runs in somebody's request
        return send_due(MOST_INLINE)
    handled = send_due()
    if handled:
        send_outbox.enqueue()
    return handled


def send_soon() -> None:
    """Have it sent; without a queue a few right away, and the rest by ``send_mail_outbox``."""
    send_outbox.enqueue()
