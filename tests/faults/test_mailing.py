"""Workers that die while they send, and schedulers that come twice, with a real mail server."""

import os
import random
import signal
import time
from collections import Counter

import pytest

from tests.mail_server import mail_server
from wagtail_personalize.streams.mailing.models import State

#: Mails, and how many workers die.
SMALL = (150, 4)
FULL = pytest.param((5_000, 100), marks=pytest.mark.long)


def key_of(message):
    """The key of the mail in the outbox that a message was."""
    return message["Message-ID"].strip("<>").partition("@")[0].replace(".", ":")


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def end(*running):
    """Wait for processes."""
    until = time.monotonic() + 300
    while any(map(is_alive, running)) and time.monotonic() < until:
        time.sleep(0.01)


def kill_after(process, sink, number):
    """Kill -9 a worker a moment after the mail server took so many messages; whether it was still at work."""
    enough = len(sink.messages) + number
    while len(sink.messages) < enough and is_alive(process):
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.05))
    alive = is_alive(process)
    if alive:
        os.kill(process, signal.SIGKILL)
    end(process)
    return alive


@pytest.mark.parametrize("size", [SMALL, FULL])
class TestKilledWorkers:
    def test_lose_nothing_and_leave_at_most_one_unclear_or_repeated_mail_each(self, processes, size, figures):
        number, deaths = size
        processes.run("fill_mails", number)
        assert processes.run("write_digests") == number
        with mail_server() as sink:
            sink.takes = 0.01
            kills = sum(self._kill(processes, sink, number // deaths // 2) for _ in range(deaths))
            processes.run("send_mails", sink.port)
            taken = Counter(key_of(message) for message in sink.messages)
        ended = dict(processes.run("mails"))
        unclear = {key for key, state in ended.items() if state == State.AMBIGUOUS}
        repeated = sum(taken.values()) - len(taken)
        assert len(ended) == number
        assert set(ended.values()) <= {State.SENT, State.AMBIGUOUS}
        assert {key for key in ended if key not in taken} <= unclear
        assert len(unclear) + repeated <= kills
        assert kills > deaths // 2, "hardly a worker was killed while it was at work"
        figures.append(
            f"{number:,} mails, {kills} kills: {len(taken):,} arrived, {repeated} twice; {len(unclear)} unclear, "
            f"of which {len(unclear & set(taken))} arrived; {number - len(taken) - len(unclear - set(taken))} lost"
        )

    def _kill(self, processes, sink, about):
        process = processes.run("fork", "send_mails", sink.port)
        return kill_after(process, sink, random.randint(1, max(2 * about, 2)))


class TestSchedulers:
    def test_at_the_same_time_write_each_digest_once_and_send_it_once(self, processes):
        processes.run("fill_mails", 300)
        end(*[processes.run("fork", "write_digests") for _ in range(2)])
        assert len(processes.run("mails")) == 300
        with mail_server() as sink:
            end(*[processes.run("fork", "send_mails", sink.port) for _ in range(2)])
            assert len(sink.messages) == len({message["To"] for message in sink.messages}) == 300
        assert {state for _key, state in processes.run("mails")} == {State.SENT}
