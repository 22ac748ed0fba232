"""What this room keeps of a person itself: what was asked, and the links made; answered requests are emptied in time."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.core import vietnamese
from nhipcau.core.holdings import Erased, Expiry, Holding, Keeping, Record, Subject, after_answer, declare, same_address
from nhipcau.parties.models import Person
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.querysets import RequestQuerySet
from nhipcau.privacy.services.expiry import expired_requests, keep_months, purge
from nhipcau.privacy.services.requests import empty_again, forget_again


def _own(subject: Subject) -> RequestQuerySet:
    return Request.objects.filter(_within(subject), person__in=subject.persons).order_by("received_at", "pk")


def _within(subject: Subject) -> Q:
    """What was asked, or looked at, by the same right."""
    if subject.only is None:
        return Q()
    wanted = Q(only__in=subject.only, address="") if subject.only else Q(pk__in=[])
    for email in subject.emails:
        wanted |= same_address(email, field="address")
    return wanted


def _requests(subject: Subject) -> list[Record]:
    return [
        Record.of(
            ("kind", _("What is asked"), row.get_kind_display()),
            ("received_at", _("Received"), vietnamese.short_date(row.received_at)),
            ("note", _("In your words"), row.note),
            ("proposed", _("Proposed values"), "; ".join(row.proposed.values())),
            ("due", _("Answer due"), vietnamese.short_date(row.due)),
            ("state", _("State"), row.get_state_display()),
            ("answered_at", _("Answered"), row.answered_at and vietnamese.short_date(row.answered_at)),
            ("legal_reason", _("Reason"), row.legal_reason),
        )
        for row in _own(subject)
    ]


def _links(subject: Subject) -> list[Record]:
    rows = Access.objects.filter(_within(subject), person__in=subject.persons)
    return [
        Record.of(
            ("how", _("How"), row.get_how_display()),
            ("opened_at", _("Made"), vietnamese.short_date(row.opened_at)),
            ("expires_at", _("Valid until"), vietnamese.short_date(row.expires_at)),
        )
        for row in rows.order_by("pk")
    ]


def _due(at: datetime) -> list[Expiry]:
    return after_answer(expired_requests(at=at), months=keep_months(at=at))


declare(
    Holding(
        "requests",
        _("Requests about personal data"),
        70,
        find=_requests,
        kept_because=_(
            "What was asked when, and how it was answered, is kept as proof that the law was followed; the words go in time."
        ),
    ),
    Holding(
        "links",
        _("Links to the page of personal data"),
        75,
        find=_links,
        kept_because=_("They say who looked, and name nobody once the record is empty."),
    ),
    Keeping("request", _("Requests about personal data"), 20, due=_due, purge=purge),
    Erased(Request, 40, again=empty_again, moment="emptied_at"),
    Erased(Person, 50, again=forget_again),
)
