"""A database of its own on PostgreSQL for each test, and processes that work on it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent


_figures = pytest.StashKey[list]()


@pytest.fixture
def figures(pytestconfig):
    """What is written down here stands at the end of the run (without ``-n``)."""
    return pytestconfig.stash.setdefault(_figures, [])


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(_figures, []):
        terminalreporter.write_line(line)


class Processes:
    """Acts on one database: one after the other in a process that stays, or beside each other in processes of their
    own, which may be killed."""

    def __init__(self, database):
        self.database = database
        self.environment = {
            **os.environ,
            "DATABASE": "postgresql",
            "DATABASE_NAME": database,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        self.served = None

    def start(self, act, *arguments, **pipes):
        command = [sys.executable, "-m", "tests.faults.acts", act, *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **pipes}
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, **pipes)

    def answer(self, process):
        output, errors = process.communicate(timeout=1500)
        assert process.returncode == 0, errors
        return json.loads(output)

    def run(self, act, *arguments):
        if self.served is None:
            self.served = self.start("serve", stdin=subprocess.PIPE, stderr=None)
        self.served.stdin.write(json.dumps([act, *map(str, arguments)]) + "\n")
        self.served.stdin.flush()
        return json.loads(self.served.stdout.readline())

    def kill(self, act, *arguments, within):
        """Start an act and kill -9 it at a random moment; whether it was still alive."""
        process = self.start(act, *arguments)
        time.sleep(random.uniform(*within))
        alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return alive

    def migrate(self):
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def close(self):
        if self.served is not None:
            self.served.communicate(timeout=30)


@contextmanager
def database(name, template="template0"):
    """A database that is gone afterwards."""
    import psycopg

    server = settings.DATABASES["default"]
    with psycopg.connect(host=server["HOST"], user=server["USER"], dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated(worker_id):
    """The name of a migrated database without anybody in it."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        pytest.skip("fault tests run on PostgreSQL")
    name = f"faults_{worker_id}_{os.getpid()}"
    with database(name):
        Processes(name).migrate()
        yield name


@pytest.fixture
def processes(migrated):
    """Processes on a copy of it."""
    with database(f"{migrated}_copy", migrated):
        found = Processes(f"{migrated}_copy")
        yield found
        found.close()
