"""Who writes, and which group of Wagtail stands for which role of which unit."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

from nhipcau.core import journal, middleware
from nhipcau.core.models import Bilingual
from nhipcau.newsroom.querysets import AuthorQuerySet
from nhipcau.parties.models import Membership, Organisation, Person, User


class Author(Bilingual):
    """A name as it is printed over articles; it may belong to a person of the register and to an account."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("about",)

    name = models.CharField(_("name as printed"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
        help_text=_("New articles of this account begin with this name."),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    about = models.CharField(_("about the author"), max_length=300, blank=True)
    about_en = models.CharField(_("about the author in English"), max_length=300, blank=True)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class RoleGroup(models.Model):
    """The group of Wagtail that stands for a role in a unit; its members follow the dated memberships."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role)
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="role_group", verbose_name=_("group"))

    class Meta:
        verbose_name = _("group of a role")
        verbose_name_plural = _("groups of roles")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "role"],
                name="role_group_once",
                violation_error_message=_("This role of this unit already has its group."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation.short}"


class EditorialApproval(AbstractGroupApprovalTask):
    """A step an article takes before it is published; the journal hears who passed it on, and who sent it back."""

    class Meta:
        verbose_name = _("step of approval")
        verbose_name_plural = _("steps of approval")

    def __str__(self) -> str:
        return str(self.name)

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> TaskState:
        """An article arrives at this step."""
        state = super().start(workflow_state, user=user)
        self._note(workflow_state, verb="newsroom.submit_article", by=user)
        return state

    def on_action(self, task_state: TaskState, user: User | None, action_name: str, **kwargs: Any) -> None:
        """Somebody approves, or asks for changes with a reason."""
        verb = "newsroom.approve_article" if action_name == "approve" else "newsroom.return_article"
        with transaction.atomic():
            super().on_action(task_state, user, action_name, **kwargs)
            self._note(task_state.workflow_state, verb=verb, by=user, reason=str(kwargs.get("comment", "")))

    def _note(self, workflow_state: WorkflowState, *, verb: str, by: User | None, reason: str = "") -> None:
        journal.note(workflow_state.content_object.specific, verb=verb, by=by, at=middleware.clock(), reason=reason)
