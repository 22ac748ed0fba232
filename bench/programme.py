"""The data the benchmarks run on: one activity to look at, fifty to list, guests to admit; printed as JSON."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from nhipcau.activities.models import Activity  # noqa: E402
from nhipcau.attendance.models import Registration  # noqa: E402
from nhipcau.core.middleware import clock  # noqa: E402
from nhipcau.newsroom.models import Article  # noqa: E402
from nhipcau.newsroom.pictures import make_renditions  # noqa: E402
from nhipcau.parties.models import Membership  # noqa: E402
from nhipcau.reports.models import Report  # noqa: E402
from nhipcau.reports.services import draft_report  # noqa: E402
from tests import makers  # noqa: E402


def _news(activity: Activity) -> list[Article]:
    """A front page of news about an activity, each with its picture in every size, its author and its topic."""
    now = clock()
    author, topics = makers.make_author(), list(activity.topics.all())
    made = []
    for number in range(12):
        at = now - timedelta(hours=number + 1)
        picture = makers.make_picture(f"Ảnh {number}", content=makers.a_photograph(1200, 800))
        make_renditions(picture)
        made.append(
            makers.make_article(f"Tọa đàm khởi nghiệp số, ngày thứ {number + 1}", published=at, at=at, picture=picture,
                                authors=[author], topics=topics, activities=[activity])
        )  # fmt: skip
    return made


def build(guests: int) -> dict[str, object]:
    """Write the programme with a plan around today; `guests` may be admitted at the desk."""
    now = clock()
    agreement = makers.make_agreement(is_sample=True)
    plan = makers.make_plan(agreement, year=now.year)
    officer = makers.make_user("desk", ("hmc", Membership.Role.RECEPTION), ("hmc", Membership.Role.OFFICER))
    indicator = makers.make_indicator(makers.make_objective(plan))
    last = min(now + timedelta(days=20), now.replace(month=12, day=30, hour=2))
    shown = makers.make_activity(plan, indicators=[indicator], topics=["startup"], starts_at=last)
    makers.make_intake(shown, capacity=100_000, opens_at=now - timedelta(days=2))
    rush = makers.make_activity(plan, indicators=[indicator], starts_at=last)
    makers.make_intake(rush, capacity=200, opens_at=now - timedelta(days=2))
    for _n in range(48):
        makers.make_activity(plan, indicators=[indicator], starts_at=last)
    door = makers.make_activity(plan, indicators=[indicator], starts_at=now)
    intake = makers.make_intake(door, capacity=100_000, opens_at=now - timedelta(days=2))
    for n in range(guests):
        makers.make_registration(intake, f"Nguyễn Văn {n}")
    articles = _news(shown)
    report = draft_report(
        plan=plan, phase=None, kind=Report.Kind.MONTH, first_day=plan.window().first, last_day=plan.last_day,
        by=officer, at=now,
    )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session.save()
    return {
        "shown": shown.slug,
        "rush": rush.slug,
        "door": door.pk,
        "article": articles[0].url,
        "report": report.pk,
        "codes": list(Registration.objects.filter(intake=intake).values_list("code", flat=True)),
        "session": session.session_key,
    }


if __name__ == "__main__":
    json.dump(build(int(sys.argv[1])), sys.stdout)
