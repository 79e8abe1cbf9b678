"""Open the running sample site as each persona; exit with 1 when a page does not answer as it should."""

import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

PAGES = ["/", "/news/", "/handbook/", "/people/directory/", "/people/me/", "/admin/login/"]
#: What the restricted section answers to each persona; an anonymous visitor ends up at the login.
MANAGEMENT = {"joiner": 404, "shift": 404, "head": 200, "editor": 200, "guest": 200}


class Visitor:
    """A browser of one persona."""

    def __init__(self, base: str, persona: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        _status, body = self.get("/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1]
        data = urllib.parse.urlencode({"persona": persona, "csrfmiddlewaretoken": token}).encode()
        self.open(urllib.request.Request(base + "/personas/become/", data))

    def get(self, path: str) -> tuple[int, str]:
        return self.open(self.base + path)

    def open(self, request: urllib.request.Request | str) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=60) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def wait_until_up(base: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(base + "/admin/login/", timeout=30).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The sample site did not start.")


def main(base: str) -> None:
    wait_until_up(base)
    starts = set()
    for persona, expected in MANAGEMENT.items():
        visitor = Visitor(base, persona)
        for path in PAGES:
            status, body = visitor.get(path)
            if status != 200:
                sys.exit(f"{path} answered {status} to {persona}.")
            if path == "/":
                starts.add(re.search(r"<main.*</main>", body, re.DOTALL)[0])
        status, _body = visitor.get("/handbook/management/")
        if status != expected:
            sys.exit(f"The restricted section answered {status} to {persona}, not {expected}.")
        sys.stdout.write(f"{persona}: {len(PAGES) + 1} pages as expected\n")
    if len(starts) != len(MANAGEMENT):
        sys.exit("Two personas see the same start page.")


if __name__ == "__main__":
    main(sys.argv[1])
