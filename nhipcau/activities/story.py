"""How the journal tells what happens to activities."""

from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity, Session
from nhipcau.core import vietnamese
from nhipcau.core.journal import Part, Thing, declare


class _Line:
    """A line of the run sheet with its hour."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __str__(self) -> str:
        return f"{vietnamese.clock(self.session.starts_at)} {self.session}"


declare(
    Thing(
        Activity,
        under="self",
        whole="plan.agreement",
        silent=("slug", "plan"),
        parts={
            "speakers": Part(_("speakers"), lambda activity: activity.speakers.all()),
            "sessions": Part(_("run sheet"), lambda activity: [_Line(line) for line in activity.sessions.all()]),
        },
    )
)
