"""Who is shown what is missing."""

from nhipcau.agreements.access import Standing


def sees_gaps(standing: Standing) -> bool:
    """What is late or without a result is for the staff of the parties; departments above see what was done."""
    return standing.administrator or bool(standing.parties)
