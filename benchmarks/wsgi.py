"""What a WSGI server says of a request, for benchmarks that call the application themselves."""

import sys
from typing import Any


def environ(path: str, cookie: str, **more: Any) -> dict[str, Any]:
    """A GET of ``path`` with this ``Cookie`` header, unless ``more`` says otherwise."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "wsgi.url_scheme": "http",
        "wsgi.input": sys.stdin.buffer,
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **more,
    }
