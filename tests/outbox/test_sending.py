"""Mail against a real SMTP server on loopback: accepted, put off, refused, down, died half way."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.apps import apps
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from nhipcau.core.health import State
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox import health_checks as mail_checks
from nhipcau.outbox import services
from nhipcau.outbox.errors import NotResendable
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User

pytestmark = pytest.mark.django_db
CAUSE = "tests:1"


class PostOffice:
    """Answers DATA as told and keeps what it accepted."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One letter came."""
        if self.answer.startswith("250"):
            import email.policy

            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(email.message_from_bytes(content, policy=email.policy.default))
        return self.answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _serve_mail(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Nhịp Cầu <khong-tra-loi@example.vn>"


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=_free_port())
    controller.start()
    _serve_mail(settings, controller.port)
    yield office
    controller.stop()


def _queue(now: datetime, key: str = CAUSE, **more: Any) -> Message:
    values: dict[str, Any] = {
        "key": key,
        "to": "khach@example.vn",
        "subject": "Xác nhận đăng ký",
        "body": "Kính gửi Ông/Bà,\n\nGiấy mời kèm theo.",
        "at": now,
    }
    return services.queue_mail(**(values | more))


def _story(message: Message) -> tuple[str, int, list[tuple[str, str]]]:
    message.refresh_from_db()
    return (message.state, message.tries, [(d.outcome, d.detail) for d in message.deliveries.all()])


def test_accepted_mail_is_sent_once_with_its_attachment(post_office: PostOffice, now: datetime) -> None:
    mail = _queue(
        now, attachment_name="lich.ics", attachment_type="text/calendar", attachment=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"
    )
    assert services.send_due(at=now) == 1
    assert services.send_due(at=now) == 0
    assert _story(mail) == ("sent", 1, [("sent", "")])
    (letter,) = post_office.letters
    assert letter["To"] == "khach@example.vn"
    assert letter["From"] == "Nhịp Cầu <khong-tra-loi@example.vn>"
    assert letter["Subject"] == "Xác nhận đăng ký"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<nhipcau.{mail.pk}.{int(now.timestamp())}@example.vn>"
    assert [part.get_filename() for part in letter.iter_attachments()] == ["lich.ics"]


def test_same_cause_is_queued_once_and_nudges_once(
    now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as nudges:
        first = _queue(now)
        second = _queue(now, subject="Lần thứ hai")
    assert first == second
    assert Message.objects.get().subject == "Xác nhận đăng ký"
    assert len(nudges) == 1


def test_temporary_refusal_is_tried_later_and_later_until_it_fails(post_office: PostOffice, now: datetime) -> None:
    post_office.answer = "451 Try later"
    mail = _queue(now)
    waits = []
    at = now
    while mail.state == Message.State.QUEUED:
        assert services.send_due(at=at) == 1
        mail.refresh_from_db()
        if mail.state == Message.State.QUEUED:
            assert services.send_due(at=mail.due_at - timedelta(seconds=1)) == 0
            waits.append(int((mail.due_at - at).total_seconds() / 60))
            at = mail.due_at
    assert waits == [1, 5, 15, 60, *[240] * 18]
    assert at - now >= timedelta(hours=72)
    assert _story(mail) == ("failed", 23, [("queued", "451 Try later")] * 22 + [("failed", "451 Try later")])
    assert mail.settled_at == at


def test_temporary_refusal_then_acceptance_is_sent(post_office: PostOffice, now: datetime) -> None:
    mail = _queue(now)
    post_office.answer = "451 Try later"
    services.send_due(at=now)
    post_office.answer = "250 OK"
    services.send_due(at=now + timedelta(minutes=1))
    assert _story(mail) == ("sent", 2, [("queued", "451 Try later"), ("sent", "")])


def test_final_refusal_fails_at_once(post_office: PostOffice, now: datetime) -> None:
    post_office.answer = "554 No such mailbox"
    mail = _queue(now)
    services.send_due(at=now)
    assert _story(mail) == ("failed", 1, [("failed", "554 No such mailbox")])


def test_server_that_is_down_is_asked_once_a_batch(settings: Settings, now: datetime) -> None:
    _serve_mail(settings, _free_port())
    first, second = _queue(now), _queue(now, "tests:2")
    assert services.send_due(at=now) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.tries, first.due_at) == ("queued", 1, now + timedelta(minutes=1))
    assert (second.state, second.tries) == ("queued", 0)


def test_server_away_over_a_weekend_gets_everything_when_it_is_back(settings: Settings, now: datetime) -> None:
    port = _free_port()
    _serve_mail(settings, port)
    mail, at = _queue(now), now
    while at < now + timedelta(hours=68):
        services.send_due(at=at)
        assert mail_checks.outbox(at=at).state is State.WARNING
        at += timedelta(hours=1)
    assert _story(mail)[0] == "queued"
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        services.send_due(at=at + timedelta(hours=4))
    finally:
        controller.stop()
    assert _story(mail)[0] == "sent"
    assert len(office.letters) == 1
    assert mail_checks.outbox(at=at + timedelta(hours=4)).state is State.OK


@pytest.mark.parametrize(
    ("step", "answer", "words"),
    [
        ("RCPT", "554 Relay access denied", "không thư nào gửi đi được và 2 thư bị lỗi"),
        ("DATA", "554 Refused", "không thư nào gửi đi được và 2 thư bị lỗi"),
        ("MAIL", "550 Not from you", "2 thư sẽ được gửi lại sau"),
    ],
)
def test_relay_that_takes_nothing_is_told(
    step: str, answer: str, words: str, settings: Settings, now: datetime
) -> None:
    controller = Controller(Stubborn(step, answer), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        _serve_mail(settings, controller.port)
        mails = _queue(now), _queue(now, "tests:2")
        for _turn in mails:
            services.send_due(at=now)
    finally:
        controller.stop()
    told = mail_checks.outbox(at=now)
    assert told.state is State.WARNING
    assert words in told.sentence


def test_failed_mail_is_told_for_a_week_until_it_is_dealt_with(
    post_office: PostOffice, officer_hmc: User, now: datetime
) -> None:
    sent, mail = _queue(now, "tests:2"), _queue(now)
    services.send_due(at=now, limit=1)
    post_office.answer = "550 No such user"
    services.send_due(at=now)
    assert (_story(sent)[0], _story(mail)[0]) == ("sent", "failed")
    told = mail_checks.outbox(at=now)
    assert told.state is State.WARNING
    assert told.sentence.startswith("1 thư trong 7 ngày qua không đến được người nhận;")
    assert mail_checks.outbox(at=now + timedelta(days=8)).state is State.OK
    post_office.answer = "250 OK"
    services.resend(message=mail, by=officer_hmc, at=now)
    services.send_due(at=now)
    assert mail_checks.outbox(at=now).state is State.OK


def test_nothing_is_sent_again_to_an_erased_address(post_office: PostOffice, officer_hmc: User, now: datetime) -> None:
    mail = _queue(now)
    services.empty_mails(Message.objects.filter(pk=mail.pk))
    mail.refresh_from_db()
    assert mail.state == "failed"
    with pytest.raises(NotResendable, match="đã bị xóa"):
        services.resend(message=mail, by=officer_hmc, at=now)
    services.send_due(at=now)
    assert (post_office.letters, _story(mail)[0]) == ([], "failed")
    assert mail_checks.outbox(at=now).state is State.OK
    assert not Message.objects.undecided().exists()


def test_server_that_hangs_up_after_the_text_leaves_it_uncertain(settings: Settings, now: datetime) -> None:
    class HangsUp(PostOffice):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            assert server.transport is not None
            server.transport.close()
            return "250 never read"

    controller = Controller(HangsUp(), hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        _serve_mail(settings, controller.port)
        mail = _queue(now)
        services.send_due(at=now)
    finally:
        controller.stop()
    assert _story(mail) == ("uncertain", 1, [("uncertain", "SMTPServerDisconnected: Connection unexpectedly closed")])
    assert services.send_due(at=now + timedelta(days=30)) == 0


def test_mail_whose_sender_died_is_uncertain_and_never_resent_by_itself(post_office: PostOffice, now: datetime) -> None:
    mail = _queue(now)
    Message.objects.update(state="sending", tries=1, leased_until=now + timedelta(minutes=15))
    assert services.send_due(at=now + timedelta(minutes=15)) == 0
    assert _story(mail) == ("sending", 1, [])
    services.send_due(at=now + timedelta(minutes=16))
    assert _story(mail) == ("uncertain", 1, [("uncertain", "the sending process ended before the server answered")])
    services.send_due(at=now + timedelta(days=30))
    assert post_office.letters == []


def test_what_a_worker_left_half_done_is_uncertain_once_it_does_something_else(
    post_office: PostOffice, now: datetime
) -> None:
    mail, other = _queue(now), _queue(now, "tests:2")
    Message.objects.update(state="sending", tries=1, leased_until=now + timedelta(minutes=15), sender="first")
    Message.objects.filter(pk=other.pk).update(sender="second")
    services.send_due(at=now, sender="first")
    assert (_story(mail)[0], _story(other)[0]) == ("uncertain", "sending")


class Stubborn(PostOffice):
    """Breaks off, hangs or refuses at the step it is told, as mail servers do on bad days."""

    def __init__(self, step: str, answer: str) -> None:
        super().__init__()
        self.step, self.at_step, self.tried = step, answer, 0

    async def _come(self, step: str, server: SMTP) -> str | None:
        if step != self.step:
            return None
        self.tried += 1
        if self.at_step == "hang":
            await asyncio.sleep(3)
        elif self.at_step == "close":
            assert server.transport is not None
            server.transport.close()
        return self.at_step if self.at_step[:3].isdigit() else "451 never read"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._come("MAIL", server) or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._come("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await self._come("DATA", server) or await super().handle_DATA(server, session, envelope)


@pytest.mark.parametrize(
    ("step", "answer", "states", "tried"),
    [
        # Before the text nothing can have gone out: all wait, and the server is asked once.
        ("MAIL", "hang", ("queued", "queued"), 1),
        ("MAIL", "close", ("queued", "queued"), 1),
        ("RCPT", "hang", ("queued", "queued"), 1),
        ("RCPT", "close", ("queued", "queued"), 1),
        ("RCPT", "421 Shutting down", ("queued", "queued"), 1),
        # Whom it takes nothing from at all: a matter of settings, no mail's own failure.
        ("MAIL", "530 Authentication required", ("queued", "queued"), 1),
        # One recipient refused says nothing about the next one.
        ("RCPT", "550 No such user", ("failed", "failed"), 2),
        ("RCPT", "450 Mailbox busy", ("queued", "queued"), 2),
        # The text was under way: only the one mail is uncertain, and the next ones wait.
        ("DATA", "hang", ("uncertain", "queued"), 1),
        ("DATA", "close", ("uncertain", "queued"), 1),
    ],
)
def test_bad_day_of_a_mail_server_costs_no_more_than_the_mail_at_hand(
    step: str, answer: str, states: tuple[str, str], tried: int, settings: Settings, now: datetime
) -> None:
    office = Stubborn(step, answer)
    controller = Controller(office, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        _serve_mail(settings, controller.port)
        settings.EMAIL_TIMEOUT = 1
        mails = _queue(now), _queue(now, "tests:2")
        services.send_due(at=now)
        assert (tuple(_story(mail)[0] for mail in mails), office.tried) == (states, tried)
        office.step = ""  # the day gets better: what waits goes out by itself
        settings.EMAIL_TIMEOUT = 10
        services.send_due(at=now + timedelta(minutes=1))
    finally:
        controller.stop()
    after = {"queued": "sent"}
    assert tuple(_story(mail)[0] for mail in mails) == tuple(after.get(state, state) for state in states)
    assert len(office.letters) == states.count("queued")


def test_without_a_server_mail_is_kept(now: datetime, mailoutbox: list[Any]) -> None:
    mail = _queue(now)
    services.send_due(at=now)
    assert _story(mail) == ("kept", 1, [("kept", "")])
    assert [letter.subject for letter in mailoutbox] == ["Xác nhận đăng ký"]


def _kept_of(message: Message) -> tuple[str, str, bytes | None]:
    message.refresh_from_db()
    return (message.state, message.body, bytes(message.attachment) if message.attachment else None)


def test_sealed_mail_is_emptied_in_the_moment_it_went_out(
    post_office: PostOffice, officer_hmc: User, now: datetime
) -> None:
    body, paper = "Mở đường dẫn: http://localhost:8000/bi-mat/", b"%PDF"
    mail = _queue(now, body=body, attachment_name="a.pdf", attachment=paper, sealed=True)
    other = _queue(now, "tests:2", body=body)
    post_office.answer = "451 Try later"
    services.send_due(at=now)
    assert _kept_of(mail) == ("queued", body, paper)
    post_office.answer = "554 No such mailbox"
    services.send_due(at=now + timedelta(minutes=1))
    assert _kept_of(mail) == ("failed", body, paper)  # it may be sent again, so it keeps what it says
    services.resend(message=mail, by=officer_hmc, at=now)
    services.resend(message=other, by=officer_hmc, at=now)
    post_office.answer = "250 OK"
    services.send_due(at=now)
    assert (_kept_of(mail), mail.to, mail.subject) == (("sent", "—", None), "khach@example.vn", "Xác nhận đăng ký")
    assert _kept_of(other) == ("sent", body, None)
    for letter in post_office.letters:
        text = letter.get_body()
        assert text is not None
        assert text.get_content().strip() == body


def test_sealed_mail_nobody_knows_of_keeps_what_it_says(now: datetime) -> None:
    mail = _queue(now, sealed=True)
    Message.objects.filter(pk=mail.pk).update(state="sending", tries=1, leased_until=now - timedelta(minutes=1))
    services.send_due(at=now)
    assert _kept_of(mail) == ("uncertain", "Kính gửi Ông/Bà,\n\nGiấy mời kèm theo.", None)


def test_sealed_mail_kept_in_the_folder_stands_in_its_file_alone(now: datetime, mailoutbox: list[Any]) -> None:
    mail = _queue(now, sealed=True)
    services.send_due(at=now)
    assert _kept_of(mail) == ("kept", "—", None)
    assert [letter.body for letter in mailoutbox] == ["Kính gửi Ông/Bà,\n\nGiấy mời kèm theo."]


def test_mails_with_links_are_sealed_by_the_migration(now: datetime) -> None:
    keys = ["account:1", "account-link:1", "data-link:1", "own-change:1", "ticket:1"]
    for key in keys:
        _queue(now, key, body="Nội dung")
    Message.objects.update(state="sent")
    waiting = _queue(now, "account:2", body="Nội dung")
    import_module("nhipcau.outbox.migrations.0006_sealed_mails").seal(apps, SimpleNamespace(connection=connection))
    told = {mail.key: (mail.sealed, mail.body) for mail in Message.objects.exclude(pk=waiting.pk)}
    assert told == dict.fromkeys(keys[:3], (True, "—")) | dict.fromkeys(keys[3:], (False, "Nội dung"))
    waiting.refresh_from_db()
    assert (waiting.sealed, waiting.body) == (True, "Nội dung")


def test_subject_is_brought_onto_one_line(post_office: PostOffice, now: datetime) -> None:
    mail = _queue(now, subject="Đổi giờ\r\nBcc: ai@example.vn")
    services.send_due(at=now)
    assert mail.subject == "Đổi giờ Bcc: ai@example.vn"
    assert [letter["Bcc"] for letter in post_office.letters] == [None]


def test_resending_starts_over_and_only_where_nothing_went_out(
    post_office: PostOffice, officer_hmc: User, now: datetime
) -> None:
    post_office.answer = "554 No such mailbox"
    mail = _queue(now)
    services.send_due(at=now)
    later = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)
    post_office.answer = "250 OK"
    services.resend(message=mail, by=officer_hmc, at=later)
    with pytest.raises(NotResendable):
        services.resend(message=mail, by=officer_hmc, at=later)
    services.send_due(at=later)
    assert _story(mail) == ("sent", 1, [("failed", "554 No such mailbox"), ("queued", "officer_hmc"), ("sent", "")])
