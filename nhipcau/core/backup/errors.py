"""Why a copy was not made or not put back."""

from nhipcau.core.errors import Refusal


class BackupRefused(Refusal):
    """The copy cannot be made or put back; its sentence says why and that nothing was changed."""
