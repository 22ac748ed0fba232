"""Mails to guests: each queued in the transaction that causes it, in the guest's language, once per cause."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from nhipcau.attendance import tickets
from nhipcau.attendance.models import Registration
from nhipcau.core import vietnamese
from nhipcau.outbox.services import queue_mail

_SUBJECT = 240


def _send(
    registration: Registration,
    *,
    key: str,
    subject: str,
    lines: list[str],
    at: datetime,
    ics: bool = False,
    unasked: bool = False,
) -> None:
    """Queue it; `unasked` says that the guest did not ask for it just now, which whoever objected is spared."""
    if not registration.email or (unasked and registration.person.objected_at is not None):
        return
    language = registration.language
    activity = registration.intake.activity
    with override(language):
        closing = _("Respectfully,\nThe organisers")
        sample = "[DỮ LIỆU MẪU] " if activity.plan.agreement.is_sample else ""
    body = "\n\n".join([tickets.greeting(registration, language), *[line for line in lines if line], closing])
    queue_mail(
        key=key,
        to=registration.email,
        subject=f"{sample}{subject}"[:_SUBJECT],
        body=body,
        at=at,
        agreement=activity.plan.agreement,
        about=registration,
        attachment_name="lich-tham-du.ics" if ics else "",
        attachment_type="text/calendar" if ics else "",
        attachment=tickets.calendar_file(registration, language) if ics else None,
    )


def _when(moment: datetime, language: str) -> str:
    return f"{vietnamese.clock_spoken(moment, language)}, {vietnamese.weekday_short(moment, language)}"


def send_place(registration: Registration, *, at: datetime, again: bool = False) -> None:
    """The code, or the place on the waiting list; `again` when the guest asked for it once more."""
    language = registration.language
    title = registration.intake.activity.text("title", language)
    suffix = f":{at.timestamp():.0f}" if again else ""
    with override(language):
        if registration.state == Registration.State.WAITING:
            _send(
                registration,
                key=f"waiting:{registration.pk}{suffix}",
                subject=_("On the waiting list: %(title)s") % {"title": title},
                lines=[
                    _(
                        "All seats at “%(title)s” are given out. You are on the waiting list; as soon as a seat is free you will get your admission code by mail."
                    )
                    % {"title": title},
                    _("You can look at your place or withdraw at any time: %(link)s")
                    % {"link": tickets.address(registration)},
                ],
                at=at,
            )
            return
        _send(
            registration,
            key=f"ticket:{registration.pk}{suffix}",
            subject=_("Admission code %(code)s: %(title)s") % {"code": registration.code, "title": title},
            lines=[
                tickets.invitation(registration, language),
                tickets.pasteable(registration, language),
                registration.intake.text("note", language),
                _(
                    "Should you be unable to come, please give the seat up or name a substitute under the same link, so that somebody who is waiting can have it."
                ),
            ],
            at=at,
            ics=True,
        )


def send_cancelled(registration: Registration, *, at: datetime) -> None:
    """The place was given up."""
    language = registration.language
    title = registration.intake.activity.text("title", language)
    with override(language):
        _send(
            registration,
            key=f"cancelled:{registration.pk}",
            subject=_("Registration cancelled: %(title)s") % {"title": title},
            lines=[
                _(
                    "Your registration for “%(title)s” has been cancelled. Thank you for letting us know; we hope to receive you on another occasion."
                )
                % {"title": title}
            ],
            at=at,
        )


def send_moved(registration: Registration, *, old_start: datetime, reason: str, at: datetime) -> None:
    """The activity has another time; the code stays valid."""
    language, activity = registration.language, registration.intake.activity
    with override(language):
        _send(
            registration,
            key=f"moved:{activity.pk}:{at.timestamp():.0f}:{registration.pk}",
            subject=_("New time: %(title)s") % {"title": activity.text("title", language)},
            lines=[
                _("“%(title)s”, planned for %(old)s, will now begin at %(new)s. Reason: %(reason)s")
                % {
                    "title": activity.text("title", language),
                    "old": _when(old_start, language),
                    "new": _when(activity.starts_at, language),
                    "reason": reason,
                },
                _(
                    "Your registration and your admission code %(code)s stay valid. Should the new time not suit you, please give the seat up here: %(link)s"
                )
                % {"code": registration.code, "link": tickets.address(registration)},
            ],
            at=at,
            unasked=True,
            ics=True,
        )


def send_called_off(registration: Registration, *, reason: str, at: datetime) -> None:
    """The activity will not take place."""
    language, activity = registration.language, registration.intake.activity
    title = activity.text("title", language)
    with override(language):
        _send(
            registration,
            key=f"called-off:{activity.pk}:{at.timestamp():.0f}:{registration.pk}",
            subject=_("Will not take place: %(title)s") % {"title": title},
            lines=[
                _(
                    "We are sorry to tell you that “%(title)s”, planned for %(when)s, will not take place. Reason: %(reason)s"
                )
                % {"title": title, "when": _when(activity.starts_at, language), "reason": reason},
                _("You need not do anything; we hope to receive you on another occasion."),
            ],
            at=at,
            unasked=True,
        )


def send_restored(registration: Registration, *, at: datetime) -> None:
    """An activity that had been called off takes place after all."""
    language, activity = registration.language, registration.intake.activity
    title = activity.text("title", language)
    with override(language):
        _send(
            registration,
            key=f"restored:{activity.pk}:{at.timestamp():.0f}:{registration.pk}",
            subject=_("Takes place after all: %(title)s") % {"title": title},
            lines=[
                _(
                    "“%(title)s” takes place after all, at %(when)s. Your registration and your admission code %(code)s are valid again."
                )
                % {"title": title, "when": _when(activity.starts_at, language), "code": registration.code},
            ],
            at=at,
            unasked=True,
            ics=True,
        )
