"""How mails are found."""

from __future__ import annotations

from collections.abc import Iterator

from nhipcau.core import search
from nhipcau.core.search import Text
from nhipcau.outbox.models import Message

MESSAGE = "outbox.message"


def message_text(message: Message) -> Text:
    """By address and subject."""
    return Text(body=(message.to, message.subject))


@search.source(MESSAGE)
def messages() -> Iterator[tuple[int, Text]]:
    """All that have not been emptied."""
    from nhipcau.outbox.services import ERASED_ADDRESS

    for row in Message.objects.exclude(to=ERASED_ADDRESS).only("to", "subject").iterator(500):
        yield row.pk, message_text(row)
