"""What readers write to the editors: that something is wrong in an article, or a question of the press."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.newsroom.querysets import EnquiryQuerySet
from nhipcau.parties.models import Organisation, Person


class Enquiry(models.Model):
    """A letter to the editors; it waits until somebody has answered it."""

    class Reason(models.TextChoices):
        CORRECTION = "correction", _("correction of an article")
        PRESS = "press", _("question of the press")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ANSWERED = "answered", _("answered")

    reason = models.CharField(_("what it is about"), max_length=10, choices=Reason)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit that answers")
    )
    # Not a foreign key: the letter stays when the article is deleted, and holds nothing up.
    page = models.PositiveIntegerField(_("number of the page"), null=True, blank=True, editable=False)
    headline = models.CharField(_("headline"), max_length=255, blank=True)
    address = models.CharField(_("address of the page"), max_length=300, blank=True)
    name = models.CharField(_("name"), max_length=120)
    outlet = models.CharField(_("news organisation"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254)
    text = models.TextField(_("text"), max_length=4000)
    # Made when who wrote asks for the own data by the address of the letter; else nobody needs a record of the person.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=2, default="vi")
    received_at = models.DateTimeField(_("received at"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    emptied_at = models.DateTimeField(_("personal details erased at"), null=True, blank=True, editable=False)

    personal_fields = ("person", "name", "outlet", "email", "text", "outcome")

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to the editors")
        verbose_name_plural = _("letters to the editors")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | Q(state="answered", answered_at__isnull=False),
                name="enquiry_answered_has_its_moment",
            )
        ]
        indexes = [models.Index(fields=["organisation", "state", "received_at"], name="enquiry_list")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.received_at:%d/%m/%Y}"

    @property
    def neutral_label(self) -> str:
        """What the journal calls it: what it is about and when it came, not from whom."""
        return str(self)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer; one emptied without waits no longer, there is nobody to answer."""
        return self.state == self.State.OPEN and self.emptied_at is None
