"""The questions asked of links into accounts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from nhipcau.accounts.models import AccountLink


class AccountLinkQuerySet(models.QuerySet["AccountLink"]):
    """Sets of links."""

    def unspent(self) -> AccountLinkQuerySet:
        """Those neither used nor withdrawn; some may be too old."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)

    def open(self, *, at: datetime) -> AccountLinkQuerySet:
        """Those that still lead into their account."""
        return self.unspent().filter(expires_at__gt=at)
