"""The news of the sample: sections, and a handful of articles in both languages with pictures drawn here."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause
from nhipcau.core.middleware import LOCAL, local_day
from nhipcau.newsroom import services
from nhipcau.newsroom.boards import seat_all
from nhipcau.newsroom.models import Article, Author, Picture, Section
from nhipcau.parties.models import Organisation, User
from nhipcau.sample import content
from nhipcau.sample.programme import sample_agreement

CREDIT = "Minh họa (mẫu)"
_SKY, _WATER, _ARCH, _PIER, _TOWN = "#dcebf1", "#0b5c7a", "#073f55", "#c4831a", "#a9c6d2"


def news(*, now: datetime) -> Iterator[Callable[[], object]]:
    """What of the news is not there yet, each piece by itself."""
    told = content.read("news")
    if not Section.objects.filter(locale__language_code="vi").exists():
        yield partial(_open_sections, told, now)
    known = set(Article.objects.filter(is_sample=True).values_list("title", flat=True))
    for row in told["articles"]:
        if row["title"]["vi"] not in known:
            yield partial(_write, row, told["authors"], now)


def _open_sections(told: dict[str, Any], now: datetime) -> None:
    """The sections, led by whose they are; those led by a unit first, so that the shared one finds both."""
    if Section.objects.filter(locale__language_code="vi").exists():
        return
    with transaction.atomic():
        for row in sorted(told["sections"], key=lambda row: row["organisation"] is None):
            unit = (
                Organisation.objects.filter(abbreviation=row["organisation"]).first() if row["organisation"] else None
            )
            services.open_section(
                title=row["title"]["vi"],
                title_en=row["title"]["en"],
                intro=row["intro"]["vi"],
                intro_en=row["intro"]["en"],
                organisation=unit,
                by=None,
                at=now,
            )
        seat_all(day=local_day(now))


def _write(row: dict[str, Any], authors: dict[str, str], now: datetime) -> None:
    """One article, published at its hour, and its English edition unless it has none."""
    if Article.objects.filter(is_sample=True, title=row["title"]["vi"]).exists():
        return
    by = User.objects.filter(username="truongban.fsc" if row["author"] == "fsc" else "truongban.ttbc").first()
    activity = _activity(row.get("activity"), now)
    at = _published(row, activity, now)
    with transaction.atomic():
        title = content.read("news")["sections"]
        name = next(one["title"]["vi"] for one in title if one["slug"] == row["section"])
        section = Section.objects.get(title=name, locale__language_code="vi")
        picture = _picture(row)
        paragraphs: list[tuple[str, Any]] = [("text", f"<p>{text}</p>") for text in row["body"]["vi"]]
        if "quote" in row:
            quote = {"text": row["quote"]["words"], "who": row["quote"]["who"], "position": ""}
            paragraphs.insert(1, ("quote", quote))
        article = services.write_article(
            section=section,
            title=row["title"]["vi"],
            lead=row["lead"]["vi"],
            body=paragraphs,
            picture=picture,
            authors=[_author(authors[row["author"]])],
            activities=[activity] if activity else [],
            topics=list(activity.topics.all()) if activity else [],
            clauses=_clauses(row),
            is_sample=True,
            by=by,
            at=at,
        )
        services.publish_article(article=article, by=by, at=at)
        if row.get("english", True):
            _translate(row, article, by, min(at + timedelta(hours=2), now))


def _translate(row: dict[str, Any], article: Article, by: User | None, at: datetime) -> None:
    edition = services.make_edition(article=article, language="en", by=by, at=at)
    texts = iter(row["body"]["en"])
    body = {block["id"]: f"<p>{next(texts)}</p>" for block in edition.body.raw_data if block["type"] == "text"}
    services.revise_edition(edition=edition, title=row["title"]["en"], lead=row["lead"]["en"], body=body, by=by, at=at)
    services.publish_article(article=edition, by=by, at=at)


def _published(row: dict[str, Any], activity: Activity | None, now: datetime) -> datetime:
    if "published" in row:
        return datetime.strptime(str(row["published"]), "%Y-%m-%d %H:%M").replace(tzinfo=LOCAL)
    return min(activity.ends_at + timedelta(hours=3), now) if activity else now - timedelta(days=1)


def _activity(kind: str | None, now: datetime) -> Activity | None:
    """The latest activity of a kind that is over, in this year's plan."""
    if kind is None:
        return None
    over = Activity.objects.filter(plan__agreement=sample_agreement(), kind=_kind(kind), ends_at__lte=now)
    return over.exclude(state=Activity.State.CANCELLED).select_related("plan").order_by("-ends_at").first()


def _kind(slug: str) -> Any:
    from nhipcau.activities.models import ActivityKind

    return ActivityKind.objects.get(slug=slug)


def _clauses(row: dict[str, Any]) -> list[Clause]:
    return list(Clause.objects.in_force().filter(agreement=sample_agreement())) if row.get("clauses") == "all" else []


def _author(name: str) -> Author:
    return Author.objects.get_or_create(slug=services.slug_of(name), defaults={"name": name})[0]


def _picture(row: dict[str, Any]) -> Picture:
    told = row["picture"]
    picture = Picture(
        title=told["alt"]["vi"],
        caption=told["caption"]["vi"],
        caption_en=told["caption"].get("en", ""),
        description=told["alt"]["vi"],
        description_en=told["alt"].get("en", ""),
        credit=CREDIT,
    )
    picture.file = ContentFile(drawn(row["key"]), name=f"{row['key']}.png")
    picture.save()
    return picture


def drawn(key: str) -> bytes:
    """A span over water before a town, a different one for each article; as many arches as its key has vowels."""
    width, height = 1600, 900
    page = Image.new("RGB", (width, height), _SKY)
    pen = ImageDraw.Draw(page)
    for n in range(14):
        tall = 120 + (sum(map(ord, key)) * (n + 3) * 37) % 220
        pen.rectangle((n * 118, 560 - tall, n * 118 + 88, 560), fill=_TOWN)
    pen.rectangle((0, 560, width, height), fill=_WATER)
    arches = 1 + sum(key.count(vowel) for vowel in "aeiou") % 4
    span = (width - 240) / arches
    for n in range(arches):
        left = 120 + n * span
        pen.arc((left, 330, left + span, 800), 180, 360, fill=_ARCH, width=26)
        for pier in (left, left + span):
            pen.ellipse((pier - 24, 541, pier + 24, 589), fill=_PIER)
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()
