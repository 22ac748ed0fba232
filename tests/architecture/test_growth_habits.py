"""What must hold so that the product can grow onto several databases: no order out of keys, no network in a transaction."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import connection
from django.db.models import FileField
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

#: Ours that keep files within a transaction: a piece of the sample programme is there whole or not at all, so that filling an
#: empty installation can be taken up where it was broken off. Wagtail's own are named in docs/decisions/0012.
WITHIN = {
    "nhipcau/sample/filling.py": ["declare_evidence", "record_signed_list"],
    "nhipcau/sample/news.py": ["_picture"],
}


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


def is_atomic(node: ast.AST) -> bool:
    """Whether a decorator or a context opens a transaction; `journal.verb` does."""
    return "atomic" in ast.unparse(node) or ast.unparse(node).startswith("journal.verb")


def keeps_first(function: ast.FunctionDef) -> bool:
    """Whether a service has its upload stored before its transaction begins."""
    return any(ast.unparse(mark).startswith("files.stores(") for mark in function.decorator_list)


def atomic_parts(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.With]:
    """Functions that are one transaction, and blocks inside one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(map(is_atomic, node.decorator_list)):
            yield node
        if isinstance(node, ast.With) and any(is_atomic(item.context_expr) for item in node.items):
            yield node


@cache
def file_columns() -> set[str]:
    """What columns of files are called in our models."""
    models = [model for model in apps.get_models() if model.__module__.startswith("nhipcau.")]
    return {one.name for model in models for one in model._meta.concrete_fields if isinstance(one, FileField)}


def speaks_to_a_store(node: ast.AST) -> bool:
    """Whether a call writes to or reads from where files are kept: with a bucket that is another machine."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    asked = ast.unparse(node.func.value).rpartition(".")[2]
    handled = node.func.attr in {"save", "delete", "open", "size", "exists", "listdir"}
    return handled and ("storage" in asked or asked in file_columns())


def spoken_in(tree: ast.AST, spoken: set[str]) -> Iterator[ast.AST]:
    """Where other machines are spoken to: by one of the names, with a file made to be kept, or at a store of files."""
    for node in ast.walk(tree):
        named = node.id if isinstance(node, ast.Name) else ""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            named = node.attr
        if named in spoken | {"ContentFile"} or speaks_to_a_store(node):
            yield node


def speaking_functions(tree: ast.AST, spoken: set[str]) -> set[str]:
    """The functions of a module that speak to other machines, themselves or through one another."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found: set[str] = set()
    while more := {one.name for one in functions if next(spoken_in(one, spoken | found), None)} - found:
        found |= more
    return found


def held_calls(tree: ast.AST, storing: set[str]) -> list[str]:
    """The lines at which a transaction of a module holds a call over the network.

    `storing` names the services of all modules that store an upload: within another transaction only one that has
    stored the file itself hands it to them.
    """
    spoken = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name in SPEAKING or (isinstance(node, ast.ImportFrom) and node.module in SPEAKING)
    } | {"get_connection", "send_mail"}
    spoken |= speaking_functions(tree, spoken)
    return [
        ast.unparse(node)
        for part in atomic_parts(tree)
        for node in spoken_in(
            part, spoken | (set() if isinstance(part, ast.FunctionDef) and keeps_first(part) else storing)
        )
    ]


def storing_services() -> set[str]:
    """The name of every service that has an upload stored."""
    return {
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and keeps_first(node)
    }


def test_no_transaction_holds_a_call_over_the_network() -> None:
    """Where a module speaks to other machines, what it speaks with appears in no transaction of its own."""
    storing = storing_services()
    assert storing == {
        "attach_file", "declare_evidence", "record_amendment", "record_issue", "record_signed_list", "revise_evidence",
        "sign_agreement",
    }  # fmt: skip
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
    assert sum(1 for tree in trees.values() for _part in atomic_parts(tree)) > 150, "`journal.verb` opens one too"
    held = {name: held_calls(tree, storing) for name, tree in trees.items()}
    assert {name: calls for name, calls in held.items() if calls} == WITHIN


@pytest.mark.parametrize(
    "written",
    [
        "@journal.verb(result=True)\ndef act(row): row.signed_file.save('a.pdf', None)",
        "@transaction.atomic\ndef act(): default_storage.save('a.pdf', None)",
        "@journal.verb()\ndef act(row): row.file.storage.delete('a.pdf')",
        "@journal.verb()\ndef act(row): Row.objects.create(file=ContentFile(b''))",
        "def keep(row): row.file.save('a.pdf', None)\n@journal.verb()\ndef act(row): keep(row)",
        "@journal.verb()\ndef act(row): services.attach_file(evidence=row)",
        "import smtplib\ndef go():\n with transaction.atomic(): smtplib.SMTP()",
    ],
)
def test_a_call_over_the_network_in_a_transaction_is_noticed(written: str) -> None:
    assert held_calls(ast.parse(written), {"attach_file"}) != []


def test_a_file_stored_before_the_transaction_is_left_alone() -> None:
    kept = "@files.stores('upload', into=x)\n@journal.verb()\ndef act(row): attach_file(evidence=row); row.save()"
    assert held_calls(ast.parse(kept), {"attach_file"}) == []


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
