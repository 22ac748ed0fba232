"""What the newsroom does by the clock and in the background."""

from __future__ import annotations

from django_tasks import task

from nhipcau.newsroom.blocks import pictures_in
from nhipcau.newsroom.models import Article
from nhipcau.newsroom.pictures import make_renditions


@task()
def prepare_pictures(article_pk: int) -> int:
    """Make every size of an article's pictures; how many there are now."""
    article = Article.objects.filter(pk=article_pk).select_related("picture").first()
    if article is None:
        return 0
    pictures = {picture.pk: picture for picture in (article.picture, *pictures_in(article.body)) if picture is not None}
    return sum(make_renditions(picture) for picture in pictures.values())
