"""What the person is told: mails of this room, and the same words to paste or to read out where there is no address."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from nhipcau.core import vietnamese
from nhipcau.core.middleware import LOCAL
from nhipcau.outbox.models import Message
from nhipcau.outbox.services import empty_mails, queue_mail
from nhipcau.parties.models import Person
from nhipcau.privacy.models import Access, Request

KEY = "data-request"
LINK = "data-link"


def _greeting(person: Person) -> str:
    title = {"male": _("Mr"), "female": _("Ms")}.get(person.sex)
    if title is None:
        return _("Dear Sir or Madam,")
    return _("Dear %(title)s %(name)s,") % {"title": title, "name": person.name}


def address(signed: str, *, language: str) -> str:
    """The full address of a person's own page."""
    with override(language):
        return str(settings.BASE_URL) + reverse("privacy:own", args=[signed])


def link_words(signed: str, *, until: datetime, language: str) -> str:
    """The link with its last moment, to paste into Zalo or a mail."""
    with override(language):
        return _("Your data and what you may ask for, until %(clock)s on %(day)s: %(link)s") % {
            "clock": vietnamese.clock_spoken(until, language),
            "day": vietnamese.weekday_short(until, language),
            "link": address(signed, language=language),
        }


def send_link(*, access: Access, to: str, signed: str, language: str, at: datetime) -> None:
    """The link that was asked for goes to the address on record."""
    with override(language):
        queue_mail(
            key=f"{LINK}:{access.pk}",
            to=to,
            subject=_("The link to your personal data"),
            body="\n\n".join([
                _greeting(access.person),
                _("You, or somebody who knows your number or address, asked for the data kept of you."),
                address(signed, language=language),
                _(
                    "The link is valid for three days and for you alone. If you did not ask for it, nothing needs to be "
                    "done: without this mail nobody sees anything."
                ),
            ]),
            at=at,
            about=access,
            sealed=True,
        )  # fmt: skip


def _asked(request: Request) -> str:
    return _("your request of %(day)s (%(kind)s)") % {
        "day": vietnamese.short_date(request.received_at.astimezone(LOCAL), language=request.language),
        "kind": request.get_kind_display(),
    }


def accepted_words(request: Request) -> str:
    """What was done, in one or two sentences."""
    done = {
        Request.Kind.SEE: _("The link to the data kept of you is made for you; it shows everything and can be saved as a file."),
        Request.Kind.CORRECT: _("The data have been corrected. What had been counted before stays as it was written."),
        Request.Kind.ERASE: _(
            "Your name, numbers, addresses and the mails sent to you are erased. What remains are counts that name nobody."
        ),
        Request.Kind.WITHDRAW: _(
            "Your consent is withdrawn, and the data kept on its ground are erased. What was done before stays lawful."
        ),
        Request.Kind.OBJECT: _("You get no more messages from us about activities."),
    }  # fmt: skip
    return done[Request.Kind(request.kind)]


def answer_words(request: Request, *, outcome: str, language: str | None = None) -> str:
    """The whole answer as it goes out, or is read out: accepted, refused or extended."""
    language = language or request.language
    with override(language):
        asked = _asked(request)
        if outcome == "accepted":
            middle = _("We have dealt with %(asked)s.") % {"asked": asked} + " " + accepted_words(request)
        elif outcome == "refused":
            middle = _("We cannot do what you asked in %(asked)s. Reason: %(reason)s") % {
                "asked": asked, "reason": request.legal_reason,
            }  # fmt: skip
            if request.answer:
                middle += "\n\n" + request.answer
            middle += "\n\n" + _(
                "You may complain to the unit or to the authority for the protection of personal data."
            )
        else:
            middle = _("The answer to %(asked)s needs more time, until %(day)s. Reason: %(reason)s") % {
                "asked": asked,
                "day": vietnamese.weekday_short(request.due, language),
                "reason": request.extension_reason,
            }
        return "\n\n".join([_greeting(request.person), middle, str(request.organisation)])


def _send(request: Request, outcome: str, *, at: datetime) -> None:
    to = request.address or request.person.email
    if not to:
        return
    with override(request.language):
        subject = _("About your request concerning personal data")
    queue_mail(
        key=f"{KEY}:{request.pk}:{outcome}",
        to=to,
        subject=subject,
        body=answer_words(request, outcome=outcome),
        at=at,
        about=request,
    )


def send_accepted(request: Request, *, at: datetime) -> None:
    """What was asked has been done."""
    _send(request, "accepted", at=at)


def send_refused(request: Request, *, at: datetime) -> None:
    """It cannot be done, and why."""
    _send(request, "refused", at=at)


def send_extension(request: Request, *, at: datetime) -> None:
    """It takes longer, and why."""
    _send(request, "extended", at=at)


def forget(requests: list[int]) -> None:
    """Empty the mails about these requests; one that is still to be sent goes out first and is emptied by night."""
    empty_mails(Message.objects.about(Request, requests), waiting=False)
