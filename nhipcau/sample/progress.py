"""How far the sample has come, told by what exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from nhipcau.attendance.models import Registration
from nhipcau.evidence.models import Evidence
from nhipcau.sample.claims import Claims
from nhipcau.sample.filling import KEYS
from nhipcau.sample.programme import Programme


def _path() -> Path:
    path: Path = settings.DATA / "sample-percent"
    return path


def sentence() -> str:
    """What Today says while the filling goes on; empty when nothing is being filled."""
    try:
        percent = int(_path().read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ""
    return _("The sample data is still being written: %(percent)d%%. Figures grow until it is complete.") % {
        "percent": percent
    }


@dataclass(frozen=True)
class Progress:
    """Rows written and rows to write: guests who registered and evidence that was declared."""

    done: int
    all: int

    @classmethod
    def read(cls, *, now: datetime, small: bool) -> Progress:
        """Count; about eight statements."""
        done = everything = 0
        for key in KEYS:
            programme = Programme.load(key, now=now, small=small)
            for code, activity in programme.activities.items():
                if programme.over(activity):
                    everything += len(programme.guests(code))
                if code in programme.results and (programme.over(activity) or "by_phase" in programme.results[code]):
                    everything += len(Claims(programme, code).rows())
            # A substitute's place is not asked for by another guest.
            done += Registration.objects.filter(
                Q(substitute_for__isnull=True),
                intake__activity__plan=programme.plan,
                intake__activity__ends_at__lte=now,
            ).count()
            done += Evidence.objects.filter(plan=programme.plan, source_ref__startswith=f"sample.{key}:").count()
        return cls(done, everything)

    def keep(self) -> None:
        """Note it where web processes can read it without counting; forget it once all is there."""
        path = _path()
        if self.percent >= 100:
            path.unlink(missing_ok=True)
        else:
            path.write_text(str(self.percent), encoding="ascii")

    @property
    def percent(self) -> int:
        """Whole percent, 100 only when all is there."""
        return self.done * 100 // self.all if self.all else 100

    def __str__(self) -> str:
        return _("Sample data: %(done)d of %(all)d rows (%(percent)d%%)") % {
            "done": self.done, "all": self.all, "percent": self.percent,
        }  # fmt: skip
