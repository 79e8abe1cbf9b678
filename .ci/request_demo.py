"""Request the pages of the running sample site; exit with 1 when one does not answer as it should."""

import sys
import time
import urllib.error
import urllib.request

PAGES = {"/": 200, "/admin/login/": 200, "/no-such-page/": 200}


def answer(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def wait_until_up(base: str) -> None:
    for _ in range(60):
        try:
            answer(base + "/admin/login/")
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The sample site did not start.")


def main(base: str) -> None:
    wait_until_up(base)
    for path, expected in PAGES.items():
        status, body = answer(base + path)
        if status != expected or "Traceback" in body:
            sys.exit(f"{path} answered {status}, not {expected}.")
        sys.stdout.write(f"{path}: {status}, {len(body)} characters\n")


if __name__ == "__main__":
    main(sys.argv[1])
