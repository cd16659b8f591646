"""A proxy before PostgreSQL's socket, which cuts a connection at a statement."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

SOCKET = ".s.PGSQL.5432"


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
        self.cuts = 0
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def url(self, database: str) -> str:
        return f"postgresql://constat@/{database}?host={self.folder}"

    def cut_at(self, statement: bytes, *, behind: bool) -> None:
        """Cut the next connection that sends a statement.

        :param behind: whether the server gets the statement, and only its answer is lost
        """
        self._statement, self._behind = statement, behind

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for side in self._sockets:
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for side in self._sockets:
            side.close()
        shutil.rmtree(self.folder)

    def _start(self, work: Callable[..., None], *sides: socket.socket) -> None:
        thread = threading.Thread(target=work, args=sides, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                self._sockets += [client, server]
                server.connect(str(self._server / SOCKET))
                for work in (self._to_server, self._to_client):
                    self._start(work, client, server)

    def _to_server(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                if self._statement and self._statement in data:
                    self._statement = None
                    self.cuts += 1
                    client.shutdown(socket.SHUT_RDWR)
                    if self._behind:
                        server.sendall(data)
                        server.recv(65_536)
                    break
                server.sendall(data)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _to_client(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
