"""What this room puts into the desk."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.core.entries import MenuEntry, SourceLink, declare
from nhipcau.newsroom.models import Article
from nhipcau.newsroom.proof import PREFIX


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


declare(
    MenuEntry(group=_("Publishing"), label=_("Back office"), url_name="wagtailadmin_home", order=90, verb="write"),
    SourceLink(prefix=PREFIX, label=_("the article"), url=_article),
)
