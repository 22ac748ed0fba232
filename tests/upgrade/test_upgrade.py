"""Data of every earlier release goes forward: restored from its own backup, migrated, and still true.

Each folder `releases/<name>/` holds, for each kind of database, `facts-….json` (what that release said of itself) and its
backup. docs/operators.md tells how the next one is added.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.operation.processes import Elsewhere

RELEASES = sorted((Path(__file__).parent / "releases").iterdir())

# In the upgraded place: figures, links that were sent, frozen digests and pages, all by today's code, on the day of the data.
LOOK = """
import json
from datetime import UTC, date, datetime
from django.test import Client
from nhipcau.core import middleware
middleware.clock = lambda: datetime(2026, 11, 23, 2, tzinfo=UTC)
from nhipcau.evidence.counting import progress
from nhipcau.outbox.models import Message
from nhipcau.plans.models import Indicator, Plan
from nhipcau.reports import checking
from nhipcau.reports.models import Report
facts = json.loads({facts!r})
plan = Plan.objects.get(pk=facts["plan"])
def tickets():
    return {{key: client.get("/ma/" + token + "/").status_code for key, token in facts["tokens"].items()}}
rows = progress(plan, list(Indicator.objects.filter(objective__plan=plan)), day=date(2026, 11, 23))
client = Client(HTTP_HOST="localhost")
pages = ["/", "/lich/", "/ban-ghi-nho/", "/ket-qua/", "/hoat-dong/" + facts["activity"] + "/"]
found = {{
    "figures": {{str(pk): str(row.cumulative.value) for pk, row in rows.items()}},
    "reports": {{
        key: {{"code": one["code"], "digest": Report.objects.get(check_code=one["code"]).digest}}
        for key, one in facts["reports"].items()
    }},
    "recounted": [checking.check(one["code"]).matches for one in facts["reports"].values()],
    "told": [
        one["digest"] in client.get("/kiem-tra/" + one["code"] + "/").content.decode()
        for one in facts["reports"].values()
    ],
    "tickets": tickets(),
    "mails": [
        [mail.about, "attendance.registration:" + mail.key.split(":")[1]]
        for mail in Message.objects.filter(key__startswith="ticket:")
    ],
    "pages": [client.get(page).status_code for page in pages],
}}
middleware.clock = lambda: datetime(2027, 6, 1, tzinfo=UTC)
print(json.dumps(found | {{"half_a_year_later": tickets()}}))
"""


@pytest.mark.database
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_data_of_an_earlier_release_goes_forward(release: Path, tmp_path: Path) -> None:
    facts: dict[str, Any] = json.loads((release / f"facts-{connection.vendor}.json").read_text())
    (archive,) = release.glob(f"{connection.vendor}-*.tar.gz")
    with Elsewhere(tmp_path) as elsewhere:
        told = elsewhere.manage("restore", str(archive))
        assert told.returncode == 0, told.stderr
        counts = {name: len(rows) for name, rows in elsewhere.rows().items()}
        assert {name: counts[name] for name in facts["rows"] if name in counts} == facts["rows"]
        migrated = elsewhere.manage("migrate", "--noinput", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        looked = elsewhere.manage("shell", "-c", LOOK.format(facts=json.dumps(facts)), NHIPCAU_DEBUG="yes")
        assert looked.returncode == 0, looked.stderr
        found = json.loads(looked.stdout.strip().splitlines()[-1])
    assert found["figures"] == facts["figures"]
    assert found["reports"] == facts["reports"]
    assert found["recounted"] == found["told"] == [True] * len(facts["reports"])
    assert found["tickets"] == dict.fromkeys(facts["tokens"], 200)
    assert found["half_a_year_later"] == dict.fromkeys(facts["tokens"], 410)  # a link whose time is over says so
    assert set(found["pages"]) == {200}
    assert found["mails"]
    assert all(about == meant for about, meant in found["mails"])
