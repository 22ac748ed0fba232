"""The register of accounts in the back office: names only; who comes in, and as what, is the desk's."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.account import (
    AccountView,
    LocaleSettingsPanel,
    NotificationsSettingsPanel,
    ThemeSettingsPanel,
)
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.users.forms import UserEditForm
from wagtail.users.views.groups import GroupViewSet
from wagtail.users.views.groups import IndexView as GroupsIndexView
from wagtail.users.views.users import IndexView, UserViewSet

from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.parties.models import User


class OwnSettings(AccountView):
    """How the back office looks and what it writes mails about; name, address and password are changed at the desk."""

    KEPT: ClassVar[tuple[type[Any], ...]] = (NotificationsSettingsPanel, LocaleSettingsPanel, ThemeSettingsPanel)

    def get_panels(self) -> list[Any]:
        """Those of Wagtail's that touch nothing of the account itself."""
        return [panel for panel in super().get_panels() if isinstance(panel, self.KEPT)]


class Withheld(ModelPermissionPolicy):
    """Nobody, whoever it be, does certain things to rows of a model in the back office."""

    def __init__(self, model: Any, *actions: str) -> None:
        super().__init__(model)
        self.actions = frozenset(actions)

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Not what is withheld."""
        return action not in self.actions and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """As above."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """As above."""
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """As above."""
        return self.user_has_any_permission(user, actions)


class AccountForm(VietnameseFormMixin, UserEditForm):
    """The names of an account; all else passes through the services of this room."""

    first_name = None
    last_name = None
    email = None
    is_superuser = None

    class Meta(UserEditForm.Meta):
        fields: ClassVar[list[str]] = ["username", "display_name"]
        widgets: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # one's own account has the same fields: none that could lock anybody out
        self.fields["display_name"].required = True


class List(IndexView):
    """Found by the name shown too."""

    search_fields: ClassVar[list[str]] = ["username", "display_name", "email"]

    def order_queryset(self, queryset: Any) -> Any:
        """By the name shown."""
        if self.ordering in {"name", "-name"}:
            return queryset.order_by(self.ordering.replace("name", "display_name"), "username")
        return super().order_queryset(queryset)


class Accounts(UserViewSet):
    """In Wagtail's settings; accounts are made by an invitation at the desk."""

    index_view_class = List
    copy_view_enabled = False
    permission_policy = Withheld(User, "add")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:  # noqa: FBT001, FBT002  (Wagtail's own)
        """There is one."""
        form: type[forms.ModelForm[User]] = AccountForm
        return form


class GroupList(GroupsIndexView):
    """Which groups there are."""

    columns: ClassVar[list[Column]] = [Column("name", label=_("Name"), sort_key="name")]


class Groups(GroupViewSet):
    """To be read only: the memberships fill groups, and newsroom/boards.py says what each may do."""

    index_view_class = GroupList
    permission_policy = Withheld(Group, "add", "change", "delete")
