"""The links by which somebody comes into an account: an invitation, or a new password."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from nhipcau.accounts.querysets import AccountLinkQuerySet
from nhipcau.parties.models import User


class AccountLink(models.Model):
    """A link for one person, good once and for some days; what it says is signed, whether it holds stands here."""

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        PASSWORD = "password", _("new password")

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links", verbose_name=_("account"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = AccountLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link into an account")
        verbose_name_plural = _("links into accounts")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="account_link_one_open",
                violation_error_message=_("There is an open link for this account already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_purpose_display()}"

    def is_open(self, *, at: datetime) -> bool:
        """Whether it still leads anywhere."""
        return self.used_at is None and self.revoked_at is None and at < self.expires_at
