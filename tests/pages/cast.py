"""Who may ask what: for each address the audience it is for, for each audience what everybody of the cast is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nhipcau.outbox.models import Message
from tests.scenarios.programme import Programme

NOBODY, PARTICIPANT = "", "participant"
CAST = (
    "officer_hmc",
    "officer_fsc",
    "director_hmc",
    "overseer_dic",
    "reception_hmc",
    "records_hmc",
    "editor_hmc",
    "administrator",
    "outsider",
    PARTICIPANT,  # somebody who came by the own admission link and has no account
    NOBODY,
)
OK, ELSEWHERE, FORBIDDEN, UNKNOWN = 200, 302, 403, 404


def _answers(*inside: int, outsider: int, nobody: int) -> dict[str, int]:
    """What the eight of the agreement, an outsider and those without an account are answered."""
    return dict(zip(CAST, (*inside, outsider, nobody, nobody), strict=True))


def _inside(*inside: int) -> dict[str, int]:
    """Kept from outsiders, who shall not learn what exists, and from those who have not signed in."""
    return _answers(*inside, outsider=UNKNOWN, nobody=ELSEWHERE)


Y, N, U, E = OK, FORBIDDEN, UNKNOWN, ELSEWHERE
AUDIENCES: dict[str, dict[str, int]] = {
    # the order of the cast:  hmc fsc dir ove rec arc edi adm
    "everybody": _answers(Y, Y, Y, Y, Y, Y, Y, Y, outsider=OK, nobody=OK),
    "staff": _answers(Y, Y, Y, Y, Y, Y, Y, Y, outsider=OK, nobody=ELSEWHERE),
    "readers": _inside(Y, Y, Y, Y, Y, Y, Y, Y),
    "those who may be stood in for": _answers(Y, Y, Y, Y, E, E, E, E, outsider=OK, nobody=ELSEWHERE),
    "those who receive": _inside(Y, Y, Y, N, Y, N, N, N),
    "those who write": _inside(Y, Y, Y, N, N, Y, N, N),
    "those who answer for mail": _inside(Y, Y, Y, N, N, Y, N, Y),
    "those who keep data": _inside(Y, Y, Y, N, N, N, N, Y),
    "planners": _inside(Y, Y, Y, N, N, N, N, N),
    "the party that leads": _inside(Y, N, Y, N, N, N, N, N),
    "the party asked": _inside(Y, U, Y, N, N, N, N, N),
    "those who answer letters": _inside(N, N, Y, N, N, N, Y, N),
    "directors": _inside(N, N, Y, N, N, N, N, N),
    "keepers of accounts": _inside(N, N, Y, N, N, N, N, Y),
    "administrators alone": _answers(U, U, U, U, U, U, U, Y, outsider=UNKNOWN, nobody=ELSEWHERE),
    "keepers of all accounts": _inside(N, N, N, N, N, N, N, Y),
    "the director who is away": _answers(U, U, Y, U, U, U, U, U, outsider=UNKNOWN, nobody=ELSEWHERE),
    "departments": _inside(N, N, N, Y, N, N, N, N),
    "the records office": _inside(N, N, N, N, N, Y, N, N),
    "not signed in": _answers(E, E, E, E, E, E, E, E, outsider=ELSEWHERE, nobody=OK),
}
ASKED: dict[str, tuple[str, ...]] = {
    "everybody": (
        "website:home", "website:calendar", "website:month", "website:topic", "website:author", "website:site_card",
        "website:event_card", "website:article_card", "newsroom:contact", "newsroom:contact_sent", "website:event", "website:agreement", "website:progress", "website:check",
        "website:check_report", "website:about", "website:privacy", "website:accessibility", "website:calendar_ics", "website:event_ics",
        "website:robots", "website:sitemap", "website:news_sitemap", "website:news_feed", "website:section_feed",
        "website:topic_feed", "website:area_ics", "website:topic_ics", "website:organisation_ics", "website:search",
        "website:suggest", "website:opensearch", "wagtail_serve", "wagtaildocs_serve", "newsroom_rendition", "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done", "account_inactive", "accounts:link",
        "attendance:register", "attendance:ticket", "attendance:ticket_svg", "attendance:ticket_png",
        "attendance:ticket_ics", "attendance:cancel", "attendance:substitute", "attendance:resend",
        "attendance:own_data", "privacy:ask", "privacy:asked", "privacy:schema", "privacy:own", "privacy:own_file",
        "core:components",
    ),
    "staff": (
        "account_logout", "account_change_password", "account_reauthenticate", "mfa_index", "mfa_list_webauthn",
        "usersessions_list", "accounts:own", "desk:today",
    ),
    "readers": (
        "attendance:intake", "desk:roadmap", "desk:search", "desk:journal", "desk:journal_sheet", "desk:journal_csv",
        "desk:story", "desk:story_sheet", "desk:story_csv", "agreements:agreement", "plans:plan", "plans:plan_detail",
        "plans:directions", "plans:direction", "activities:activities", "activities:activities_sheet",
        "activities:activity", "evidence:trace", "evidence:clause", "evidence:activity_evidence", "evidence:indicator",
        "evidence:indicator_records", "evidence:ledger", "evidence:ledger_sheet", "evidence:evidence",
        "evidence:attachment", "evidence:inbox", "reports:reports", "reports:report", "reports:figure",
        "reports:report_docx", "reports:report_xlsx", "reports:signed_file", "reports:snapshot",
    ),
    "those who may be stood in for": ("accounts:stand_in_new",),
    "those who receive": (
        "attendance:guests", "attendance:guests_csv", "attendance:guests_xlsx", "attendance:guest",
        "attendance:sign_in_sheet", "attendance:reception",
    ),
    "those who write": ("reports:package", "outbox:message"),
    "those who answer for mail": ("outbox:outbox",),
    "those who keep data": ("privacy:retention",),
    "planners": (
        "privacy:requests", "attendance:doubles", "plans:plan_new", "plans:plan_edit", "plans:phase_new",
        "plans:phase_edit", "plans:objective_new", "plans:objective_edit", "plans:milestone_new", "plans:target_edit",
        "activities:activity_new", "evidence:indicator_edit", "evidence:indicator_new", "evidence:declare",
        "reports:report_new", "reports:narrative", "reports:explain",
    ),
    "the party that leads": (
        "attendance:guest_new", "plans:milestone_edit", "plans:milestone_reach", "activities:activity_edit",
        "activities:activity_speakers", "activities:activity_sessions", "activities:activity_hold",
        "activities:activity_close", "activities:activity_move", "activities:activity_cancel",
        "activities:activity_reopen", "evidence:revise",
    ),
    "the party asked": ("privacy:request",),
    "those who answer letters": ("newsroom:enquiries", "newsroom:enquiry"),
    "directors": ("plans:plan_adopt", "plans:plan_close", "reports:freeze"),
    "keepers of accounts": (
        "accounts:accounts", "accounts:invite", "accounts:account", "accounts:revise", "accounts:role_new",
        "accounts:role_end",
    ),
    "administrators alone": ("desk:system",),
    "departments": ("plans:direction_new",),
    "the records office": ("reports:issue",),
    "not signed in": ("account_login",),
}  # fmt: skip


@dataclass(frozen=True)
class Press:
    """A button without a page of its own: who may press it, and what pressing it without data is answered to them."""

    name: str
    at: Callable[[Programme], list[Any]]
    audience: str
    answer: int

    def __str__(self) -> str:
        return self.name


def _snapshot(p: Programme) -> list[int]:
    return [p.snapshot.pk]


def _colleague(p: Programme) -> list[int]:
    return [p.people["entered"].pk]


PRESSES = (
    Press("attendance:reception_sync", lambda p: [p.activities["today"].pk], "those who receive", 422),
    Press("outbox:resend", lambda p: [Message.objects.filter(agreement=p.agreement).order_by("pk")[0].pk],
          "those who write", 422),
    Press("agreements:agreement_choose", lambda p: [p.agreement.pk], "readers", 302),
    Press("reports:snapshot_prepare", lambda p: [], "planners", 302),
    Press("reports:snapshot_seen", _snapshot, "departments", 422),
    Press("reports:snapshot_release", _snapshot, "directors", 422),
    Press("reports:snapshot_withdraw", _snapshot, "directors", 422),
    Press("accounts:link_new", _colleague, "keepers of accounts", 302),
    Press("accounts:link_revoke", _colleague, "keepers of accounts", 302),
    Press("accounts:close", _colleague, "keepers of accounts", 422),
    Press("accounts:reopen", _colleague, "keepers of accounts", 422),
    Press("accounts:sign_out", _colleague, "keepers of accounts", 302),
    Press("accounts:factor_reset", _colleague, "keepers of all accounts", 422),
    Press("accounts:administration", _colleague, "keepers of all accounts", 302),
    Press("accounts:stand_in_withdraw", lambda p: [p.cast["director_hmc"].delegations_given.get().pk],
          "the director who is away", 302),
)  # fmt: skip
# Addresses that neither a visit nor a press reaches, each with the reason.
UNASKED: dict[str, str] = {
    "agreements:signed_file": "the agreement of the programme has no file; tests/agreements/test_views.py gives it one",
    "agreements:annex_file": "as above",
    "desk:first_administrator": "gone once there is an account; tests/desk/test_first_administrator.py",
    "machines:live": "asked by machines; tests/core/test_health.py",
    "machines:ready": "as above",
    "machines:metrics": "as above; tests/operation/test_metrics.py",
    "newsroom:write_about": "leads on into the back office; asked by every role in tests/newsroom/test_write_about.py",
}
# Where addresses of the entrance lead everybody who is signed in and has no second factor, as the cast; "" is nowhere (404).
LEADS: dict[str, str] = {
    "account_set_password": "account_change_password",
    "mfa_activate_totp": "account_reauthenticate",
    "mfa_add_webauthn": "account_reauthenticate",
    "mfa_authenticate": "desk:today",
    "mfa_deactivate_totp": "",
    "mfa_download_recovery_codes": "",
    "mfa_edit_webauthn": "account_reauthenticate",
    "mfa_generate_recovery_codes": "account_reauthenticate",
    "mfa_login_webauthn": "desk:today",
    "mfa_reauthenticate": "account_reauthenticate",
    "mfa_reauthenticate_webauthn": "account_reauthenticate",
    "mfa_remove_webauthn": "account_reauthenticate",
    "mfa_view_recovery_codes": "",
    "wagtailcore_login": "account_login",
}
NUMBERED = ("mfa_edit_webauthn", "mfa_remove_webauthn")
