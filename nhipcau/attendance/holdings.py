"""What this room keeps of a person: registrations with consent and arrival, and the mails about them; and what goes in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.models import Consent, Registration
from nhipcau.attendance.querysets import RegistrationQuerySet
from nhipcau.attendance.services import erase_again, erase_expired, erase_guest, expiring, revise_registration
from nhipcau.attendance.services.erasure import KEEP_MONTHS
from nhipcau.core import vietnamese
from nhipcau.core.holdings import Erased, Expiry, Holding, Keeping, Record, Subject, declare, same_address
from nhipcau.core.keys import key_from
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Person

PREFIX = "attendance.registration:"


def _own(subject: Subject) -> RegistrationQuerySet:
    rows = Registration.objects.filter(person__in=subject.persons, erased_at__isnull=True)
    if subject.only is not None:
        rows = rows.filter(pk__in=[key_from(ref.removeprefix(PREFIX)) or 0 for ref in subject.only])
    return rows.select_related("intake__activity__lead", "audience", "person").order_by("registered_at", "pk")


def _moment(moment: datetime | None) -> str:
    return f"{vietnamese.clock(moment)} {vietnamese.short_date(moment)}" if moment else ""


def _registrations(subject: Subject) -> list[Record]:
    rows = _own(subject).select_related("consent__notice").prefetch_related("check_ins")
    return [_registration(row, getattr(row, "consent", None)) for row in rows]


def _registration(row: Registration, consent: Consent | None) -> Record:
    arrivals = [arrival for arrival in row.check_ins.all() if arrival.undone_at is None]
    return Record.of(
        ("activity", _("Activity"), row.intake.activity.text("title")),
        ("day", _("Day"), vietnamese.short_date(row.intake.activity.starts_at)),
        ("name", _("Full name"), row.name),
        ("organisation", _("Organisation"), row.unit),
        ("position", _("Position"), row.position),
        ("phone", _("Mobile number"), row.phone_shown),
        ("email", _("E-mail"), row.email),
        ("audience", _("Audience"), row.audience),
        ("state", _("State"), row.get_state_display()),
        ("channel", _("Channel"), row.get_channel_display()),
        ("code", _("Admission code"), row.code),
        ("seat", _("Seat"), row.seat),
        ("registered_at", _("Registered"), _moment(row.registered_at)),
        ("arrived_at", _("Arrived"), _moment(arrivals[0].at) if arrivals else ""),
        ("took_documents", _("Documents"), _("yes") if arrivals and arrivals[0].took_documents else ""),
        ("ground", _("Ground"), consent.get_basis_display() if consent else ""),
        ("notice", _("Notice"), str(consent.notice) if consent else ""),
        ("consented_at", _("Told or agreed"), _moment(consent.at) if consent else ""),
        ("guardian", _("Parent or guardian"), consent.guardian_name if consent else ""),
        ("guardian_phone", _("Guardian's mobile number"), consent.guardian_phone if consent else ""),
        ("withdrawn_at", _("Consent withdrawn"), _moment(consent.withdrawn_at) if consent else ""),
    )


def _mails(subject: Subject) -> list[Record]:
    mails = Message.objects.about(Registration, _own(subject).values_list("pk", flat=True))
    return [
        Record.of(
            ("to", _("Recipient"), mail.to),
            ("subject", _("Subject"), mail.subject),
            ("queued_at", _("Written"), _moment(mail.created_at)),
            ("state", _("State"), mail.get_state_display()),
        )
        for mail in mails.without_contents().order_by("created_at", "pk")
    ]


def _known(phone: str, email: str) -> set[int]:
    wanted = Q(pk__in=[])
    if phone:
        wanted |= Q(phone=phone)
    if email:
        wanted |= same_address(email)
    return set(Registration.objects.filter(wanted, erased_at__isnull=True).values_list("person", flat=True))


def _given_with(persons: frozenset[int], email: str) -> set[str]:
    rows = Registration.objects.filter(same_address(email), person__in=persons, erased_at__isnull=True)
    return {f"{PREFIX}{pk}" for pk in rows.values_list("pk", flat=True)}


def _organisations(subject: Subject) -> list[int]:
    return [row.intake.activity.lead_id for row in reversed(_own(subject))]


def _erase(subject: Subject, by: Any, at: datetime) -> int:
    rows = list(_own(subject))
    for row in rows:
        erase_guest(registration=row, by=by, at=at)
    return len(rows)


def _withdraw(subject: Subject, by: Any, at: datetime) -> int:
    """What is kept on the ground of consent goes; where the unit invited in its task, the ground is another."""
    rows = list(_own(subject).exclude(consent__basis=Consent.Basis.DUTY))
    Consent.objects.filter(registration__in=rows).update(withdrawn_at=at)
    for row in rows:
        erase_guest(registration=row, by=by, at=at)
    return len(rows)


def _correct(subject: Subject, values: Mapping[str, str], by: Any, at: datetime) -> int:
    """Name, number and address in every registration; unit and position in the latest: earlier ones were true then."""
    rows = list(_own(subject))
    for row in rows:
        latest = row is rows[-1]
        nationality = row.person.nationality
        revise_registration(
            registration=row,
            name=values.get("name") or row.name,
            phone=values.get("phone") or row.phone,
            email=values.get("email") or row.email,
            unit=(values.get("unit") if latest else "") or row.unit,
            position=(values.get("position") if latest else "") or row.position,
            sex=row.person.sex,
            nationality=Person.ABROAD if nationality not in ("", Person.HOME) else nationality,
            audience=row.audience,
            seat=row.seat,
            of_honour=row.of_honour,
            by=by,
            at=at,
        )
    return len(rows)


def _due(at: datetime) -> list[Expiry]:
    return [
        Expiry(
            gettext("%(notice)s: %(months)d months after the activity")
            % {
                "notice": notice or gettext("entered by staff, no notice noted"),
                "months": notice.keep_months if notice else KEEP_MONTHS,
            },
            count,
            oldest,
        )
        for notice, count, oldest in expiring(at=at)
    ]


declare(
    Holding(
        "registrations",
        _("Registrations"),
        20,
        find=_registrations,
        erase=_erase,
        withdraw=_withdraw,
        correct=_correct,
        organisations=_organisations,
        locate=_known,
        given_with=_given_with,
        needs_person=True,
    ),
    Holding(
        "mails",
        _("Mails about registrations"),
        30,
        find=_mails,
        kept_because=_("They are emptied together with the registration they are about."),
    ),
    Keeping(
        "registration",
        _("Registrations of guests"),
        10,
        due=_due,
        purge=lambda at, limit: erase_expired(at=at, limit=limit),
    ),
    Erased(Registration, 10, again=erase_again, moment="erased_at"),
)
