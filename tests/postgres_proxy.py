"""A proxy before PostgreSQL's socket, which cuts connections, and stalls."""

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

SOCKET = ".s.PGSQL.5432"
STALL_STEP = 0.02
"""Seconds between two looks whether a stall is over."""


class Proxy:
    def __init__(self, server: Path) -> None:
        """:param server: the folder of the server's socket"""
        self._server = server
        self.folder = Path(tempfile.mkdtemp(prefix="constat-proxy-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / SOCKET))
        self._listener.listen()
        self._statement: bytes | None = None
        self._behind = False
        self._stall: float | None = None
        self.cuts = 0
        self._stalled_until = 0.0
        self._connections: set[tuple[socket.socket, socket.socket]] = set()
        """The two sides of each open connection: the client's, and the server's."""
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def url(self, database: str) -> str:
        return f"postgresql://constat@/{database}?host={self.folder}"

    def cut_at(self, statement: bytes, *, behind: bool) -> None:
        """Cut the next connection that sends a statement.

        :param behind: whether the server gets the statement, and only its answer is lost
        """
        self._statement, self._behind, self._stall = statement, behind, None

    def stall_at(self, statement: bytes, *, seconds: float) -> None:
        """Stall when the next statement of that text is on its way to the server."""
        self._statement, self._stall = statement, seconds

    def cut(self) -> None:
        """Cut every connection, whatever is under way on it."""
        for sides in list(self._connections):
            for side in sides:
                _shut(side)

    def stall(self, seconds: float) -> None:
        """Pass nothing on, in either direction and also on new connections, for so long."""
        self._stalled_until = max(self._stalled_until, time.monotonic() + seconds)

    @property
    def stalls_for(self) -> float:
        """Seconds until a stall is over; 0 when there is none."""
        return max(0.0, self._stalled_until - time.monotonic())

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stalled_until = 0.0
        _shut(self._listener)
        self._accepting.join()
        self._listener.close()
        while self._connections:
            self.cut()
            time.sleep(STALL_STEP)
        shutil.rmtree(self.folder)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                self._connections.add((client, server))
                threading.Thread(target=self._connect, args=(client, server), daemon=True).start()

    def _connect(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what both sides send until one of them ends."""
        with closing(client), closing(server):
            with suppress(OSError):  # the server is down
                server.connect(str(self._server / SOCKET))
                back = threading.Thread(
                    target=self._pass_on, args=(server, client, server.recv), daemon=True
                )
                back.start()
                self._pass_on(client, server, lambda size: self._from_client(client, server, size))
                back.join()
            self._connections.discard((client, server))

    def _pass_on(
        self, source: socket.socket, target: socket.socket, receive: Callable[[int], bytes]
    ) -> None:
        with suppress(OSError):
            while data := receive(65_536):
                while self.stalls_for:
                    time.sleep(STALL_STEP)
                target.sendall(data)
        for side in (source, target):
            _shut(side)

    def _from_client(self, client: socket.socket, server: socket.socket, size: int) -> bytes:
        """:returns: nothing when the connection is to be cut"""
        data = client.recv(size)
        if not self._statement or self._statement not in data:
            return data
        self._statement = None
        if self._stall is not None:
            self.stall(self._stall)
            return data
        self.cuts += 1
        _shut(client)
        if self._behind:
            server.sendall(data)
        return b""


def _shut(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
