"""LISTEN and NOTIFY: a thread with a connection of its own, which is made anew when it is lost."""

import logging
import select
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress

import psycopg

from storage.address import PostgresAddress
from storage.engine import LOCK_WAIT
from storage.postgres.server import connect

log = logging.getLogger(__name__)

CHANNEL = "constat"
KEPT = 1000
"""Texts that wait for a connection. Older ones are dropped: by then the workers have looked by
themselves."""
RECONNECT_EVERY = 1.0
"""Seconds."""


class PostgresWire:
    def __init__(self, address: PostgresAddress, receive: Callable[[str], None]) -> None:
        """:param receive: called in the thread with each text that another process sent"""
        self._address, self._receive = address, receive
        self._texts: deque[str] = deque(maxlen=KEPT)
        self._waker, self._woken = socket.socketpair()
        self._waker.settimeout(0)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="storage news", daemon=True)
        self._thread.start()

    def send(self, text: str) -> None:
        self._texts.append(text)
        self._wake()

    def close(self) -> None:
        self._closing.set()
        self._wake()
        self._thread.join(LOCK_WAIT)
        if not self._thread.is_alive():  # a server that hangs does not keep the bot from ending
            self._waker.close()
            self._woken.close()

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # so many bytes wait that the thread wakes anyway
            self._waker.send(b"x")

    def _run(self) -> None:
        is_lost = False
        while not self._closing.is_set():
            try:
                with closing(connect(self._address).raw) as connection:
                    self._listen(connection)
                    if is_lost:
                        log.warning("the bots send each other messages again")
                    is_lost = False
                    while not self._closing.is_set():
                        self._exchange(connection)
                    self._send_waiting(connection)
            except (psycopg.Error, OSError) as error:
                if not is_lost:
                    log.warning("the bots cannot send each other messages", extra={"why": error})
                is_lost = True
                self._closing.wait(RECONNECT_EVERY)

    def _listen(self, connection: "psycopg.Connection[object]") -> None:
        own = connection.info.backend_pid

        def received(notify: psycopg.Notify) -> None:
            if notify.pid != own:
                self._receive(notify.payload)

        connection.add_notify_handler(received)
        connection.execute(f"listen {CHANNEL}")

    def _exchange(self, connection: "psycopg.Connection[object]") -> None:
        """Wait until there is something to send or to receive, then do both."""
        from_server, from_bot = connection.fileno(), self._woken.fileno()
        poll = select.poll()  # select() takes no descriptor above 1023
        for descriptor in (from_server, from_bot):
            poll.register(descriptor, select.POLLIN)
        readable = {descriptor for descriptor, _ in poll.poll()}
        if from_bot in readable:
            self._woken.recv(4096)
        self._send_waiting(connection)
        if from_server in readable:
            # A statement reads what has come, and fails if the connection has ended.
            connection.execute("select 1")

    def _send_waiting(self, connection: "psycopg.Connection[object]") -> None:
        while self._texts:
            connection.execute("select pg_notify(%s, %s)", [CHANNEL, self._texts.popleft()])
