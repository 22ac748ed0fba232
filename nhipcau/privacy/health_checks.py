"""Whether what was promised to be erased is erased."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.core import schedule
from nhipcau.core.health import Finding, check, fine, warning
from nhipcau.privacy.tasks import let_go

OLD = timedelta(days=2)  # one a night, and one that was missed


@check("retention", gettext_lazy("Erasure of personal data"), order=60)
def retention(*, at: datetime) -> Finding:
    """How long ago the night's erasure last came to its end; one statement."""
    done = schedule.last_done(let_go)
    if done is None:
        sentence = _("Personal data over its time has not been erased in the last days; is a worker running?")
        return warning(sentence, age_seconds=None)
    age = at - done
    told = {"hours": age.total_seconds() // 3600}
    if age > OLD:
        sentence = _(
            "Personal data over its time was last erased %(hours)d hours ago; look into the worker's log for “retention”."
        )
        return warning(sentence % told, age_seconds=age.total_seconds())
    return fine(
        _("Personal data over its time was last erased %(hours)d hours ago.") % told, age_seconds=age.total_seconds()
    )
