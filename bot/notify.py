"""The messages to systemd from a service with `Type=notify`, as sd_notify(3) describes.

A message is one datagram of `NAME=value` lines to the socket that NOTIFY_SOCKET names. Without this
variable nothing is sent.
"""

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

LONGEST_STATUS = 500
"""Characters of a status."""


@dataclass
class Notifier:
    """Sends to the socket of NOTIFY_SOCKET."""

    address: str
    """The path of the socket; empty if there is none. `@` begins the name of an abstract one."""
    watchdog: float | None = None
    """Seconds after which systemd ends a service that sends no sign of life; None for never."""
    _sent: str = field(default="", init=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Notifier":
        return cls(environment.get("NOTIFY_SOCKET", ""), _watchdog(environment))

    @classmethod
    def of_process(cls) -> "Notifier":
        return cls.of(os.environ)

    def ready(self) -> None:
        self._send("READY=1")

    def stopping(self) -> None:
        self._send("STOPPING=1\nSTATUS=stopping")

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Show a text in `systemctl status`. The same text is sent once."""
        line = " ".join(text.split())[:LONGEST_STATUS]
        if line != self._sent:
            self._sent = line
            self._send(f"STATUS={line}")

    def _send(self, message: str) -> None:
        if not self.address:
            return
        path = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                # The event loop must not wait for systemd. A message that is lost is sent again.
                sender.setblocking(False)  # noqa: FBT003 - the socket's own method
                sender.sendto(message.encode(), path)
        except OSError as error:
            log.debug(
                "systemd could not be notified",
                extra={"notification": message, "why": error.strerror},
            )


def _watchdog(environment: Mapping[str, str]) -> float | None:
    """WATCHDOG_USEC in seconds, if it is meant for this process."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    if not (microseconds.isascii() and microseconds.isdigit()) or int(microseconds) == 0:
        return None
    return int(microseconds) / 1e6
