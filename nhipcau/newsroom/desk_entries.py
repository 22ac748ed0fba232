"""What this room puts into the desk."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.access import standing_of
from nhipcau.agreements.models import Agreement
from nhipcau.core.entries import ActivityLink, MenuEntry, SourceLink, declare
from nhipcau.newsroom.models import Article, Enquiry
from nhipcau.newsroom.proof import PREFIX
from nhipcau.newsroom.rules import answers_for


def _article(key: str) -> str | None:
    """The article that is evidence, as readers see it or, where it was withdrawn, in the back office."""
    try:
        editions = Article.objects.filter(translation_key=UUID(key.partition(".")[0]))
    except ValueError:
        return None
    article = editions.order_by("-live", "pk").first()
    if article is None:
        return None
    return article.url if article.live else reverse("wagtailadmin_pages:edit", args=[article.pk])


def waiting(request: HttpRequest, agreement: Agreement) -> int:
    """Letters not answered yet that this account answers; one query, none for those who answer for no unit."""
    units = answers_for(standing_of(request, agreement))
    return Enquiry.objects.of(units).waiting().count() if units else 0


declare(
    MenuEntry(_("Publishing"), _("Letters to the editors"), "newsroom:enquiries", 91, verb="answer", count=waiting),
    MenuEntry(group=_("Publishing"), label=_("Back office"), url_name="wagtailadmin_home", order=90, verb="write"),
    ActivityLink(label=_("Write about this activity"), url_name="newsroom:write_about", order=10, verb="write"),
    SourceLink(prefix=PREFIX, label=_("the article"), url=_article),
)
