"""The register of accounts in the back office: by the name shown, as everywhere in the house."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import IndexView, UserViewSet

from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.parties.models import User


class _ByNameShown(VietnameseFormMixin):
    """Vietnamese names are not cut into a first and a last one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True


class NewAccountForm(_ByNameShown, UserCreationForm):
    """A new account with a password; the desk invites by a link instead."""

    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        fields: ClassVar[list[str]] = ["username", "email", "display_name", "phone", "is_superuser", "groups"]
        widgets: ClassVar[dict[str, Any]] = {"groups": forms.CheckboxSelectMultiple}


class AccountForm(_ByNameShown, UserEditForm):
    """An account there is."""

    first_name = None
    last_name = None

    class Meta(UserEditForm.Meta):
        fields: ClassVar[list[str]] = [*NewAccountForm.Meta.fields, "is_active"]
        widgets: ClassVar[dict[str, Any]] = {"groups": forms.CheckboxSelectMultiple}


class List(IndexView):
    """Found by the name shown too."""

    search_fields: ClassVar[list[str]] = ["username", "display_name", "email"]

    def order_queryset(self, queryset: Any) -> Any:
        """By the name shown."""
        if self.ordering in {"name", "-name"}:
            return queryset.order_by(self.ordering.replace("name", "display_name"), "username")
        return super().order_queryset(queryset)


class Accounts(UserViewSet):
    """In Wagtail's settings."""

    index_view_class = List

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:  # noqa: FBT001, FBT002  (Wagtail's own)
        """Of a new account, of one there is."""
        form: type[forms.ModelForm[User]] = AccountForm if for_update else NewAccountForm
        return form
