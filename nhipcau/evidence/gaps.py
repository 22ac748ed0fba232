"""Who is shown what is missing."""

from nhipcau.agreements.access import Standing


def sees_gaps(standing: Standing) -> bool:
    """What is missing is for the staff of the parties; nobody is shamed before the departments above."""
    return standing.administrator or bool(standing.roles)
