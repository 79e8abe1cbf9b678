"""One script of Redis, run over one connection of each thread with as little as can be.

The client library does much for each command: pooling, retries, hooks, decoding. A beacon needs a number back. So the
library connects (address, TLS, password, database), and command and answer go over its socket as they are.
"""

import os
import threading
from hashlib import sha1
from typing import Any


class Script:
    """Runs one script that answers with a number. Raises ``OSError`` when Redis is away or refuses it."""

    def __init__(self, pool: Any, text: str) -> None:
        self._pool = pool
        digest = sha1(text.encode(), usedforsecurity=False).hexdigest().encode()
        self._by_digest, self._whole = (b"EVALSHA", digest), (b"EVAL", text.encode())
        self._local = threading.local()

    def run(self, keys: list[bytes], arguments: list[bytes]) -> int:
        given = (str(len(keys)).encode(), *keys, *arguments)
        answer = self._tell(_packed((*self._by_digest, *given)))
        if answer.startswith(b"-NOSCRIPT"):
            answer = self._tell(_packed((*self._whole, *given)))
        if not answer.startswith(b":"):
            raise OSError(f"Redis answered {answer[:100]!r}.")
        return int(answer[1:])

    def _tell(self, command: bytes) -> bytes:
        """A connection that was closed meanwhile is opened again once; what runs twice is one beacon told twice."""
        try:
            return self._told(command)
        except OSError:
            self._close()
            return self._told(command)

    def _told(self, command: bytes) -> bytes:
        socket = self._socket()
        socket.sendall(command)
        answer = b""
        while not answer.endswith(b"\r\n"):
            more = socket.recv(4096)
            if not more:
                raise ConnectionError("Redis closed the connection.")
            answer += more
        return answer

    def _socket(self) -> Any:
        """This thread's; a process that was forked has its own."""
        kept = self._local.__dict__.get("connection")
        if kept is None or kept[0] != os.getpid():
            connection = self._pool.make_connection()
            try:
                connection.connect()
            except Exception as error:  # of the library, which has its own kinds
                raise ConnectionError(str(error)) from error
            kept = self._local.connection = (os.getpid(), connection)
        return kept[1]._sock

    def _close(self) -> None:
        kept = self._local.__dict__.pop("connection", None)
        if kept is not None:
            kept[1].disconnect()


def _packed(words: tuple[bytes, ...]) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join([b"$%d\r\n%s\r\n" % (len(word), word) for word in words])
