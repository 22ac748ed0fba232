"""What stands around the records of a plan, in proportion to them: journal, mails, articles, letters, requests, accounts.

An entry of the journal a record, a mail to two, an article to two hundred records, and of everything people write by
hand one to some hundreds. One article goes the way of the services; the others are copies of its rows.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max
from wagtail.models import Page

from bench.volume import TOPICS, Volume, copy_in
from nhipcau.agreements.models import Topic
from nhipcau.attendance.models import Registration
from nhipcau.core import search, vietnamese
from nhipcau.core.middleware import LOCAL
from nhipcau.core.models import JournalEntry, SearchEntry
from nhipcau.newsroom.findable import ARTICLE
from nhipcau.newsroom.models import Article, Author, Byline, Enquiry, Reported, Section
from nhipcau.outbox.findable import MESSAGE
from nhipcau.outbox.models import Message
from nhipcau.outbox.querysets import reference
from nhipcau.parties.models import Match, Membership, Person, User
from nhipcau.privacy.models import Access, Request
from tests import makers

#: Records to one of these.
TO_A_MAIL, TO_AN_ARTICLE, TO_A_LETTER, TO_A_REQUEST, TO_AN_ACCOUNT, TO_A_DOUBLE = 2, 200, 300, 300, 600, 1000
SUBJECTS = (
    ("Tọa đàm khởi nghiệp số", "Talk on digital start-ups"),
    ("Đoàn báo chí thăm cảng Cát Lái", "Journalists visit the port of Cat Lai"),
    ("Lớp ngoại ngữ cho phóng viên trẻ", "Language course for young reporters"),
    ("Lễ hội áo dài với bạn bè quốc tế", "Ao dai festival with friends from abroad"),
    ("Hợp tác truyền thông với các nước ASEAN", "Media cooperation within ASEAN"),
)
#: How often an act is written in the journal of a hundred, its verb and the kind of thing it is about.
ACTS = (
    *(("attendance.register", "attendance.registration"),) * 70,
    *(("attendance.cancel_registration", "attendance.registration"),) * 10,
    *(("evidence.verify_evidence", "evidence.evidence"),) * 15,
    *(("activities.revise_activity", "activities.activity"),) * 5,
)


@dataclass
class Newsroom:
    """What all articles share: sections and authors of a language, and the article copied from, by language."""

    sections: dict[str, list[Section]]
    authors: list[Author]
    first: dict[str, Article]


def open_newsroom() -> Newsroom:
    """Sections in both languages, authors, a picture, and an article with its English edition, by the services."""
    names = (("Đối ngoại", "Foreign affairs"), ("Văn hóa", "Culture"), ("Khởi nghiệp", "Start-ups"))
    sections = [makers.make_section(*both) for both in names]
    authors = [makers.make_author(f"{name} (mẫu)") for name in ("Vân Anh", "Minh Khôi", "Thu Hà", "Quốc Dũng")]
    topic, _new = Topic.objects.get_or_create(slug=TOPICS[0], defaults={"name": TOPICS[0]})
    text = "".join(f"<p>{words}</p>" for words in (
        "Sáng nay tại Thành phố Hồ Chí Minh, hơn một trăm đại biểu trong nước và quốc tế dự buổi khai mạc.",
        "Hai đơn vị thống nhất cùng thực hiện các nội dung đã ký, có chỉ tiêu và minh chứng cho từng việc.",
    ))  # fmt: skip
    article = makers.make_article(
        section=sections[0],
        authors=authors[:1],
        picture=makers.make_picture(),
        body=[("text", text)] * 4,
        topics=[topic],
    )
    first = {"vi": article, "en": makers.make_english(article)}
    found = {code: list(Section.objects.filter(locale__language_code=code).order_by("path")) for code in first}
    return Newsroom(found, authors, first)


def surround(volume: Volume, newsroom: Newsroom, *, by: User, now: datetime) -> None:
    """Write everything around the records of a plan."""
    writing = _Writing(volume, newsroom, by, now)
    with transaction.atomic():
        writing.write()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page, Message, SearchEntry]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def own_page(volume: Volume, *, at: datetime) -> Access:
    """An open link to what is kept of somebody who came to the activity most came to."""
    person = Person.objects.filter(registrations__intake__activity=volume.busiest).order_by("pk")[0]
    return Access.objects.create(
        person=person, how=Access.How.OFFICER, opened_at=at, expires_at=at + timedelta(days=2), by=None
    )


class _Writing:
    """One plan's surroundings, kind by kind."""

    def __init__(self, volume: Volume, newsroom: Newsroom, by: User, now: datetime) -> None:
        self.volume, self.newsroom, self.by, self.now = volume, newsroom, by, now
        self.plan, self.year = volume.plan, volume.plan.year
        self.rng = random.Random(self.year)  # noqa: S311 (the same data every time, no secret)
        self.began = datetime(self.year, 1, 5, 8, tzinfo=LOCAL)
        self.span = max((min(now, datetime(self.year, 12, 28, tzinfo=LOCAL)) - self.began).total_seconds(), 1.0)
        self.unit = makers.make_organisation("hmc")
        registered = Registration.objects.filter(intake__activity__plan=self.plan).order_by("person")
        wanted = max(4 * self._number(TO_A_DOUBLE), self._number(TO_A_REQUEST))
        self.guests = list(registered.values_list("person", flat=True).distinct()[:wanted])

    def _number(self, to_one: int) -> int:
        return max(4, self.volume.records // to_one)

    def _moment(self, n: int, of: int) -> datetime:
        return self.began + timedelta(seconds=int(self.span * n / of))

    def write(self) -> None:
        """All of it."""
        copy_in(JournalEntry, (
            "id", "at", "by_id", "by_name", "verb", "kind", "object_id", "label", "under_kind", "under_id", "whole_kind",
            "whole_id", "before", "after", "folded",
        ), self._acts())  # fmt: skip
        self._mails()
        self._articles()
        self._letters()
        self._requests()
        self._accounts()
        self._doubles()

    def _acts(self) -> Iterator[tuple[Any, ...]]:
        """Told of the activities as unevenly as they are attended; the busiest has a tenth."""
        key, number = self.year * 10**9, self.volume.records
        whole, name = str(self.plan.agreement_id), str(self.by)
        folded, titles = vietnamese.fold(name), {one.pk: vietnamese.fold(one.title) for one in self.volume.activities}
        for n in range(number):
            verb, kind = ACTS[n * 37 % 100]
            activity = self.volume.busiest if n % 10 == 0 else self.volume.activities[n % len(self.volume.activities)]
            own = verb == "activities.revise_activity"
            label = activity.title if own else f"K{self.year % 10}{n:07}"
            after = {"expected": n % 300} if own else {"state": "confirmed"}
            yield (
                key + n, self._moment(n, number), None if verb == "attendance.register" else self.by.pk,
                "" if verb == "attendance.register" else name, verb, kind, str(activity.pk if own else key + n), label,
                "activities.activity", str(activity.pk), "agreements.agreement", whole, "{}", json.dumps(after),
                f"{folded} {titles[activity.pk] if own else label.lower()}",
            )  # fmt: skip

    def _mails(self) -> None:
        """One of five hundred failed."""
        number = self._number(TO_A_MAIL)
        first = (Message.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        registered = Registration.objects.filter(intake__activity__plan=self.plan).order_by("pk")
        guests = list(registered.values_list("pk", flat=True)[:number])
        columns = (
            "id",
            "agreement_id",
            "key",
            "about",
            "to",
            "subject",
            "body",
            "sealed",
            "state",
            "tries",
            "created_at",
            "due_at",
            "settled_at",
        )
        copy_in(Message, columns, (
            (first + n, self.plan.agreement_id, f"ticket:{self.year}:{n}", reference(Registration, guests[n % len(guests)]),
             self._address(n), self._subject(n),
             "Kính gửi quý khách.\n\nMã vào cửa của quý khách ở trang dưới đây.",
             False, "failed" if n % 500 == 9 else "sent", 1, at, at, at)
            for n in range(number) for at in [self._moment(n, number)]
        ))  # fmt: skip
        words = [search.folded(self._subject(n)) for n in range(len(self.volume.activities))]
        copy_in(SearchEntry, ("kind", "object_id", "folded", "canonical"), (
            (MESSAGE, first + n, text, text)
            for n in range(number) for text in [f"khach{self.year}x{n} example vn {words[n % len(words)]}"]
        ))  # fmt: skip

    def _address(self, n: int) -> str:
        return f"khach{self.year}x{n}@example.vn"

    def _subject(self, n: int) -> str:
        return f"Mã vào cửa {self.volume.activities[n % len(self.volume.activities)].code}"

    # --- the news ------------------------------------------------------------------------------
    def _articles(self) -> None:
        """Two of three in Vietnamese; each signed, on a topic or two, every other one about an activity."""
        number = self._number(TO_AN_ARTICLE)
        key = Page.objects.aggregate(last=Max("pk"))["last"] + 1
        pages, articles, texts = [], [], []
        began: dict[int, int] = {}
        for n in range(number):
            code = "en" if n % 3 == 2 else "vi"
            section = self.newsroom.sections[code][n // 3 % len(self.newsroom.sections[code])]
            began.setdefault(section.pk, Page.objects.get(pk=section.pk).numchild)
            began[section.pk] += 1
            title = f"{SUBJECTS[n % len(SUBJECTS)][code == 'en']} {self.year} {n + 1}"
            at, one = self._moment(n + 1, number), self.newsroom.first[code]
            slug = f"bai-{self.year}-{n + 1}"
            pages.append({
                "id": key + n, "path": _path(section, began[section.pk]), "title": title,
                "draft_title": title, "slug": slug, "url_path": f"{section.url_path}{slug}/", "first_published_at": at,
                "last_published_at": at, "latest_revision_created_at": at, "translation_key": uuid.uuid4().hex,
                "latest_revision_id": None, "live_revision_id": None, "of": one,
            })  # fmt: skip
            articles.append({
                "page_ptr_id": key + n, "published_at": at, "is_sample": False,
                "picture_id": one.picture_id if n % 3 else None, "of": one,
            })  # fmt: skip
            texts.append((key + n, search.Text((title,), (one.lead,), code, at)))
        _copies(Page, pages)
        _copies(Article, articles)
        for section_pk, children in began.items():
            Page.objects.filter(pk=section_pk).update(numchild=children)
        keys = range(key, key + number)
        authors, activities, topics = (
            self.newsroom.authors,
            self.volume.activities,
            list(Topic.objects.order_by("pk").values_list("pk", flat=True)),
        )
        copy_in(Byline, ("sort_order", "article_id", "author_id"), ((0, k, authors[k % len(authors)].pk) for k in keys))
        copy_in(Reported, ("sort_order", "article_id", "activity_id"),
                ((0, k, activities[k // 2 % len(activities)].pk) for k in keys if k % 2))  # fmt: skip
        copy_in(Article.topics.through, ("article_id", "topic_id"),
                ((k, topic) for k in keys for topic in {topics[k % len(topics)], topics[k // 7 % len(topics)]}))  # fmt: skip
        search.put_texts(ARTICLE, texts)

    # --- what people write ---------------------------------------------------------------------
    def _letters(self) -> None:
        """Two of three answered."""
        number = self._number(TO_A_LETTER)
        Enquiry.objects.bulk_create(
            (Enquiry(
                reason=("press", "correction")[n % 2], organisation=self.unit, headline="Khai mạc tọa đàm khởi nghiệp số",
                name="Nguyễn Thị Thanh Vân", email=f"doc-gia{self.year}x{n}@example.vn", text="Xin quý báo xem lại một số liệu.",
                received_at=at, **self._answered("outcome", n, at),
            ) for n in range(number) for at in [self._moment(n, number)]),
            batch_size=500,
        )  # fmt: skip

    def _requests(self) -> None:
        """Two of three accepted; a person asks once."""
        asking = self.guests[: self._number(TO_A_REQUEST)]
        Request.objects.bulk_create(
            (Request(
                kind=Request.Kind.SEE, person_id=person, organisation=self.unit, how=Access.How.TICKET,
                note="Xin cho biết dữ liệu về tôi.", received_at=at, due=at.date() + timedelta(days=15),
                confirm_due=at.date() + timedelta(days=2), **self._answered("answer", n, at, state="accepted"),
            ) for n, person in enumerate(asking) for at in [self._moment(n, len(asking))]),
            batch_size=500,
        )  # fmt: skip

    def _answered(self, words: str, n: int, at: datetime, *, state: str = "answered") -> dict[str, Any]:
        if n % 3 == 0:
            return {}
        return {"state": state, words: "Đã trả lời.", "answered_at": at + timedelta(days=3), "answered_by": self.by}

    def _accounts(self) -> None:
        """Staff of the unit, each with a role."""
        users = User.objects.bulk_create(
            User(
                username=f"can-bo-{self.year}-{n}", display_name=f"Cán bộ {n + 1} ({self.year})", password=UNUSABLE_PASSWORD_PREFIX,
                email=f"can-bo-{self.year}-{n}@example.vn", is_active=n % 5 > 0,
            )
            for n in range(self._number(TO_AN_ACCOUNT))
        )  # fmt: skip
        roles = (Membership.Role.REPORTER, Membership.Role.RECEPTION)
        Membership.objects.bulk_create(
            Membership(user=user, organisation=self.unit, role=roles[n % 2], first_day=makers.SIGNED)
            for n, user in enumerate(users)
        )

    def _doubles(self) -> None:
        """Guests with a number somebody else gave as well, and pairs somebody told apart."""
        number = self._number(TO_A_DOUBLE)
        first, second, third, fourth = (self.guests[n * number : (n + 1) * number] for n in range(4))
        phones = dict(Person.objects.filter(pk__in=first).values_list("pk", "phone"))
        Person.objects.bulk_update(
            (Person(pk=other, phone=phones[one]) for one, other in zip(first, second, strict=True)), ["phone"], batch_size=200
        )  # fmt: skip
        Match.objects.bulk_create(
            Match(kept_id=one, other_id=other, verdict=Match.Verdict.DIFFERENT, points=60, by=self.by, at=self.now)
            for one, other in zip(third, fourth, strict=True)
        )


def _path(section: Section, number: int) -> str:
    """Where a child stands in the tree of pages."""
    path: str = Page._get_path(section.path, section.depth + 1, number)  # noqa: SLF001 (its tree is written by hand here)
    return path


def _copies(model: Any, rows: list[dict[str, Any]]) -> None:
    """Rows of one table of a page, each a copy of the article under "of" with its own values."""
    columns = list(model._meta.local_concrete_fields)
    source = {one["of"].pk: one["of"] for one in rows}
    kept = {
        pk: {f.column: f.get_db_prep_save(getattr(one, f.attname), connection) for f in columns} for pk, one in source.items()
    }  # fmt: skip
    names = tuple(field.column for field in columns)
    copy_in(model, names, (
        tuple(row.get(name, kept[row["of"].pk][name]) for name in names) for row in rows
    ))  # fmt: skip
