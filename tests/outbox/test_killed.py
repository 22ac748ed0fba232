"""A worker killed while it sends: the mail is neither lost nor sent a second time by itself."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from nhipcau.core import workers
from nhipcau.outbox import services
from nhipcau.outbox.models import Message

ROOT = Path(__file__).resolve().parents[2]


class Slow:
    """Takes the text and keeps the sender waiting for the answer."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.letters = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One letter came; nobody will read the answer."""
        self.letters += 1
        self.reached.set()
        await asyncio.sleep(60)
        return "250 OK"


@pytest.mark.django_db(transaction=True)
def test_worker_killed_while_sending_leaves_an_uncertain_mail() -> None:
    office = Slow()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    now = datetime.now(UTC)
    mail = services.queue_mail(key="tests:1", to="khach@example.vn", subject="Thư", body="Kính gửi", at=now)
    address = f"sqlite:///{connection.settings_dict['NAME']}"
    if connection.vendor == "postgresql":
        parts = connection.settings_dict
        address = f"postgresql://{parts['USER']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "worker"],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "nhipcau.config.settings",
            "DATABASE_URL": address,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        },
    )
    try:
        assert office.reached.wait(timeout=60)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
        mail.refresh_from_db()
        assert (mail.state, mail.tries) == ("sending", 1)
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert mail.sender
        assert services.send_due(at=later) == 0
        mail.refresh_from_db()
        assert mail.state == Message.State.SENDING
        workers.lose(worker=mail.sender, at=later)
        mail.refresh_from_db()
        assert mail.state == Message.State.UNCERTAIN
        assert services.send_due(at=later + timedelta(days=1)) == 0
        assert office.letters == 1
    finally:
        worker.kill()
        worker.wait(timeout=10)
        controller.stop()
