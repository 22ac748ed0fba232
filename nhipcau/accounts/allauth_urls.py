"""Those pages of allauth that are of use here, under its own names; each refuses with 422."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as key
from allauth.usersessions import views as devices
from django.urls import path, re_path

from nhipcau.accounts.views.entrance import KeepTheLast, ShowFactor, ShowPasskey, refusing, telling

urlpatterns = [
    path("login/", refusing(account.LoginView), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", refusing(account.ReauthenticateView), name="account_reauthenticate"),
    path("password/change/", telling(account.PasswordChangeView), name="account_change_password"),
    path("password/set/", refusing(account.PasswordSetView), name="account_set_password"),
    path("password/reset/", refusing(account.PasswordResetView), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        refusing(account.PasswordResetFromKeyView),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", factor.index, name="mfa_index"),
    path("2fa/authenticate/", ShowFactor.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", telling(factor.ReauthenticateView), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", refusing(totp.ActivateTOTPView), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", refusing(totp.DeactivateTOTPView), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/webauthn/", key.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", refusing(key.AddWebAuthnView), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", ShowPasskey.as_view(), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", telling(key.ReauthenticateWebAuthnView), name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", KeepTheLast.as_view(), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", refusing(key.EditWebAuthnView), name="mfa_edit_webauthn"),
    path("sessions/", devices.list_usersessions, name="usersessions_list"),
]
