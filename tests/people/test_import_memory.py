"""A file is never in memory as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.people.test_import_resume import Killed

pytestmark = pytest.mark.once

SAY_PEAK = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
print("peak", open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])
"""


class Measured(Killed):
    """The command in a process that tells how much memory it has had."""

    def peak(self, path):
        command = [sys.executable, "-c", SAY_PEAK, "import_people", str(path), "--mapping", str(self.mapping)]
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        ran = subprocess.run([*command, "--dry-run"], env=environment, capture_output=True, text=True, check=True)
        return int(ran.stdout.rpartition("peak ")[2]) * 1024


def wide_file(path, people):
    """So many people, each with two KiB that nobody has asked for."""
    with path.open("w") as file:
        file.write("no,dept,boss,notes\n")
        file.writelines(f"{n},D{n % 90},{n // 10 or ''},{'x' * 2000}\n" for n in range(1, people + 1))
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell")
class TestMemory:
    def test_does_not_grow_with_the_file(self, tmp_path):
        site = Measured(tmp_path)
        small, large = (wide_file(tmp_path / f"{n}.csv", n) for n in (1_000, 20_000))
        more = site.peak(large) - site.peak(small)
        assert large.stat().st_size > 40_000_000
        assert more < 12_000_000
