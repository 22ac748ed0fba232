"""A mail server that counts what it took, by Message-ID, and takes its time over each letter."""

import asyncio
import email
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.crashes.house import free_port


class PostOffice:
    """Takes every letter; it counts as taken before the answer goes out."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One letter came."""
        content = envelope.content
        assert isinstance(content, bytes)
        await asyncio.sleep(0.05)
        with self._lock:
            self.taken[str(email.message_from_bytes(content)["Message-ID"])] += 1
        await asyncio.sleep(0.05)
        return "250 OK"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Open while the context lasts."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
