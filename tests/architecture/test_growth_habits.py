"""What must hold so that the product can grow onto several databases: no order out of keys, no network in a transaction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from nhipcau.core import tasks as core_tasks
from nhipcau.outbox.models import Message
from nhipcau.outbox.sending import send_due
from tests import makers

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for path in (ROOT / "nhipcau").rglob("*.py") if "migrations" not in path.parts)
KEYS = {"pk", "-pk", "id", "-id"}
#: What speaks to other machines.
SPEAKING = {"smtplib", "http.client", "urllib.request", "requests", "httpx", "boto3", "ftplib", "telnetlib"}


def is_by_key(node: ast.AST, *words: str) -> bool:
    """Whether something is ordered by its key with one of the words; words alone break ties and keep locks in order."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in words and node.args[0].value in KEYS


def by_key(tree: ast.AST) -> Iterator[str]:
    """Where the latest or the first is taken by the key: `-pk` in front, `latest`, `Max`, the first of an order by key."""
    for node in ast.walk(tree):
        if is_by_key(node, "latest", "earliest", "Max", "Min"):
            yield ast.unparse(node)
        if is_by_key(node, "order_by") and isinstance(node, ast.Call) and ast.unparse(node.args[0])[1] == "-":
            yield ast.unparse(node)
        picked = isinstance(node, ast.Attribute) and node.attr in {"first", "last", "reverse"}
        if picked and isinstance(node, ast.Attribute) and is_by_key(node.value, "order_by"):
            yield ast.unparse(node)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List) and node.value.elts:
            first = node.value.elts[0]
            named = any(isinstance(target, ast.Name) and target.id == "ordering" for target in node.targets)
            if named and isinstance(first, ast.Constant) and first.value in KEYS:
                yield ast.unparse(node)


def test_no_order_is_read_out_of_keys() -> None:
    """Keys of several databases that write at once come in no order; one may only break a tie or keep locks in order."""
    found = {str(path.relative_to(ROOT)): list(by_key(ast.parse(path.read_text(encoding="utf-8")))) for path in MODULES}
    assert {name: orders for name, orders in found.items() if orders} == {}


@pytest.mark.parametrize(
    "written",
    ["rows.order_by('-pk')", "rows.latest('id')", "Max('pk')", "ordering = ['id']", "rows.order_by('pk').first()"],
)
def test_an_order_by_key_is_noticed(written: str) -> None:
    assert len(list(by_key(ast.parse(written)))) == 1


def test_a_key_that_breaks_a_tie_is_left_alone() -> None:
    assert list(by_key(ast.parse("rows.order_by('-at', '-pk'); locked.order_by('pk')"))) == []


def atomic_parts(tree: ast.AST) -> Iterator[ast.AST]:
    """Functions that are one transaction, and blocks inside one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("atomic" in ast.unparse(mark) for mark in node.decorator_list):
            yield node
        if isinstance(node, ast.With) and any("atomic" in ast.unparse(item.context_expr) for item in node.items):
            yield node


def test_no_transaction_holds_a_call_over_the_network() -> None:
    """Where a module speaks to other machines, what it speaks with appears in no transaction of its own."""
    held = []
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        spoken = {
            (alias.asname or alias.name).split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if alias.name in SPEAKING or (isinstance(node, ast.ImportFrom) and node.module in SPEAKING)
        } | {"get_connection", "send_mail"}
        held += [
            f"{path.relative_to(ROOT)}:{name.lineno}"
            for part in atomic_parts(tree)
            for name in ast.walk(part)
            if isinstance(name, ast.Name) and name.id in spoken
        ]
    assert held == []


#: Whether a transaction was open whenever the mail server was spoken to.
opened: list[bool] = []


class Listening(BaseEmailBackend):
    """A mail server that notes whether a transaction was open when it was spoken to."""

    def open(self) -> bool:
        """Connect."""
        opened.append(connection.in_atomic_block)
        return True

    def send_messages(self, email_messages: list[EmailMessage]) -> int:  # type: ignore[override]  # a list is handed in
        """Take the mails."""
        opened.append(connection.in_atomic_block)
        return len(email_messages)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_mail_goes_out(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Listening"  # type: ignore[attr-defined]  # pytest-django's settings
    settings.EMAIL_HOST = "127.0.0.1"  # type: ignore[attr-defined]  # as above
    opened.clear()
    for number in range(3):
        Message.objects.create(
            key=f"tests:{number}", to="khach@example.vn", subject="Thư", body="Nội dung.",
            created_at=makers.NOW, due_at=makers.NOW,
        )  # fmt: skip
    assert send_due(at=makers.NOW, limit=2) == 2, "a batch is bounded; what is left waits for the next minute"
    assert opened == [False] * 4


def test_sweeping_takes_no_more_than_a_batch_at_once(db: None) -> None:
    """What piled up in the queue goes in pieces, each short enough to hold nobody up."""
    DBTaskResult.objects.bulk_create(
        DBTaskResult(
            status=TaskResultStatus.SUCCESSFUL, task_path="tests.task", args_kwargs={}, backend_name="default",
            run_after=makers.NOW, finished_at=makers.NOW - timedelta(days=9),
        )
        for _n in range(7)
    )  # fmt: skip
    assert [core_tasks.forget_finished(at=makers.NOW, at_once=3) for _n in range(4)] == [3, 3, 1, 0]
