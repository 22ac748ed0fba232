"""What this room keeps of people: who wrote to the editors; the name an author signs with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nhipcau.core import vietnamese
from nhipcau.core.holdings import Erased, Expiry, Holding, Keeping, Record, Subject, after_answer, declare, going
from nhipcau.newsroom.letters import (
    FORM,
    HOLDING,
    empty,
    empty_again,
    expired_enquiries,
    keep_months,
    people_who_wrote,
    purge_enquiries,
)
from nhipcau.newsroom.models import Author, Enquiry
from nhipcau.newsroom.querysets import EnquiryQuerySet


def _own(subject: Subject) -> EnquiryQuerySet:
    """Those written from an address shown to be the person's own, or by who asked for them before."""
    by_address = Enquiry.objects.from_addresses(subject.emails)
    if subject.only is not None:
        return by_address
    asked_for = Enquiry.objects.filter(person__in=subject.persons, emptied_at__isnull=True)
    return (by_address.order_by() | asked_for).order_by("received_at", "pk")


def _known(phone: str, email: str) -> set[int]:
    return people_who_wrote(email=email) if email else set()


def _organisations(subject: Subject) -> list[int]:
    return [row.organisation_id for row in reversed(_own(subject))]


def _letters(subject: Subject) -> list[Record]:
    return [
        Record.of(
            ("reason", _("What it is about"), row.get_reason_display()),
            ("received_at", _("Received"), vietnamese.short_date(row.received_at)),
            ("name", _("Name"), row.name),
            ("outlet", _("News organisation"), row.outlet),
            ("email", _("E-mail"), row.email),
            ("text", _("In your words"), row.text),
            ("state", _("State"), row.get_state_display()),
        )
        for row in _own(subject)
    ]


def _erase(subject: Subject, by: Any, at: datetime) -> int:
    return empty(list(_own(subject)), at=at)


def _correct(subject: Subject, values: Mapping[str, str], by: Any, at: datetime) -> int:
    return _own(subject).update(name=values["name"]) if values.get("name") else 0


def _bylines(subject: Subject) -> list[Record]:
    if subject.only is not None:
        return []
    rows = Author.objects.filter(person__in=subject.persons).order_by("pk")
    return [
        Record.of(("name", _("Name as printed"), row.name), ("about", _("About"), row.text("about"))) for row in rows
    ]


def _due(at: datetime) -> list[Expiry]:
    rows, months = expired_enquiries(at=at), keep_months(at=at)
    never = _("%(months)d months after it came, never answered") % {"months": months}
    return [
        *after_answer(rows.filter(answered_at__isnull=False), months=months),
        *going(rows.filter(answered_at__isnull=True), since="received_at", rule=never),
    ]


declare(
    Holding(HOLDING, _("Letters to the editors"), 60, find=_letters, erase=_erase, withdraw=_erase,
            correct=_correct, organisations=_organisations, locate=_known,
            needs_person=True),
    Holding("bylines", _("Name under articles"), 65, find=_bylines, needs_person=True,
            kept_because=_("Who wrote an article is part of the published article.")),
    Keeping(FORM, _("Letters to the editors"), 30, due=_due, purge=purge_enquiries),
    Erased(Enquiry, 20, again=empty_again, moment="emptied_at"),
)  # fmt: skip
