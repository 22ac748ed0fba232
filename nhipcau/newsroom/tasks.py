"""What the newsroom does by the clock and in the background."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django_tasks import task

from nhipcau.core import middleware
from nhipcau.core.middleware import local_day
from nhipcau.core.schedule import every
from nhipcau.newsroom import moves
from nhipcau.newsroom.blocks import pictures_in
from nhipcau.newsroom.models import Article, Picture, Section
from nhipcau.newsroom.pictures import make_renditions


@task()
def prepare_pictures(article_pk: int) -> int:
    """Make every size of an article's pictures; how many there are now."""
    article = Article.objects.filter(pk=article_pk).select_related("picture").first()
    if article is None:
        return 0
    pictures = {picture.pk: picture for picture in (article.picture, *pictures_in(article.body)) if picture is not None}
    return sum(make_renditions(picture) for picture in pictures.values())


@task()
def renew_renditions(picture_pk: int) -> int:
    """Write caption and credit anew into every size of a picture, under the same names; how many."""
    picture = Picture.objects.filter(pk=picture_pk).first()
    if picture is None:
        return 0
    renditions = list(picture.renditions.all())
    for rendition in renditions:
        made = picture.generate_rendition_file(rendition.filter)
        made.seek(0)
        storage, name = rendition.file.storage, rendition.file.name
        content = ContentFile(made.read())
        made.close()
        storage.delete(name)
        storage.save(name, content)
    return len(renditions)


@task()
def restate_section(section_pk: int) -> int:
    """Let the ledger say what a section is called and who leads it today; how many articles were looked at."""
    section = Section.objects.filter(pk=section_pk).first()
    return moves.restate_section(section=section, at=middleware.clock()) if section is not None else 0


@every("* * * * *")
@task()
def publish_due() -> int:
    """Publish what was scheduled, take off what has expired; how many articles."""
    from nhipcau.newsroom import services

    return services.publish_due(at=middleware.clock())


@every("20 2 * * *")
@task()
def keep_in_step() -> int:
    """Groups with the roles of the day, the ledger with the articles; how many articles were looked at."""
    from nhipcau.newsroom import boards, proof

    at = middleware.clock()
    boards.seat_all(day=local_day(at))
    return proof.put_all_in_step(at=at)
