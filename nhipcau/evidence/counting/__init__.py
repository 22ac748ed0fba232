"""What an indicator counts and how it stands: the one place every figure of the product comes from."""

from nhipcau.evidence.counting.figures import activities_of, figures
from nhipcau.evidence.counting.progress import (
    Progress,
    combine,
    current_targets,
    meets,
    progress,
    proven,
    proven_mean,
    proven_share,
    share_of_target,
    year_target,
)
from nhipcau.evidence.counting.rows import HUNDRED, NOT_MEASURED, OWN_COLUMNS, PERCENT, Figure, counted_rows, counts

__all__ = [
    "HUNDRED",
    "NOT_MEASURED",
    "OWN_COLUMNS",
    "PERCENT",
    "Figure",
    "Progress",
    "activities_of",
    "combine",
    "counted_rows",
    "counts",
    "current_targets",
    "figures",
    "meets",
    "progress",
    "proven",
    "proven_mean",
    "proven_share",
    "share_of_target",
    "year_target",
]
