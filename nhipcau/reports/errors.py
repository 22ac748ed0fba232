"""What reports refuse."""

from nhipcau.core.errors import Conflict, Refusal


class ReportRefused(Refusal):
    """A report cannot be drafted, changed, frozen or issued like this."""


class FiguresMoved(Conflict):
    """The figures changed after the director opened the page; nothing was frozen."""


class SnapshotRefused(Refusal):
    """A public snapshot cannot be prepared, seen, released or withdrawn like this."""
