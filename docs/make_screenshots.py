"""Make the screenshots of the README from the running sample intranet: ``make screenshots``.

Needs Chromium. Serves the sample site on a port of its own, becomes the personas, and writes into ``docs/_static``.
"""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "_static"
ADDRESS = "http://localhost:8765"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def sample_site() -> Iterator[None]:
    command = [sys.executable, "example_site/manage.py", "runserver", "--noreload", "8765"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{ADDRESS}/admin/login/", timeout=5)
                break
            except OSError:
                time.sleep(0.25)
        yield
    finally:
        server.terminate()
        server.wait(10)


def visit(browser: Browser, persona: str, width: int = 1280, height: int = 900) -> Page:
    """A fresh tab in which somebody became ``persona``."""
    tab = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB").new_page()
    tab.goto(ADDRESS)
    if persona:
        tab.locator(f"button[name=persona][value={persona}]").first.click()
        tab.wait_for_load_state("networkidle")
    return tab


def save(picture: bytes, name: str) -> None:
    Image.open(BytesIO(picture)).convert("RGB").quantize(192).save(TARGET / f"{name}.png", optimize=True)


def three_start_pages(browser: Browser) -> None:
    """The start page as three personas, side by side."""
    pictures = [
        Image.open(BytesIO(visit(browser, persona, 480, 1000).screenshot())) for persona in ("joiner", "shift", "head")
    ]
    width, height, gap = pictures[0].width, pictures[0].height, 24
    sheet = Image.new("RGB", (3 * width + 2 * gap, height), "white")
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number * (width + gap), 0))
    out = BytesIO()
    sheet.save(out, "PNG")
    save(out.getvalue(), "three-start-pages")


def rule_builder(browser: Browser) -> None:
    tab = visit(browser, "editor")
    tab.goto(f"{ADDRESS}/admin/personalize/segments/?q=Shop+floor+Utrecht")
    tab.get_by_role("link", name="Shop floor Utrecht").first.click()
    tab.wait_for_load_state("networkidle")
    if "/edit/" not in tab.url:
        tab.get_by_role("link", name="Edit").first.click()
    tab.wait_for_timeout(1500)
    save(tab.screenshot(), "rule-builder")


def page_audience(browser: Browser) -> None:
    tab = visit(browser, "editor")
    tab.goto(f"{ADDRESS}/admin/personalize/audiences/")
    tab.get_by_role("link", name="Change audience").first.click()
    entry = tab.get_by_role("combobox").first
    entry.click()
    tab.locator("[role=option]").first.wait_for()
    tab.wait_for_timeout(300)
    save(tab.screenshot(), "page-audience")


def main() -> None:
    if CHROMIUM is None:
        sys.exit("The screenshots need Chromium.")
    TARGET.mkdir(exist_ok=True)
    with sample_site(), sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        for make in (three_start_pages, rule_builder, page_audience):
            make(browser)
        browser.close()


if __name__ == "__main__":
    main()
