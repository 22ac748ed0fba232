"""Sixty queries over the sample programme, and what a reader expects first: the same on SQLite and PostgreSQL."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from nhipcau.activities.models import Activity
from nhipcau.activities.services import put_speakers
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import User
from nhipcau.sample import content
from nhipcau.sample.beginnings import Beginning, speakers
from nhipcau.sample.news import news
from tests.conftest import HandClock

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=LOCAL)
JUDGED: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "judged_queries.yaml").read_text())


def sample() -> None:
    """Agreement, plans and activities of the sample with their speakers, and its news."""
    Beginning(now=NOW, small=True).write()
    by = User.objects.get(username="canbo.ttbc")
    plan = {row["code"]: row for row in content.read("plan-2022")["activities"]}
    for activity in Activity.objects.filter(plan__year=2026).select_related("plan"):
        put_speakers(activity=activity, speakers=speakers(plan[activity.code]), by=by, at=NOW)
    for do in news(now=NOW):
        do()


def first(judged: dict[str, Any]) -> tuple[list[str], str]:
    """The first results as kind and title, as many as were judged, and what was probably meant."""
    prefix = "/en" if judged.get("language") == "en" else ""
    asked = {"q": judged["query"], **judged.get("narrowed", {})}
    context = Client().get(f"{prefix}/tim-kiem/", asked).context
    return [f"{hit.label}: {hit.title.text}" for hit in context["hits"][: max(len(judged["first"]), 1)]], context[
        "meant"
    ]


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_sixty_queries_find_first_what_was_judged_first(clock: HandClock) -> None:
    clock.set(NOW)
    sample()
    assert len(JUDGED) >= 60
    wrong = [
        (judged["query"], judged["first"], found, judged.get("meant", ""), meant)
        for judged in JUDGED
        for found, meant in [first(judged)]
        if (found, meant) != (judged["first"], judged.get("meant", ""))
    ]
    assert wrong == []
