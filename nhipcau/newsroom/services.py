"""What is done in the newsroom: sections are opened, articles written, published and withdrawn."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale, Revision

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause, Pillar, Topic
from nhipcau.core import journal, vietnamese
from nhipcau.core.happenings import announce
from nhipcau.newsroom import findable, proof
from nhipcau.newsroom.boards import staff_section
from nhipcau.newsroom.editions import answered, as_read, missing_blocks, source_of, texts_of
from nhipcau.newsroom.errors import AlreadyThere, NotReady
from nhipcau.newsroom.events import NewsChanged
from nhipcau.newsroom.models import Article, Author, Byline, NewsFront, Picture, Reported, Section
from nhipcau.newsroom.moments import told_at
from nhipcau.newsroom.tasks import prepare_pictures
from nhipcau.parties.models import Organisation, User

log = logging.getLogger(__name__)

SLUG = 100


def slug_of(text: str) -> str:
    """The address made of a Vietnamese or English headline: “Đối ngoại và báo chí” → `doi-ngoai-va-bao-chi`."""
    return slugify(vietnamese.fold(text))[:SLUG].strip("-") or "tin"


def free_slug(text: str, parent: Any, *, besides: Any = None) -> str:
    """The same, told apart by a number where the parent already has such a page, `besides` the one it is for."""
    wanted, number = slug_of(text), 1
    siblings = parent.get_children().filter(slug__startswith=wanted).exclude(pk=besides.pk if besides else None)
    taken = set(siblings.values_list("slug", flat=True))
    found = wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


@journal.verb(result=True)
def open_section(
    *,
    title: str,
    title_en: str,
    organisation: Organisation | None,
    by: User | None,
    at: datetime,
    intro: str = "",
    intro_en: str = "",
) -> Section:
    """Open a section in both languages, ready for articles; returns the Vietnamese one."""
    made: list[Section] = []
    for code, name, about in ((settings.LANGUAGE_CODE, title, intro), ("en", title_en, intro_en)):
        front = NewsFront.objects.get(locale__language_code=code)
        section = Section(
            title=name,
            slug=free_slug(name, front),
            intro=about,
            organisation=organisation,
            owner=by,
            locale=front.locale,
        )
        if made:
            section.translation_key = made[0].translation_key
        front.add_child(instance=section)
        section.save_revision(user=by).publish(user=by, skip_permission_checks=True)
        made.append(section)
    opened = Section.objects.get(pk=made[0].pk)
    staff_section(section=opened, at=at)
    return opened


@journal.verb(result=True)
def open_section_edition(*, section: Section, language: str, by: User | None, at: datetime) -> Section:
    """Begin the page of a section in another language: a draft, to be named and published.

    Raises AlreadyThere when there is one.
    """
    locale = Locale.objects.get(language_code=language)
    if section.has_translation(locale):
        raise AlreadyThere(_("This section already has a page in that language. Please open it instead."))
    edition: Section = section.copy_for_translation(locale)
    edition.owner = by
    edition.save()
    edition.save_revision(user=by, clean=False)
    staff_section(section=Section.objects.get(pk=section.pk), at=at)
    return edition


@journal.verb(result=True)
def write_article(
    *,
    section: Section,
    title: str,
    lead: str,
    by: User | None,
    at: datetime,
    body: Iterable[tuple[str, Any]] = (),
    picture: Picture | None = None,
    authors: Iterable[Author] = (),
    activities: Iterable[Activity] = (),
    clauses: Iterable[Clause] = (),
    topics: Iterable[Topic] = (),
    pillars: Iterable[Pillar] = (),
    is_sample: bool = False,
    **more: Any,
) -> Article:
    """Write an article as a draft; `body` as (kind of block, value), `more` any other field of the article."""
    article = Article(
        title=vietnamese.normalise(title),
        slug=free_slug(title, section),
        lead=vietnamese.normalise(lead),
        picture=picture,
        owner=by,
        live=False,
        locale=section.locale,
        is_sample=is_sample,
        **more,
    )
    article.body = list(body)
    section.add_child(instance=article)
    article.bylines.set([Byline(author=author, sort_order=n) for n, author in enumerate(authors)])
    article.reported.set([Reported(activity=activity, sort_order=n) for n, activity in enumerate(activities)])
    article.topics.set(topics)
    article.pillars.set(pillars)
    article.clauses.set(clauses)
    article.save()
    article.save_revision(user=by, clean=False)
    return article


@journal.verb(result=True)
def make_edition(*, article: Article, language: str, by: User | None, at: datetime) -> Article:
    """Begin the edition of an article in another language: a draft with the same blocks, to be written over.

    Raises AlreadyThere when there is one, and NotReady while the section has no page in that language.
    """
    locale = Locale.objects.get(language_code=language)
    if article.has_translation(locale):
        raise AlreadyThere(_("This article already has an edition in that language. Please open it instead."))
    if not article.section.get_translations().filter(locale=locale, live=True).exists():
        raise NotReady(_("The section has no page in that language yet. Please add it first."))
    source = as_read(article)
    edition: Article = article.copy_for_translation(locale)
    edition.source_texts = texts_of(source)
    edition.published_at = None
    edition.owner = by
    edition.save()
    edition.save_revision(user=by, clean=False)
    return edition


@journal.verb(of="edition")
def revise_edition(
    *, edition: Article, by: User | None, at: datetime, body: Mapping[str, Any] | None = None, **texts: str
) -> Article:
    """Write an edition's texts; `body` holds the new value of a block by its key. What is rewritten answers the source."""
    latest: Article = Article.objects.get(pk=edition.pk).get_latest_revision_as_object()
    before = texts_of(latest)
    for name, text in texts.items():
        setattr(latest, name, text)
    latest.body = [
        {**block, "value": (body or {}).get(str(block["id"]), block["value"])} for block in latest.body.raw_data
    ]
    source = source_of(edition)
    if source is not None:
        latest.source_texts = answered(
            before, texts_of(latest), made_from=latest.source_texts, source=texts_of(as_read(source))
        )
    if latest.first_published_at is None and "title" in texts:
        latest.slug = free_slug(latest.title, edition.get_parent())
    latest.save_revision(user=by, clean=False)
    return Article.objects.get(pk=edition.pk)


def note_answers(*, edition: Article, source: Article) -> None:
    """Note on an edition about to be saved which paragraphs answer the source of today; does not save."""
    before = texts_of(Article.objects.get(pk=edition.pk).get_latest_revision_as_object())
    edition.source_texts = answered(before, texts_of(edition), made_from=edition.source_texts, source=texts_of(source))


@journal.verb(of="edition")
def confirm_edition(*, edition: Article, by: User | None, at: datetime) -> Article:
    """Say that an edition still answers its source as it is today, whatever changed there."""
    source = source_of(edition)
    latest: Article = Article.objects.get(pk=edition.pk).get_latest_revision_as_object()
    if source is not None:
        latest.source_texts = texts_of(as_read(source))
        latest.save_revision(user=by, clean=False)
        Article.objects.filter(pk=edition.pk).update(source_texts=latest.source_texts)
    return Article.objects.get(pk=edition.pk)


@journal.verb(of="edition")
def take_over_blocks(*, edition: Article, by: User | None, at: datetime) -> Article:
    """Put what the source has and the edition lacks at its place, to be written over."""
    source = source_of(edition)
    latest: Article = Article.objects.get(pk=edition.pk).get_latest_revision_as_object()
    if source is not None:
        read = as_read(source)
        new = {block["id"]: block for block in missing_blocks(latest, read)}
        blocks = list(latest.body.raw_data)
        place = 0
        for block in read.body.raw_data:
            here = next((n for n, own in enumerate(blocks) if own["id"] == block["id"]), None)
            if here is not None:
                place = here + 1
            elif block["id"] in new:
                blocks.insert(place, block)
                place += 1
        latest.body = blocks
        latest.save_revision(user=by, clean=False)
    return Article.objects.get(pk=edition.pk)


@journal.exempt("its publication is told by note_published, by whatever way it came")
@transaction.atomic
def publish_article(*, article: Article, by: User | None, at: datetime) -> Article:
    """Publish the latest text of an article; it is evidence from this moment on.

    Raises NotReady with every sentence when something is missing.
    """
    article = Article.objects.get(
        pk=article.pk
    )  # what was handed in may have been read before the latest text was saved
    revision: Revision = article.get_latest_revision() or article.save_revision(user=by, clean=False)
    Article.objects.filter(pk=article.pk, published_at__isnull=True).update(published_at=at)
    try:
        with told_at(at):
            revision.publish(user=by, skip_permission_checks=True)
    except ValidationError as refused:
        raise NotReady(" ".join(strip_tags(said) for said in refused.messages)) from refused
    return Article.objects.get(pk=article.pk)


@journal.exempt("told by note_withdrawn")
@transaction.atomic
def withdraw_article(*, article: Article, by: User | None, at: datetime) -> Article:
    """Take an article off the site; it is kept, and counts as evidence no more."""
    with told_at(at):
        article.unpublish(user=by)
    return Article.objects.get(pk=article.pk)


@journal.verb(of="article")
def note_published(*, article: Article, by: User | None, at: datetime) -> None:
    """What follows when an article went live, by whatever way; may run twice."""
    Article.objects.filter(pk=article.pk, published_at__isnull=True).update(published_at=at)
    findable.follow(Article.objects.select_related("locale").get(pk=article.pk))
    proof.put_in_step(key=article.translation_key, by=by, at=at)
    transaction.on_commit(lambda: prepare_pictures.enqueue(article.pk))
    announce(NewsChanged(article, at))


@journal.verb(of="article")
def note_withdrawn(*, article: Article, by: User | None, at: datetime) -> None:
    """What follows when an article was taken off the site or is about to be deleted; may run twice."""
    findable.forget(article)
    proof.put_in_step(key=article.translation_key, by=by, at=at, without=article)
    announce(NewsChanged(article, at))


@journal.exempt("each publication and withdrawal is told by itself")
def publish_due(*, at: datetime) -> int:
    """Publish every article whose hour has come and take off those that have expired; how many.

    Each by itself: one that lacks something stays scheduled, is told in the log, and holds up no other. What came due
    while no worker ran is done at the next run.
    """
    done = 0
    kind = ContentType.objects.get_for_model(Article)
    due = Revision.objects.filter(approved_go_live_at__lte=at, content_type=kind).order_by("approved_go_live_at")
    for revision in due:
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except ValidationError as refused:
            log.warning(
                "The scheduled article %s cannot be published: %s", revision.object_id, " ".join(refused.messages)
            )
        else:
            done += 1
    for article in Article.objects.filter(live=True, expire_at__lte=at):
        article.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        done += 1
    return done
