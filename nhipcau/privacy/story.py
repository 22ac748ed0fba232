"""How the journal tells what is done with requests about personal data: what was asked, never by whom."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import Phrase, Thing, declare, read_by, tell
from nhipcau.privacy.models import Access, Request
from nhipcau.privacy.rules import access_request

declare(
    Thing(Access, silent=("only", "address", "by")),
    Thing(Request, silent=("only", "address", "language", "checked_by", "answered_by")),
)


@read_by("privacy.request")
def _who_answers(request: HttpRequest, asked: Request) -> None:
    access_request(request, asked.pk)


tell(
    {
        "privacy.file_request": Phrase(
            _("%(who)s noted a request about personal data: %(thing)s"),
            alone=_("A request about personal data came in: %(thing)s"),
        ),
        "privacy.take": _("%(who)s took the request about personal data: %(thing)s"),
        "privacy.take_back": Phrase(
            _("%(who)s noted that the person took the request back: %(thing)s"),
            alone=_("The person took the request back: %(thing)s"),
        ),
        "privacy.accept": _("%(who)s did what the request about personal data asks: %(thing)s"),
        "privacy.close_again": _(
            "A request about personal data was closed once more after a backup was put back: it had been answered, %(thing)s"
        ),
        "privacy.refuse": _("%(who)s refused the request about personal data: %(thing)s"),
        "privacy.extend": _("%(who)s extended the time for the answer to the request: %(thing)s"),
        "privacy.note_identity": _("%(who)s made sure who asks: %(thing)s"),
        "privacy.open_access": Phrase(
            _("%(who)s made a link to the own data, %(thing)s"), alone=_("A link to the own data was made, %(thing)s")
        ),
    }
)
