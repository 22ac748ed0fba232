"""Whether mail goes out, and what only a person can decide."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nhipcau.core.health import Finding, check, fine, warning
from nhipcau.outbox.models import Message
from nhipcau.outbox.querysets import ERASED_ADDRESS

LATE = timedelta(minutes=15)
LATELY = timedelta(days=7)


@check("outbox", gettext_lazy("Outgoing mail"), order=50)
def outbox(*, at: datetime) -> Finding:
    """How much waits, since when the oldest has been due, what is uncertain and what failed; one statement."""
    lately = Q(settled_at__gt=at - LATELY)
    seen = Message.objects.order_by().aggregate(
        waiting=Count("pk", filter=Q(state="queued")),
        tried=Count("pk", filter=Q(state="queued", tries__gt=0)),
        uncertain=Count("pk", filter=Q(state="uncertain")),
        failed=Count("pk", filter=Q(state="failed")),
        failed_lately=Count("pk", filter=lately & Q(state="failed") & ~Q(to=ERASED_ADDRESS)),
        sent_lately=Count("pk", filter=lately & Q(state="sent")),
        oldest=Min("due_at", filter=Q(state="queued", due_at__lte=at)),
    )
    oldest = seen.pop("oldest")
    late = (at - oldest).total_seconds() if oldest else 0.0
    sentences = list(_troubles(seen, late))
    figures = {**seen, "oldest_due_seconds": late}
    return warning(" ".join(sentences), **figures) if sentences else fine(_("Mail goes out."), **figures)


def _troubles(seen: dict[str, int], late: float) -> Iterator[str]:
    """One sentence for each; none hides another."""
    if late > LATE.total_seconds():
        sentence = _("A mail has been due for %(minutes)d minutes and was not tried; is a worker running?")
        yield sentence % {"minutes": late // 60}
    if seen["tried"]:
        sentence = ngettext(
            "%(count)d mail is tried again later: the mail server did not take it.",
            "%(count)d mails are tried again later: the mail server did not take them.",
            seen["tried"],
        )
        yield sentence % {"count": seen["tried"]}
    if seen["uncertain"]:
        sentence = ngettext(
            "Of %(count)d mail nobody knows whether it went out; a person decides under Outbox.",
            "Of %(count)d mails nobody knows whether they went out; a person decides under Outbox.",
            seen["uncertain"],
        )
        yield sentence % {"count": seen["uncertain"]}
    if seen["failed_lately"]:
        yield _failed(seen["failed_lately"], any_sent=bool(seen["sent_lately"])) % {
            "count": seen["failed_lately"],
            "days": LATELY.days,
        }


def _failed(count: int, *, any_sent: bool) -> str:
    """A wrong address is one mail's matter; where nothing at all went out, the settings are looked at first."""
    if any_sent:
        return ngettext(
            "%(count)d mail of the last %(days)d days could not be delivered; under Outbox read what the server said, put it right and send the mail again.",
            "%(count)d mails of the last %(days)d days could not be delivered; under Outbox read what the server said, put it right and send the mails again.",
            count,
        )
    return ngettext(
        "In the last %(days)d days no mail went out and %(count)d failed; check EMAIL_URL and NHIPCAU_MAIL_FROM with whoever runs the mail server, then send it again under Outbox.",
        "In the last %(days)d days no mail went out and %(count)d failed; check EMAIL_URL and NHIPCAU_MAIL_FROM with whoever runs the mail server, then send them again under Outbox.",
        count,
    )
