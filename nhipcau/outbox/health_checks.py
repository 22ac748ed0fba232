"""Whether mail goes out, and what only a person can decide."""

from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nhipcau.core.health import Finding, check, fine, warning
from nhipcau.outbox.models import Message

LATE = timedelta(minutes=15)


@check("outbox", gettext_lazy("Outgoing mail"), order=50)
def outbox(*, at: datetime) -> Finding:
    """How much waits, since when the oldest has been due, and what is uncertain; one statement."""
    seen = Message.objects.order_by().aggregate(
        waiting=Count("pk", filter=Q(state="queued")),
        tried=Count("pk", filter=Q(state="queued", tries__gt=0)),
        uncertain=Count("pk", filter=Q(state="uncertain")),
        failed=Count("pk", filter=Q(state="failed")),
        oldest=Min("due_at", filter=Q(state="queued", due_at__lte=at)),
    )
    oldest = seen.pop("oldest")
    late = (at - oldest).total_seconds() if oldest else 0.0
    figures = {**seen, "oldest_due_seconds": late}
    if late > LATE.total_seconds():
        sentence = _("A mail has been due for %(minutes)d minutes and was not tried; is a worker running?")
        return warning(sentence % {"minutes": late // 60}, **figures)
    if seen["tried"]:
        sentence = ngettext(
            "%(count)d mail is tried again later: the mail server did not take it.",
            "%(count)d mails are tried again later: the mail server did not take them.",
            seen["tried"],
        )
        return warning(sentence % {"count": seen["tried"]}, **figures)
    if seen["uncertain"]:
        sentence = ngettext(
            "Of %(count)d mail nobody knows whether it went out; a person decides under Outbox.",
            "Of %(count)d mails nobody knows whether they went out; a person decides under Outbox.",
            seen["uncertain"],
        )
        return warning(sentence % {"count": seen["uncertain"]}, **figures)
    return fine(_("Mail goes out."), **figures)
