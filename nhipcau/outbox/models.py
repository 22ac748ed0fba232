"""Mail as rows: queued in the transaction that causes it, sent by the worker, kept with its story."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement
from nhipcau.outbox.querysets import MessageQuerySet


class Message(models.Model):
    """One mail to one address. `key` names its cause, so that asking twice queues it once.

    `about` names the record somebody's data are kept in, as `attendance.registration:5`: what is shown and emptied with it.
    A `sealed` mail carries a link for the recipient alone: nobody at the desk reads it, and once it went out it is empty.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("to", "subject", "body", "attachment_name", "attachment")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        KEPT = "kept", _("kept in the folder, no mail server set")
        UNCERTAIN = "uncertain", _("uncertain: check with the recipient")
        FAILED = "failed", _("failed")

    key = models.CharField(_("cause"), max_length=120, unique=True)
    about = models.CharField(_("about"), max_length=80, blank=True, editable=False)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("agreement")
    )
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    attachment_name = models.CharField(_("attachment name"), max_length=100, blank=True)
    attachment_type = models.CharField(_("attachment type"), max_length=60, blank=True)
    attachment = models.BinaryField(_("attachment"), null=True, blank=True)
    sealed = models.BooleanField(_("sealed"), default=False, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("next try"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    sender = models.CharField(_("sent by worker"), max_length=64, blank=True, editable=False)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="outbox_due"),
            models.Index(fields=["about"], name="outbox_about"),
            models.Index(fields=["agreement", "-created_at", "-id"], name="outbox_list"),
            # With the address, so that those that failed are counted from it alone, on every page of the desk.
            models.Index(fields=["agreement", "state", "-created_at", "-id", "to"], name="outbox_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class Delivery(models.Model):
    """One attempt at sending a mail, with what the server said."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("mail"))
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Message.State)
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.message_id} {self.outcome}"
