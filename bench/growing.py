"""Fill a database step by step and ask every page that counts, lists or exports at each step; printed as JSON.

Three plans of one agreement, each ten times the one before. A page of the plan just written tells how its cost grows
with what it counts; the same page of the first plan, asked again, tells how it grows with what is merely stored.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 (the settings come first)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import by_hand  # noqa: E402
from bench.surroundings import Newsroom, open_newsroom, own_page, surround  # noqa: E402
from bench.volume import Volume, make_plan  # noqa: E402
from nhipcau.core import middleware  # noqa: E402
from nhipcau.core.middleware import LOCAL  # noqa: E402
from nhipcau.evidence.models import Evidence  # noqa: E402
from nhipcau.parties.models import Membership  # noqa: E402
from nhipcau.plans.models import Indicator  # noqa: E402
from nhipcau.privacy import services as privacy  # noqa: E402
from nhipcau.reports import services as reports  # noqa: E402
from nhipcau.reports.models import Report  # noqa: E402
from tests import makers  # noqa: E402
from tests.evidence.counting_statements import FRAME  # noqa: E402

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=LOCAL)
BOOKKEEPING = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "PRAGMA", "ROLLBACK")
YEARS = (2026, 2025, 2024)
#: A visit longer than this is not repeated.
LONG = 1.0
#: Written row by row: a known price a row, asked only up to so many records.
SHEETS, SHEET_RECORDS = {"ledger as a sheet", "sign-in sheet"}, 6_000
#: Not for officers: asked by somebody who directs the unit, edits its news and administers the installation.
FOR_THE_HEAD = {"accounts", "accounts, by words", "letters", "letters, answered", "journal, administrator's"}


class Pages:
    """The addresses of one plan, and the statement by hand that answers the same where there is one."""

    def __init__(self, volume: Volume, newsroom: Newsroom, officer: Any) -> None:
        plan, self.records = volume.plan, volume.records
        indicators = {i.code: i for i in Indicator.objects.filter(objective__plan=plan)}
        busiest = volume.busiest
        last = min(plan.last_day, date(2026, 11, 22))
        phase = plan.phases.get(order=3)
        drafts = {
            "phase": reports.draft_report(
                plan=plan, phase=phase, kind=Report.Kind.PHASE, first_day=phase.first_day,
                last_day=date(plan.year, 9, 30), by=officer, at=NOW,
            ),
            "year": reports.draft_report(
                plan=plan, phase=None, kind=Report.Kind.MONTH, first_day=date(plan.year, 1, 1), last_day=last,
                by=officer, at=NOW,
            ),
        }  # fmt: skip
        clause = plan.agreement.clauses.all()[0].pk
        desk = f"/ban/hoat-dong/{busiest.pk}"
        whole = by_hand.Asked(plan, plan.window().first, last)
        # A phase report tells beside its phase what there was since the year began.
        until = by_hand.Asked(plan, plan.window().first, date(plan.year, 9, 30))
        recent = Evidence.objects.filter(plan=plan, activity=busiest)[0].pk
        self.by_name: dict[str, tuple[str, Callable[[], None] | None]] = {
            "trace": (f"/ban/cam-ket/?plan={plan.pk}", lambda: by_hand.trace(whole)),
            "clause": (f"/ban/cam-ket/{clause}/?plan={plan.pk}", lambda: by_hand.trace(whole)),
            "indicator: check-ins": (f"/ban/chi-tieu/{indicators['CT-16'].pk}/", lambda: by_hand.indicator(whole, indicators["CT-16"])),
            "indicator: share": (f"/ban/chi-tieu/{indicators['CT-17'].pk}/", lambda: by_hand.indicator(whole, indicators["CT-17"])),
            "indicator: persons": (f"/ban/chi-tieu/{indicators['CT-30'].pk}/", lambda: by_hand.indicator(whole, indicators["CT-30"])),
            "its records": (f"/ban/chi-tieu/{indicators['CT-16'].pk}/ban-ghi/", lambda: by_hand.records(whole, indicators["CT-16"])),
            "ledger": (f"/ban/minh-chung/?plan={plan.pk}", lambda: by_hand.ledger(whole)),
            "ledger, deep": (f"/ban/minh-chung/?plan={plan.pk}&page=100", lambda: by_hand.ledger(whole, skip=4_950)),
            "ledger, by words": (f"/ban/minh-chung/?plan={plan.pk}&q=HD-0003", lambda: by_hand.ledger(whole, words="hd 0003")),
            "one record": (f"/ban/minh-chung/{recent}/", None),
            "inbox": (f"/ban/xac-nhan/?plan={plan.pk}", lambda: by_hand.waiting(whole, officer)),
            "activity's evidence": (f"{desk}/minh-chung/", lambda: by_hand.of_activity(busiest)),
            "guests": (f"{desk}/khach/", lambda: by_hand.guests(busiest)),
            "guests, by words": (f"{desk}/khach/?q=nguyen+thi", lambda: by_hand.guests(busiest, words="nguyen thi")),
            "guests, deep": (f"{desk}/khach/?page=40", lambda: by_hand.guests(busiest)),
            "reception, by words": (f"{desk}/don-tiep/?q=nguyen+van", lambda: by_hand.guests(busiest, words="nguyen van")),
            "phase report": (f"/ban/bao-cao/{drafts['phase'].pk}/", lambda: by_hand.trace(until)),
            "year report": (f"/ban/bao-cao/{drafts['year'].pk}/", lambda: by_hand.trace(whole)),
            "report's figure": (f"/ban/bao-cao/{drafts['phase'].pk}/so-lieu/{indicators['CT-16'].pk}/", lambda: by_hand.figure(until, indicators["CT-16"])),
            "report as paper": (f"/ban/bao-cao/{drafts['phase'].pk}/bao-cao.docx", lambda: by_hand.trace(until)),
            "reports": ("/ban/bao-cao/", None),
            "activities": (f"/ban/hoat-dong/?plan={plan.pk}", None),
            "activity": (f"{desk}/", None),
            "plan": (f"/ban/ke-hoach/{plan.pk}/", None),
            "roadmap": (f"/ban/lo-trinh/?plan={plan.pk}", None),
            "search": ("/ban/tim/?q=nguyen+van+an", by_hand.search),
            "ledger as a sheet": (f"/ban/minh-chung/minh-chung.xlsx?plan={plan.pk}", None),
            "guests as CSV": (f"{desk}/khach.csv", None),
            "sign-in sheet": (f"{desk}/danh-sach-ky/", None),
            "story of an activity": (f"/ban/nhat-ky/activities.activity/{busiest.pk}/", lambda: by_hand.story(busiest)),
            "event": (f"/hoat-dong/{busiest.slug}/", None),
        }  # fmt: skip
        if plan.year == NOW.year:
            self.by_name |= {
                "today": ("/ban/", lambda: by_hand.trace(whole)),
                "public calendar": ("/lich/", None),
                "public calendar, past": ("/lich/?khi=qua", None),
                "public calendar, by words": ("/lich/?khi=qua&q=khoi+nghiep", None),
                "calendar feed": ("/lich.ics", None),
                "home": ("/", None),
            }
            self.by_name |= self._around(volume, newsroom, clause)

    def _around(
        self, volume: Volume, newsroom: Newsroom, clause: int
    ) -> dict[str, tuple[str, Callable[[], None] | None]]:
        """What lists the surroundings of all plans, and the site."""
        agreement, article = volume.plan.agreement, newsroom.first["vi"]
        own = privacy.token(own_page(volume, at=NOW))
        author, topic = newsroom.authors[0].slug, article.topics.get().slug
        section = newsroom.sections["vi"][0].slug
        return {
            "journal": ("/ban/nhat-ky/", lambda: by_hand.journal(agreement)),
            "journal, deep": ("/ban/nhat-ky/?page=100", lambda: by_hand.journal(agreement, skip=4_950)),
            "journal, by words": ("/ban/nhat-ky/?q=K60003", lambda: by_hand.journal(agreement, words="k60003")),
            "journal, one kind": ("/ban/nhat-ky/?kind=activities.activity", None),
            "journal, administrator's": ("/ban/nhat-ky/", lambda: by_hand.journal(agreement)),
            "journal as CSV": ("/ban/nhat-ky/nhat-ky.csv", None),
            "journal as a sheet": ("/ban/nhat-ky/nhat-ky.xlsx", None),
            "story of a clause": (f"/ban/nhat-ky/agreements.clause/{clause}/", None),
            "mails": ("/ban/thu/", lambda: by_hand.mails(agreement)),
            "mails, deep": ("/ban/thu/?page=100", lambda: by_hand.mails(agreement, skip=4_950)),
            "mails, failed": ("/ban/thu/?state=failed", None),
            "mails, by words": ("/ban/thu/?q=khach2026x17", None),
            "accounts": ("/ban/tai-khoan/", None),
            "accounts, by words": ("/ban/tai-khoan/?q=can+bo+3", None),
            "letters": ("/ban/thu-toa-soan/", None),
            "letters, answered": ("/ban/thu-toa-soan/?show=answered", None),
            "requests": ("/ban/yeu-cau/", None),
            "requests, answered": ("/ban/yeu-cau/?show=answered", None),
            "retention": ("/ban/luu-giu/", None),
            "doubles": ("/ban/khach/trung/", None),
            "own data": (f"/rieng-tu/du-lieu-cua-toi/{own}/", None),
            "news": ("/tin/", None),
            "news, deep": ("/tin/?page=40", None),
            "section": (f"/tin/{section}/", None),
            "topic": (f"/chu-de/{topic}/", None),
            "author": (f"/tac-gia/{author}/", None),
            "article": (article.url, None),
            "public search": ("/tim-kiem/?q=toa+dam", None),
            "public search, near": ("/tim-kiem/?q=toa+dma+khoi+nghiep", None),
            "suggestions": ("/tim-kiem/goi-y/?q=toa", None),
            **{f"feed: {form}": (f"/tin.{form}", None) for form in ("rss", "atom", "json", "ninjs")},
            "feed of a section": (f"/tin/{section}.rss", None),
            "feed of a topic": (f"/chu-de/{topic}.atom", None),
            "news sitemap": ("/sitemap-tin.xml", None),
            "sitemap": ("/sitemap.xml", None),
        }


def visit(client: Client, path: str) -> int:
    """One visit; the size of the answer, streamed ones read to the end."""
    answer = client.get(path, HTTP_HOST="127.0.0.1")
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    if answer.streaming:
        return sum(len(part) for part in answer.streaming_content)  # type: ignore[union-attr]  # not asynchronous here
    return len(answer.content)


def cpu() -> float:
    """Seconds of processor time so far of this process and of the database server that works for it."""
    if connection.vendor != "postgresql":
        return time.process_time()
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() + int(server.split()[0]) / 1e9


def quickest(job: Callable[[], object]) -> float:
    """Processor seconds of the cheapest of three runs; of one where it takes long."""
    taken: list[float] = []
    for _n in range(3):
        began = cpu()
        job()
        taken.append(cpu() - began)
        if taken[0] > LONG:
            break
    return min(taken)


def ask(officer: Client, head: Client, pages: Pages, *, once: bool) -> dict[str, dict[str, Any]]:
    """Statements, processor seconds, those by hand, and kilobytes of every page; `once` for the statements' sake only."""
    found = {}
    for name, (path, hand) in pages.by_name.items():
        if name in SHEETS and pages.records > (SHEET_RECORDS // 10 if once else SHEET_RECORDS):
            continue
        client = head if name in FOR_THE_HEAD else officer
        visit(client, path)
        began = cpu()
        with CaptureQueriesContext(connection) as queries:
            size = visit(client, path)
        took = cpu() - began
        own = [q for q in queries.captured_queries if not q["sql"].startswith(BOOKKEEPING)]
        found[name] = {
            "statements": len(own),
            "frame": sum(bool(FRAME.search(q["sql"])) for q in own),
            "seconds": took if once or took > LONG else quickest(lambda client=client, path=path: visit(client, path)),  # type: ignore[misc]  # bound here
            "by hand": quickest(hand) if hand and not once else None,
            "kB": round(size / 1024, 1),
            "slowest": sorted(((float(q["time"]), q["sql"][:4000]) for q in own), reverse=True)[:2],
        }
    return found


def bytes_a_row() -> dict[str, list[int]]:
    """What a row of the large tables takes on the disk, and its indexes; PostgreSQL only, SQLite keeps one file."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_table_size(oid) / reltuples, pg_indexes_size(oid) / reltuples FROM pg_class "
            "WHERE relkind = 'r' AND reltuples > 500 ORDER BY pg_total_relation_size(oid) DESC LIMIT 9"
        )
        return {name: [round(table), round(indexes)] for name, table, indexes in cursor.fetchall()}


def main(sizes: list[int], *, once: bool) -> None:
    """Write and ask, step by step."""
    middleware.clock = lambda: NOW
    call_command("migrate", verbosity=0)
    if connection.vendor == "postgresql":  # one process to weigh, as on a busy server
        with connection.cursor() as cursor:
            cursor.execute("ALTER ROLE CURRENT_USER SET max_parallel_workers_per_gather = 0")
        connection.close()
    settings.PUBLIC_PAGE_SECONDS = 0
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    agreement = makers.make_agreement(is_sample=True)
    officer = makers.make_user("officer", ("hmc", Membership.Role.OFFICER), ("hmc", Membership.Role.RECEPTION))
    head = makers.make_user(
        "head", ("hmc", Membership.Role.DIRECTOR), ("hmc", Membership.Role.EDITOR), is_superuser=True
    )
    clients = makers.come_in(Client(), officer), makers.come_in(Client(), head)
    newsroom = open_newsroom()
    steps = []
    first: Pages | None = None
    for year, size in zip(YEARS, sizes, strict=False):
        began = time.perf_counter()
        volume = make_plan(agreement, year, size, by=officer, upto=NOW.date())
        written = time.perf_counter() - began
        surround(volume, newsroom, by=officer, now=NOW)
        pages = Pages(volume, newsroom, officer)
        first = first or pages
        around = time.perf_counter() - began - written
        print(
            f"{connection.vendor}: {size} records written in {written:.0f} s, what is around in {around:.0f} s",
            file=sys.stderr,
        )
        step = {"records": size, "stored": Evidence.objects.count(), "pages": ask(*clients, pages, once=once)}
        if pages is not first:
            step["first again"] = ask(*clients, first, once=once)
        steps.append(step)
    json.dump({"vendor": connection.vendor, "steps": steps, "bytes": bytes_a_row()}, sys.stdout)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:] if word.isdigit()], once="--once" in sys.argv)
