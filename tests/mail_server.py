"""A real mail server on this machine, and what it took. Knows nothing of the package, so settings may import it."""

import asyncio
import email
import email.policy
import socket
from contextlib import contextmanager

import django
from aiosmtpd.controller import Controller
from django.test import override_settings


class Sink:
    """Takes every message, unless ``answers`` says something else to a recipient or for a while."""

    def __init__(self):
        self.messages = []
        self.connections = 0
        #: What to say instead: a string to answer with, ``"drop"``, or a list of these for one message after the other.
        self.at_recipient, self.at_data = [], []
        #: Seconds that a message takes, half of them after it was taken.
        self.takes = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def clear(self):
        self.messages, self.at_recipient, self.at_data, self.connections = [], [], [], 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.at_recipient and (answer := self.at_recipient.pop(0)):
            return self._answer(server, answer)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.at_data.pop(0) if self.at_data else ""
        await asyncio.sleep(self.takes / 2)
        if answer in ("", "drop after taking"):
            self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        await asyncio.sleep(self.takes / 2)
        return self._answer(server, answer or "250 OK")

    def _answer(self, server, answer):
        if answer.startswith("drop"):
            server.transport.abort()
            return "421 Gone"
        return answer

    def to(self, person):
        return [message for message in self.messages if message["To"] == person.email]


def smtp_settings(port):
    """In the way of this version of Django."""
    if django.VERSION >= (6, 1):
        return {
            "MAILERS": {
                "default": {
                    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                    "OPTIONS": {"host": "127.0.0.1", "port": port},
                }
            }
        }
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"EMAIL_BACKEND": backend, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}


@contextmanager
def mail_server():
    """A sink, which the site sends to meanwhile."""
    sink = Sink()
    sink.controller.start()
    try:
        with override_settings(**smtp_settings(sink.port)):
            yield sink
    finally:
        sink.controller.stop()


def parts(message):
    """The text and the HTML of a message."""
    return [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
