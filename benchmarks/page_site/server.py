"""One process that answers requests on demand and says what each cost.

Reads lines ``<path>`` or ``queries <path>`` and writes the process CPU time in nanoseconds or the number of queries.
The whole WSGI application runs, with sessions and the site's middleware; nothing is instrumented while time is taken.
"""

import os
import sys
import time

from benchmarks.wsgi import environ

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.page_site.settings")


def main(cookie: str) -> None:
    from django.core.wsgi import get_wsgi_application

    if hasattr(os, "sched_setaffinity"):  # cores differ in what else they do
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    application = get_wsgi_application()
    for line in sys.stdin:
        command, _, path = line.strip().rpartition(" ")
        answer = _queries(application, path, cookie) if command == "queries" else _cpu(application, path, cookie)
        print(answer, flush=True)


def _cpu(application, path: str, cookie: str) -> int:
    request = environ(path, cookie)
    before = time.process_time_ns()
    _request(application, request)
    return time.process_time_ns() - before


def _queries(application, path: str, cookie: str) -> int:
    from django.db import connection

    count = 0

    def counting(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        _request(application, environ(path, cookie))
    return count


def _request(application, request: dict) -> bytes:
    statuses = []
    response = application(request, lambda status, headers, *rest: statuses.append(status))
    body = b"".join(response)
    response.close()
    if not statuses[0].startswith("200"):
        raise RuntimeError(f"{request['PATH_INFO']}: {statuses[0]}")
    return body


if __name__ == "__main__":
    main(sys.argv[1])
