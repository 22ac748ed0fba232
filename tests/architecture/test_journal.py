"""Not one service forgets the journal."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from nhipcau.core import journal, stamps
from nhipcau.core.forms import STAYS
from nhipcau.evidence.services import record_evidence
from nhipcau.parties.models import Organisation, User
from nhipcau.plans.models import Plan
from nhipcau.privacy.services import preview
from tests import makers
from tests.architecture.rooms import PACKAGE, rooms
from tests.net import JournalNet

#: Questions that take the moment they are asked at; they write nothing.
QUESTIONS = {"attendance.expiring", "privacy.read_access"}


def services() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of every `services` module or package, by its dotted name."""
    for room in rooms():
        if not list((PACKAGE / room).glob("services*")):
            continue
        module = importlib.import_module(f"nhipcau.{room}.services")
        names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
        for name in names:
            found = getattr(module, name)
            if inspect.isfunction(found) and found.__module__.startswith(f"nhipcau.{room}.services"):
                yield f"{room}.{name}", found


def test_every_service_keeps_the_journal_or_says_why_not() -> None:
    acts = {
        name: found
        for name, found in services()
        if {"by", "at"} & set(inspect.signature(found).parameters) and name not in QUESTIONS
    }
    assert [name for name, found in acts.items() if not hasattr(found, "__journal__")] == []
    assert len(acts) > 50


def test_an_exemption_gives_its_reason() -> None:
    dict(services())
    assert [verb.name for verb in journal.verbs.values() if verb.exempt and len(verb.exempt.split()) < 2] == []


def test_every_act_has_its_sentence() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):  # some verbs stand beside `services`
        if "@journal." in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    kept = {verb.name for verb in journal.verbs.values() if not verb.exempt and not verb.name.startswith("tests")}
    assert kept - set(journal.phrases()) == set()


def kinds_of(form: type[BaseForm]) -> Iterator[Any]:
    """Every form of ours that is one."""
    for below in form.__subclasses__():
        yield below
        yield from kinds_of(below)


def test_a_form_says_that_a_reason_stays_in_the_journal() -> None:
    """But for an absence, whose reason may be an illness and is not kept there, and the choice of what a letter is about."""
    for path in PACKAGE.rglob("*.py"):
        if "forms.Form" in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    asked = {
        f"{form.__module__}.{form.__name__}": form.base_fields["reason"]
        for form in kinds_of(BaseForm)
        if form.__module__.startswith("nhipcau.") and "reason" in form.base_fields
    }
    silent = {name for name, reason in asked.items() if str(STAYS) not in str(reason.help_text)}
    assert silent == {"nhipcau.accounts.forms.StandInForm"}
    assert len(asked) > 8


@pytest.mark.django_db
def test_the_net_catches_a_view_that_forgets(officer_hmc: User, plan: Plan) -> None:
    makers.make_evidence_kind("press.item")

    def forgetful(request: HttpRequest) -> HttpResponse:
        Organisation.objects.create(name=f"Không ai ghi lại {Organisation.objects.count()}")
        return HttpResponse()

    def careful(request: HttpRequest) -> HttpResponse:
        row = Organisation.objects.create(name="Có ghi lại")
        journal.note(row, verb="tests.note", by=request.user, at=makers.NOW, after=journal.look(row))
        return HttpResponse()

    def looking(request: HttpRequest) -> HttpResponse:
        """Calls a service that is exempt because it changes nothing, beside a stray write."""
        preview(at=makers.NOW)
        return forgetful(request)

    def proving(_request: HttpRequest) -> HttpResponse:
        """Writes into the ledger, which tells who and when by itself."""
        record_evidence(
            plan=plan, activity=None, kind="press.item", day=makers.NOW.date(), source_ref="tests:1", by=officer_hmc,
            at=makers.NOW,
        )  # fmt: skip
        return HttpResponse()

    def proving_and_straying(request: HttpRequest) -> HttpResponse:
        """The ledger tells of its own rows and of no others."""
        proving(request)
        return forgetful(request)

    request = RequestFactory().post("/thu/")
    request.user = officer_hmc
    for view in (forgetful, looking, proving_and_straying):
        with pytest.raises(AssertionError, match=r"/thu/ wrote \['parties_organisation'\] and left nothing"):
            JournalNet(view)(request)
    assert [JournalNet(view)(request).status_code for view in (careful, proving)] == [200, 200]
    assert connection.execute_wrappers in ([], [stamps.watch])  # its own is gone
