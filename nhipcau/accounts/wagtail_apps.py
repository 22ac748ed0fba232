"""Wagtail's register of accounts with the form of the house; apart, for it is read before any model is."""

from wagtail.users.apps import WagtailUsersAppConfig


class AccountsRegister(WagtailUsersAppConfig):
    """In place of Wagtail's own, which asks for a first and a last name, and lets groups be changed by hand."""

    user_viewset = "nhipcau.accounts.back_office.Accounts"
    group_viewset = "nhipcau.accounts.back_office.Groups"
