"""What the news announce is passed on to the hub, where one is named."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from nhipcau.core.happenings import on
from nhipcau.newsroom.events import NewsChanged
from nhipcau.website import hub
from nhipcau.website.tasks import tell_hub


@on(NewsChanged)
def tell_of_feeds(happening: NewsChanged) -> None:
    """Once it is written for good; for an article under embargo once more when that is over."""
    if not settings.WEBSUB_HUB:
        return
    addresses, until = hub.feeds_of(happening.article), happening.article.embargo_until
    moments: list[datetime | None] = [None, *([until] if until and until > happening.at else [])]
    for moment in moments:
        transaction.on_commit(partial(tell_hub.using(run_after=moment).enqueue, addresses), robust=True)
