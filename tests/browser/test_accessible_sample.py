"""The pages of the sample intranet without violations of WCAG 2.2 AA, for somebody signed in and for a visitor."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.accessible import faults

ROOT = Path(__file__).parent.parent.parent
MANAGE = ROOT / "example_site" / "manage.py"
#: One page of each kind is linked from the start page or from what it leads to; so many are opened.
MOST_PAGES = 14

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture(scope="module")
def intranet(tmp_path_factory):
    """The address of the sample site, served from a database of its own."""
    folder = tmp_path_factory.mktemp("demo")
    kept = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE"}}
    environment = {**kept, "DEMO_DATA": str(folder)}
    for command in (["migrate", "--verbosity", "0"], ["load_demo", "--verbosity", "0"]):
        subprocess.run([sys.executable, str(MANAGE), *command], cwd=ROOT, env=environment, check=True, timeout=600)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = [sys.executable, str(MANAGE), "runserver", "--noreload", f"127.0.0.1:{port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(server, cwd=ROOT, env=environment, **quiet) as process:
        wait_for(f"http://localhost:{port}/login/")
        yield f"http://localhost:{port}"
        process.terminate()


def wait_for(address):
    for _attempt in range(240):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture
def reader(chromium, intranet):
    """``reader(persona)``: a tab in which somebody became ``persona``."""
    contexts = []

    def become(persona):
        context = chromium.new_context(base_url=intranet, viewport={"width": 1280, "height": 1000}, locale="en-GB")
        context.set_default_timeout(30_000)
        contexts.append(context)
        tab = context.new_page()
        tab.goto("/")
        if persona != "guest":
            tab.locator(f"button[name=persona][value={persona}]").first.click()
        tab.wait_for_load_state("networkidle")
        return tab

    yield become
    for context in contexts:
        context.close()


def pages_of(tab):
    """Addresses that the pages link to, the nearest first, at most three below each section."""
    found, queue, sections = ["/"], ["/"], {}
    while queue and len(found) < MOST_PAGES:
        tab.goto(queue.pop(0))
        for link in tab.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)"):
            parts = urlsplit(link)
            section = parts.path.split("/")[1] if parts.path.count("/") > 1 else ""
            is_page = parts.netloc == urlsplit(tab.url).netloc and not parts.path.startswith(("/admin", "/documents"))
            if not is_page or parts.path in found or sections.get(section, 0) >= 3 or "." in parts.path:
                continue
            sections[section] = sections.get(section, 0) + 1
            found.append(parts.path)
            queue.append(parts.path)
    return found[:MOST_PAGES]


@pytest.mark.parametrize("persona", ["joiner", "guest"])
def test_pages_have_no_violations(reader, persona):
    tab = reader(persona)
    found, addresses = [], pages_of(tab)
    for address in addresses:
        tab.goto(address)
        tab.wait_for_load_state("networkidle")
        found += faults(tab)
    assert len(addresses) > (1 if persona == "guest" else 8)
    assert not found, "\n".join(found)
