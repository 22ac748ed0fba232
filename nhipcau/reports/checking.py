"""Does a paper carry the frozen figures? Anybody may ask, by the code printed on it."""

from dataclasses import dataclass
from datetime import date, datetime

from nhipcau.reports import figures
from nhipcau.reports.models import Issue, Report


@dataclass(frozen=True)
class CheckedLine:
    """One frozen figure as the paper must show it."""

    name: str
    unit: str
    target: str | None
    value: str | None


@dataclass(frozen=True)
class Check:
    """What the public may know of a frozen report."""

    report: Report
    title: str
    first_day: date
    last_day: date
    frozen_at: datetime
    digest: str
    matches: bool  # the kept figures still give the kept digest
    parties: list[str]
    issued: list[Issue]
    lines: list[CheckedLine]
    is_sample: bool

    @property
    def mark(self) -> str:
        """The part of the digest that stands on the paper."""
        return self.report.mark


def check(code: str) -> Check | None:
    """Look a code up; None when it is unknown or the figures are not frozen. Three queries."""
    wanted = "".join(letter for letter in code.upper() if letter.isalnum())
    report = (
        Report.objects.frozen().select_related("plan__agreement", "phase").filter(check_code=wanted).first()
        if wanted
        else None
    )
    if report is None or report.payload is None or report.frozen_at is None:
        return None
    return Check(
        report=report,
        title=str(report),
        first_day=report.first_day,
        last_day=report.last_day,
        frozen_at=report.frozen_at,
        digest=report.digest,
        matches=figures.digest(report.payload) == report.digest,
        parties=[str(consent.organisation) for consent in report.consents.select_related("organisation")],
        issued=list(report.issues.select_related("organisation")),
        lines=[
            CheckedLine(line["name"], line["unit"], line["target"], line["value"]) for line in report.payload["lines"]
        ],
        is_sample=report.plan.agreement.is_sample,
    )
