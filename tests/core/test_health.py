"""What probes are told: live, ready, the reasons, and to whom."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django_tasks_db.models import DBTaskResult

from nhipcau.core import health, health_checks, monitoring
from nhipcau.core.backup import keeping
from nhipcau.core.health import State
from nhipcau.core.models import DueRun
from nhipcau.outbox import health_checks as mail_checks
from nhipcau.outbox import services as outbox
from nhipcau.outbox.models import Message
from nhipcau.parties.models import User
from nhipcau.privacy import health_checks as privacy_checks
from nhipcau.privacy.tasks import let_go
from tests.conftest import HandClock

NAMES = [
    "database",
    "data_folder",
    "cache",
    "proxies",
    "queue",
    "schedule",
    "outbox",
    "retention",
    "backup",
    "erasures",
    "clock",
]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Nothing remembered from another test, nor for the next one."""
    monitoring.forget()
    yield
    monitoring.forget()


@pytest.fixture
def broken() -> Iterator[None]:
    """One more check, which says that pages cannot be answered."""
    health.checks()
    health.check("tests", "Tests")(lambda *, at: health.failed("Hỏng.", broken=1))
    yield
    del health._checks["tests"]


def test_live_asks_nothing_and_leaves_nothing(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert not response.cookies


def test_ready_tells_a_watcher_every_check(db: None, clock: HandClock, settings: Any, tmp_path: Path) -> None:
    now = datetime.now(UTC)  # PostgreSQL has a clock of its own to compare with
    clock.set(now)
    settings.BACKUP_FOLDER = tmp_path
    (tmp_path / keeping.archive_name(now - timedelta(hours=7))).touch()
    DueRun.objects.create(job="tests", minute=now)
    _erased(now)
    response = Client().get("/health/ready")
    told = response.json()
    assert (response.status_code, told["status"], told["at"]) == (200, "ok", now.isoformat())
    assert [one["name"] for one in told["checks"]] == NAMES
    assert [one["status"] for one in told["checks"]] == ["ok"] * len(NAMES)
    assert not response.cookies


def test_ready_answers_503_with_the_reason(db: None, broken: None) -> None:
    response = Client().get("/health/ready")
    assert response.status_code == 503
    assert response.json()["status"] == "failed"
    assert {"name": "tests", "status": "failed", "sentence": "Hỏng.", "figures": {"broken": 1}} in response.json()[
        "checks"
    ]


@pytest.mark.parametrize(
    "who",
    [
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": "", "HTTP_AUTHORIZATION": "Bearer "},
        {"REMOTE_ADDR": "203.0.113.7", "HTTP_AUTHORIZATION": "Bearer sai"},
    ],
)
def test_everybody_else_sees_only_which(who: dict[str, str], db: None, broken: None) -> None:
    response = Client().get("/health/ready", **who)  # type: ignore[arg-type]
    assert (response.status_code, response.json()) == (503, {"status": "failed"})


def test_the_bearer_of_the_token_is_told(settings: Any) -> None:
    settings.MONITOR_TOKEN = "mot-chuoi-bi-mat"
    far = {"REMOTE_ADDR": "203.0.113.7"}
    asked = RequestFactory().get("/", headers={"authorization": "Bearer mot-chuoi-bi-mat"}, **far)  # type: ignore[arg-type]
    assert monitoring.is_watcher(asked)
    assert not monitoring.is_watcher(RequestFactory().get("/", **far))  # type: ignore[arg-type]


def test_a_reader_nobody_vouches_for_costs_nothing_twice(
    db: None, clock: HandClock, django_assert_num_queries: Any
) -> None:
    far = {"REMOTE_ADDR": "203.0.113.7"}
    Client().get("/health/ready", **far)  # type: ignore[arg-type]
    with django_assert_num_queries(0):
        Client().get("/health/ready", **far)  # type: ignore[arg-type]
    clock.move(seconds=6)
    # one for the database, two for the queue, one each for schedule, mail, retention and clock; PostgreSQL's own clock
    with django_assert_num_queries(7 + (connection.vendor == "postgresql")):
        Client().get("/health/ready", **far)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_check_that_breaks_is_a_finding(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    def breaks(*, at: datetime) -> health.Finding:
        raise RuntimeError("hỏng")

    finding = health._look(health.Check("tests", "Tests", 1, breaks), now)
    assert finding == health.warning("Chưa kiểm tra được: bản thân phép kiểm tra gặp lỗi.", error="RuntimeError")
    assert "A health check broke." in caplog.text


@pytest.mark.django_db
def test_database_with_a_migration_missing_is_not_ready(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(health_checks, "_migrated", [])
    assert health_checks.database(at=now).state is State.OK
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
    assert health_checks.database(at=now).state is State.OK  # seen once, not asked again
    monkeypatch.setattr(health_checks, "_migrated", [])
    finding = health_checks.database(at=now)
    assert finding.state is State.FAILED
    assert finding.figures["missing_migrations"] == len(list(Path("nhipcau/outbox/migrations").glob("0*.py")))


def test_folder_that_cannot_be_written_to_is_not_ready(settings: Any, tmp_path: Path, now: datetime) -> None:
    settings.DATA = tmp_path / "gone"
    assert health_checks.data_folder(at=now) == health.failed(
        "Không ghi được vào thư mục dữ liệu: No such file or directory."
    )
    settings.DATA = tmp_path
    assert health_checks.data_folder(at=now).state is State.OK
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("left", "state"),
    [(99, State.FAILED), (100, State.WARNING), (1023, State.WARNING), (1024, State.OK)],
)
def test_space_left_is_weighed(left: int, state: State, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    class Usage:
        free = left * 1024 * 1024

    monkeypatch.setattr("nhipcau.core.health_checks.shutil.disk_usage", lambda path: Usage)
    finding = health_checks.data_folder(at=now)
    assert (finding.state, finding.figures) == (state, {"free_bytes": Usage.free})


def test_cache_that_keeps_nothing_is_noticed(settings: Any, now: datetime) -> None:
    assert health_checks.shared_cache(at=now).state is State.OK
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert health_checks.shared_cache(at=now).state is State.WARNING
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9"}
    }
    assert health_checks.shared_cache(at=now) == health.warning("Bộ nhớ đệm không trả lời.", error="ConnectionError")


@pytest.mark.django_db
def test_waiting_task_is_noticed_after_five_minutes(now: datetime) -> None:
    assert health_checks.queue(at=now).figures == {"oldest_waiting_seconds": 0.0, "last_ended_seconds": None}
    from nhipcau.core.tasks import sweep

    sweep.enqueue()
    DBTaskResult.objects.update(enqueued_at=now)
    assert health_checks.queue(at=now + timedelta(minutes=5)).state is State.OK
    finding = health_checks.queue(at=now + timedelta(minutes=5, seconds=1))
    assert (finding.state, finding.figures["oldest_waiting_seconds"]) == (State.WARNING, 301.0)


@pytest.mark.django_db
def test_schedule_behind_is_noticed(now: datetime) -> None:
    assert health_checks.schedule(at=now).sentence == "Chưa có tiến trình nền (worker) nào từng chạy."
    DueRun.objects.create(job="tests", minute=now)
    assert health_checks.schedule(at=now + timedelta(minutes=5)).state is State.OK
    assert health_checks.schedule(at=now + timedelta(minutes=6)).figures == {"behind_seconds": 360.0}


@pytest.mark.django_db
def test_clock_behind_what_was_noted_is_noticed(now: datetime) -> None:
    DueRun.objects.create(job="tests", minute=now)
    finding = health_checks.clock(at=now - timedelta(minutes=2))
    assert finding.state is State.WARNING
    assert float(str(finding.figures["apart_seconds"])) >= 120


@pytest.mark.django_db
def test_mail_is_noticed_when_late_tried_or_uncertain(now: datetime) -> None:
    assert mail_checks.outbox(at=now).state is State.OK
    mail = outbox.queue_mail(key="tests", to="khach@example.vn", subject="Thư", body="Kính gửi", at=now)
    assert mail_checks.outbox(at=now + timedelta(minutes=15)).state is State.OK
    late = mail_checks.outbox(at=now + timedelta(minutes=16))
    figures = {
        "waiting": 1, "tried": 0, "uncertain": 0, "failed": 0, "failed_lately": 0, "sent_lately": 0, "oldest_due_seconds": 960.0,
    }  # fmt: skip
    assert (late.state, late.figures) == (State.WARNING, figures)
    Message.objects.filter(pk=mail.pk).update(tries=1)
    assert mail_checks.outbox(at=now).sentence == "1 thư sẽ được gửi lại sau vì máy chủ thư chưa nhận."
    Message.objects.filter(pk=mail.pk).update(state="uncertain")
    assert mail_checks.outbox(at=now).figures["uncertain"] == 1
    assert mail_checks.outbox(at=now).state is State.WARNING


def _erased(at: datetime, status: str = "SUCCESSFUL") -> None:
    """The night's erasure ended at a moment."""
    row = DBTaskResult.objects.get(pk=let_go.enqueue().id)
    DBTaskResult.objects.filter(pk=row.pk).update(status=status, enqueued_at=at, started_at=at, finished_at=at)


@pytest.mark.django_db
def test_erasure_that_does_not_happen_is_noticed(now: datetime) -> None:
    never = privacy_checks.retention(at=now)
    assert (never.state, never.figures) == (State.WARNING, {"age_seconds": None})
    _erased(now)
    assert privacy_checks.retention(at=now + timedelta(days=2)).state is State.OK
    _erased(now + timedelta(days=2), "FAILED")
    late = privacy_checks.retention(at=now + timedelta(days=2, hours=1))
    assert (late.state, late.figures) == (State.WARNING, {"age_seconds": 49 * 3600.0})
    assert "cách đây 49 giờ" in late.sentence


@pytest.mark.parametrize(
    ("proxies", "heading", "connected", "state"),
    [
        (0, {}, "127.0.0.1", State.OK),
        (0, {"x-forwarded-for": "203.0.113.7"}, "127.0.0.1", State.WARNING),
        (0, {"x-forwarded-for": "203.0.113.7"}, "10.0.0.2", State.WARNING),
        # Who comes from outside and writes the heading is no proxy of ours.
        (0, {"x-forwarded-for": "203.0.113.7"}, "113.160.0.1", State.OK),
        (1, {"x-forwarded-for": "203.0.113.7"}, "127.0.0.1", State.OK),
    ],
)
def test_proxy_nobody_named_is_noticed(
    proxies: int,
    heading: dict[str, str],
    connected: str,
    state: State,
    settings: Any,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nhipcau.core.clients._noticed", [-3600.0])
    settings.TRUSTED_PROXIES = proxies
    Client().get("/health/live", headers=heading, REMOTE_ADDR=connected)
    finding = health_checks.proxies(at=now)
    assert (finding.state, finding.figures) == (state, {"proxies": proxies})


def test_list_of_erasures_that_cannot_be_written_to_is_noticed(
    settings: Any, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ERASURES = tmp_path / "later" / "erasures"
    assert health_checks.erasures(at=now).state is State.OK
    monkeypatch.setattr("os.access", lambda place, mode: Path(place) != tmp_path)
    assert health_checks.erasures(at=now) == health.warning(
        "Không ghi được danh sách dữ liệu đã xóa: bản sao lưu khi được khôi phục sẽ không biết những dữ liệu nào đã xóa."
    )


def test_administrators_read_the_same_in_words(
    administrator: User, officer_hmc: User, sign_in: Callable[[User], Client], broken: None
) -> None:
    page = sign_in(administrator).get("/ban/he-thong/")
    assert (page.status_code, "Hỏng." in page.content.decode()) == (200, True)
    assert sign_in(officer_hmc).get("/ban/he-thong/").status_code == 404
    assert Client().get("/ban/he-thong/").status_code == 302


def test_backup_is_noticed_when_missing_or_old(settings: Any, tmp_path: Path, now: datetime) -> None:
    settings.BACKUP_FOLDER = None
    assert "NHIPCAU_BACKUPS" in health_checks.backup(at=now).sentence
    assert health_checks.backup(at=now).state is State.WARNING
    settings.BACKUP_FOLDER = tmp_path
    assert health_checks.backup(at=now) == health.warning("Chưa có bản sao lưu nào.", age_seconds=None)
    (tmp_path / keeping.archive_name(now - timedelta(days=3))).touch()
    (tmp_path / keeping.archive_name(now - timedelta(hours=26))).touch()
    assert health_checks.backup(at=now).state is State.OK
    finding = health_checks.backup(at=now + timedelta(seconds=1))
    assert (finding.state, finding.sentence) == (
        State.WARNING,
        "Bản sao lưu gần nhất được tạo cách đây 26 giờ.",
    )
