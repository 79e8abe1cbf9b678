"""The built wheel, installed by the README's own lines into a site that ``wagtail start`` made."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import django
import pytest
import wagtail

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()
WARNINGS = (
    "error::DeprecationWarning,error::PendingDeprecationWarning,"
    # Wagtail's own project template still has the setting that Django 6.1 deprecates.
    "ignore:The EMAIL_BACKEND setting is deprecated"
)

pytestmark = [pytest.mark.wheel, pytest.mark.browser]


def readme_block(language, containing):
    blocks = re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)
    return next(block for block in blocks if containing in block)


def run(*command, cwd, **environment):
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean_environment(), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def clean_environment():
    return {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "DATABASE"}}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source = tmp_path_factory.mktemp("source")
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for name in filter(None, tracked):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    target = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", target, source, cwd=source)
    return next(target.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """A site by ``wagtail start`` with the wheel installed as the README says; yields (folder, python)."""
    folder = tmp_path_factory.mktemp("site")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    versions = [f"Django=={django.__version__}", f"wagtail=={wagtail.__version__}"]
    run(python, "-m", "pip", "install", "--quiet", wheel, *versions, cwd=folder)
    run(folder / "venv" / "bin" / "wagtail", "start", "company", cwd=folder)
    company = folder / "company"
    append(company / "company/settings/base.py", readme_block("python", "INSTALLED_APPS"))
    append(company / "company/urls.py", readme_block("python", "urlpatterns"))
    for line in readme_block("console", "manage.py migrate").splitlines():
        run(python, *line.removeprefix("$ python ").split(), cwd=company, PYTHONWARNINGS=WARNINGS)
    script = "from django.contrib.auth import get_user_model as g; g().objects.create_superuser('boss', '', 'secret')"
    run(python, "manage.py", "shell", "-c", script, cwd=company)
    return company, python


def append(path, text):
    path.write_text(path.read_text() + "\n" + text)


@pytest.fixture(scope="module")
def address(site):
    company, python = site
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = company / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [python, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=company,
            env={**clean_environment(), "PYTHONWARNINGS": WARNINGS},
            stdout=output,
            stderr=output,
        )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(base, server, log)
        yield base
    finally:
        server.terminate()
        server.wait(10)
    assert "Warning" not in log.read_text()


def wait_until_up(base, server, log):
    for _ in range(120):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(base + "/admin/login/", timeout=5)
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture
def editor(address, chromium):
    """A browser in which the superuser has signed in; fails on script errors and on answers of 500."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(20_000)
    tab, problems = context.new_page(), []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("response", lambda answer: problems.append(answer.url) if answer.status >= 500 else None)
    tab.goto(address + "/admin/login/")
    tab.fill("input[name=username]", "boss")
    tab.fill("input[name=password]", "secret")
    tab.click("button[type=submit]")
    tab.wait_for_url("**/admin/")
    yield tab
    context.close()
    assert problems == []


class TestFreshSite:
    """Every page that an editor opens first works, with deprecation warnings as errors."""

    def test_opens_the_explorer(self, editor, address):
        editor.goto(address + "/admin/pages/")
        assert editor.locator("h1").first.is_visible()

    def test_opens_the_page_editor_with_the_audience_control(self, editor, address):
        editor.goto(address + "/admin/pages/3/edit/")
        assert editor.locator("[data-side-panel-toggle=audience]").is_visible()

    def test_opens_the_preview(self, editor, address):
        answer = editor.goto(address + "/admin/pages/3/edit/preview/")
        assert answer.status == 200

    def test_shows_a_page_with_the_userbar(self, editor, address):
        assert editor.goto(address + "/").status == 200
        assert editor.locator("wagtail-userbar, #wagtail-userbar").count() == 1

    def test_opens_the_segments(self, editor, address):
        editor.goto(address + "/admin/")
        assert editor.get_by_text("Personalisation").first.is_visible()
