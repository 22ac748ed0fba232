"""Who visits which address of ours with what, and the few addresses that are not pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import get_language, override

from nhipcau.accounts import links
from nhipcau.attendance import tickets
from nhipcau.core import signing
from nhipcau.privacy import services as privacy
from tests.scenarios.programme import Programme

Arguments = Callable[[Programme], Any]
OFFICER, OTHER, ADMINISTRATOR, NOBODY = "officer_hmc", "officer_fsc", "administrator", ""


@dataclass(frozen=True)
class Visit:
    """One look at one address: by whom, at which record, with which query."""

    name: str
    label: str = ""
    by: str = OFFICER
    at: Arguments = lambda p: []
    query: str = ""
    status: int = 200
    file: str = ""  # the content type, where the answer is no page

    def __str__(self) -> str:
        return f"{self.name}({self.label})" if self.label else self.name

    def path(self, programme: Programme, language: str) -> str:
        """The address in a language."""
        with override(language):
            return reverse(self.name, args=self.at(programme)) + self.query


def _page(name: str, label: str = "", at: Arguments = lambda p: [], **more: Any) -> Visit:
    return Visit(name=name, label=label, at=at, **more)


def _public(name: str, label: str = "", at: Arguments = lambda p: [], **more: Any) -> Visit:
    return Visit(name=name, label=label, at=at, by=NOBODY, **more)


def _activity(key: str) -> Arguments:
    return lambda p: [p.activities[key].pk]


def _slug(key: str) -> Arguments:
    return lambda p: [p.activities[key].slug]


def _token(key: str) -> Arguments:
    return lambda p: [tickets.token(p.registrations[key])]


def _replaced(p: Programme) -> list[str]:
    return [signing.sign("ticket", p.registrations["confirmed"].pk, generation=1)]


def _guest(key: str) -> Arguments:
    return lambda p: [p.registrations[key].pk]


def _access(key: str) -> Arguments:
    return lambda p: [privacy.token(p.accesses[key])]


def _request(key: str) -> Arguments:
    return lambda p: [p.requests[key].pk]


def _evidence(key: str) -> Arguments:
    return lambda p: [p.evidence[key].pk]


def _report(key: str) -> Arguments:
    return lambda p: [p.reports[key].pk]


def _plan(p: Programme) -> list[int]:
    return [p.plan.pk]


def _indicator(p: Programme) -> list[int]:
    return [p.indicators[0].pk]


def _clause(p: Programme) -> list[int]:
    return [p.agreement.clauses.all()[0].pk]


def _file(p: Programme) -> list[Any]:
    attachment = p.evidence["verified"].attachments.get()
    return [attachment.pk, attachment.sha256[:16]]


def _unit(key: str) -> int:
    from tests.makers import make_organisation

    return make_organisation(key).pk


def _mail(p: Programme) -> int:
    from nhipcau.outbox.models import Message

    return Message.objects.filter(agreement=p.agreement).order_by("pk")[0].pk


def _match() -> int:
    from nhipcau.parties.models import Match

    return Match.objects.order_by("pk")[0].pk


def _edition(vietnamese: str, english: str) -> Arguments:
    """A page of the news by its address in the language of the visit."""
    return lambda p: [english if get_language() == "en" else vietnamese]


def _feed_of_section(_p: Programme) -> list[str]:
    return ["foreign-affairs" if get_language() == "en" else "doi-ngoai", "rss"]


def _topic() -> str:
    from nhipcau.agreements.models import Topic

    return Topic.objects.order_by("order", "slug")[0].slug


def _feed_of_topic(_p: Programme) -> list[str]:
    return [_topic(), "atom"]


def _area(p: Programme) -> str:
    return p.agreement.clauses.exclude(area=None)[0].area.slug


def _card(p: Programme) -> list[int]:
    """The article in the language of the visit."""
    return [p.articles["english" if get_language() == "en" else "full"].pk]


def _document(_p: Programme) -> list[Any]:
    """The one that a public article offers."""
    from nhipcau.newsroom.models import Offered

    kept = Offered.objects.get().document
    return [kept.pk, kept.filename]


def _rendition(p: Programme) -> list[str]:
    """A picture in the size that exists at once."""
    from nhipcau.newsroom.pictures import AT_ONCE, spec

    picture = p.articles["full"].picture
    assert picture
    return [picture.get_rendition(spec(*AT_ONCE)).file.name.removeprefix("images/")]


CALENDAR, PICTURE, SHEET, WORDS, PAPER = (
    "text/calendar; charset=utf-8",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/pdf",
)
VISITS = [
    # --- the public site
    _public("website:home"),
    _public("website:calendar"),
    _public("website:calendar", "past", query="?khi=qua"),
    _public("website:calendar", "nothing found", query="?q=khongcogi"),
    _public("website:month", at=lambda p: [2026, 11]),
    _public("website:month", "nothing", lambda p: [2020, 2]),
    _public("website:month", "too far", lambda p: [1999, 1], status=404),
    _public("website:topic", at=lambda p: ["economy"]),
    _public("website:author", at=lambda p: [p.articles["full"].bylines.get().author.slug]),
    _public("website:site_card", file=PICTURE),
    _public("website:event_card", at=_slug("open"), file=PICTURE),
    _public("website:article_card", at=_card, file=PICTURE),
    _public("website:event", "open", _slug("open")),
    _public("website:event", "full", _slug("full")),
    _public("website:event", "moved", _slug("moved")),
    _public("website:event", "cancelled", _slug("cancelled")),
    _public("website:event", "over", _slug("closed")),
    _public("website:event", "only Vietnamese", _slug("vietnamese")),
    _public("website:agreement"),
    _public("website:progress"),
    _public("website:check"),
    _public("website:check_report", "issued", lambda p: [p.reports["issued"].check_code]),
    _public("website:check_report", "frozen", lambda p: [p.reports["frozen"].check_code]),
    _public("website:check_report", "unknown", lambda p: ["KHONGCO"], status=404),
    _public("website:about"),
    _public("website:privacy"),
    _public("website:accessibility"),
    _public("website:calendar_ics", file=CALENDAR),
    _public("website:event_ics", at=_slug("open"), file=CALENDAR),
    _public("website:robots", file="text/plain; charset=utf-8"),
    _public("website:sitemap", file="application/xml; charset=utf-8"),
    _public("website:news_sitemap", file="application/xml; charset=utf-8"),
    _public("website:news_feed", "RSS", lambda _p: ["rss"], file="application/rss+xml; charset=utf-8"),
    _public("website:news_feed", "Atom", lambda _p: ["atom"], file="application/atom+xml; charset=utf-8"),
    _public("website:news_feed", "JSON", lambda _p: ["json"], file="application/feed+json; charset=utf-8"),
    _public("website:news_feed", "ninjs", lambda _p: ["ninjs"], file="application/json; charset=utf-8"),
    _public("website:section_feed", at=_feed_of_section, file="application/rss+xml; charset=utf-8"),
    _public("website:topic_feed", at=_feed_of_topic, file="application/atom+xml; charset=utf-8"),
    _public("website:area_ics", at=lambda p: [_area(p)], file=CALENDAR),
    _public("website:topic_ics", at=lambda _p: [_topic()], file=CALENDAR),
    _public("website:organisation_ics", at=lambda _p: [_unit("hmc")], file=CALENDAR),
    # --- the news
    _public("wagtail_serve", "news front", _edition("", "")),
    _public("wagtail_serve", "section", _edition("doi-ngoai/", "foreign-affairs/")),
    _public("wagtail_serve", "empty section", _edition("bao-chi/", "press/")),
    _public(
        "wagtail_serve",
        "article",
        _edition("doi-ngoai/khai-mac-toa-dam-khoi-nghiep-so/", "foreign-affairs/digital-start-ups-meet-investors/"),
    ),
    _public("wagtaildocs_serve", at=_document, file=PAPER),
    _public("newsroom_rendition", at=_rendition, file="image/jpeg"),
    # --- letters to the editors
    _public("newsroom:contact", "correction", lambda p: ["dinh-chinh"]),
    _public("newsroom:contact", "of an article", lambda p: ["dinh-chinh"], query="?bai=1"),
    _public("newsroom:contact", "press", lambda p: ["bao-chi"]),
    _public("newsroom:contact", "unknown", lambda p: ["khac"], status=404),
    _public("newsroom:contact_sent"),
    _page("newsroom:enquiries", by="editor_hmc"),
    _page("newsroom:enquiries", "answered", by="director_hmc", query="?show=answered"),
    _page("newsroom:enquiries", "officer", status=403),
    _page("newsroom:enquiry", "waiting", lambda p: [p.letters["correction"].pk], by="editor_hmc"),
    _page("newsroom:enquiry", "answered", lambda p: [p.letters["press"].pk], by="director_hmc"),
    # --- signing in, in the look of the house
    _public("account_login"),
    _page("account_logout"),
    _public("account_reset_password"),
    _public("account_reset_password_done"),
    _public("account_reset_password_from_key", "spent", lambda p: ["1", "set-password"]),
    _public("account_reset_password_from_key_done"),
    _public("account_inactive"),
    _page("account_change_password"),
    _page("account_reauthenticate"),
    _page("mfa_index"),
    _page("mfa_index", "director", by="director_hmc"),
    _page("mfa_list_webauthn"),
    _page("usersessions_list"),
    # --- accounts
    _page("accounts:accounts", by=ADMINISTRATOR),
    _page("accounts:accounts", "director", by="director_hmc"),
    _page("accounts:accounts", "nothing found", by=ADMINISTRATOR, query="?q=khongcogi"),
    _page("accounts:accounts", "officer", status=403),
    _page("accounts:invite", by=ADMINISTRATOR),
    _page("accounts:invite", "director", by="director_hmc"),
    _page("accounts:account", "active", lambda p: [p.people["entered"].pk], by=ADMINISTRATOR),
    _page("accounts:account", "director", lambda p: [p.cast["officer_hmc"].pk], by="director_hmc"),
    _page("accounts:account", "invited", lambda p: [p.links["invitation"].account_id], by=ADMINISTRATOR),
    _page("accounts:account", "closed", lambda p: [p.people["closed"].pk], by=ADMINISTRATOR),
    _page("accounts:account", "own", lambda p: [p.cast["administrator"].pk], by=ADMINISTRATOR),
    _page("accounts:account", "away", lambda p: [p.cast["director_hmc"].pk], by=ADMINISTRATOR),
    _page("accounts:account", "of the other", lambda p: [p.cast["officer_fsc"].pk], by="director_hmc", status=404),
    _page("accounts:revise", at=lambda p: [p.people["entered"].pk], by=ADMINISTRATOR),
    _page("accounts:role_new", at=lambda p: [p.people["entered"].pk], by=ADMINISTRATOR),
    _page("accounts:role_end", at=lambda p: [p.people["entered"].memberships.get().pk], by=ADMINISTRATOR),
    _page("accounts:own"),
    _page("accounts:own", "away", by="director_hmc"),
    _page("accounts:own", "reception", by="reception_hmc"),
    _page("accounts:stand_in_new", by="director_fsc"),
    _public("accounts:link", "invitation", lambda p: [links.token(p.links["invitation"])]),
    _public("accounts:link", "password", lambda p: [links.token(p.links["password"])]),
    _public("accounts:link", "damaged", lambda p: ["hong"], status=404),
    # --- a guest's own pages
    _public("attendance:register", "open", _slug("open")),
    _public("attendance:register", "full", _slug("full")),
    _public("attendance:register", "cancelled", _slug("cancelled")),
    _public("attendance:register", "early", _slug("vietnamese")),
    _public("attendance:register", "over", _slug("closed")),
    _public("attendance:ticket", "confirmed", _token("confirmed")),
    _public("attendance:ticket", "waiting", _token("waiting")),
    _public("attendance:ticket", "cancelled", _token("cancelled")),
    _public("attendance:ticket", "arrived", _token("arrived")),
    _public("attendance:ticket", "damaged link", lambda p: ["hong"], status=404),
    _public("attendance:resend"),
    _public("attendance:resend", "taken", query="?da-nhan"),
    _public("attendance:ticket", "old link", _replaced, status=410),
    _public("attendance:ticket_svg", at=_token("confirmed"), file="image/svg+xml"),
    _public("attendance:ticket_png", at=_token("confirmed"), file=PICTURE),
    _public("attendance:ticket_ics", at=_token("confirmed"), file=CALENDAR),
    _public("attendance:cancel", at=_token("confirmed")),
    _public("attendance:substitute", at=_token("confirmed")),
    _public("attendance:own_data", at=_token("confirmed")),
    # --- a person's own data
    _public("privacy:ask"),
    _public("privacy:asked"),
    _public("privacy:schema", file="application/schema+json"),
    _public("privacy:own", "everything", _access("email")),
    _public("privacy:own", "by the code", _access("ticket")),
    _public("privacy:own", "link over", _access("over"), status=404),
    _public("privacy:own_file", at=_access("email"), file="application/json; charset=utf-8"),
    # --- requests at the desk
    _page("privacy:requests"),
    _page("privacy:requests", "answered", query="?show=answered"),
    _page("privacy:requests", "nothing", by=OTHER),
    *(
        _page("privacy:request", key, _request(key))
        for key in ("erase", "correct", "late", "unchecked", "refused", "seen")
    ),
    _page("privacy:request", "of the other", _request("erase"), by=OTHER, status=404),
    _page("privacy:retention"),
    _page("attendance:doubles"),
    _page("attendance:doubles", "of the other", by=OTHER),
    # --- guests at the desk
    _page("attendance:guests", at=_activity("open")),
    _page("attendance:guests", "waiting", _activity("full"), query="?show=waiting"),
    _page("attendance:guests", "nothing found", _activity("open"), query="?q=khongcogi"),
    _page("attendance:guests", "no intake", _activity("overdue")),
    _page("attendance:guests", "read only", _activity("open"), by=OTHER),
    _page("attendance:guests_csv", at=_activity("open"), file="text/csv; charset=utf-8"),
    _page("attendance:guests_xlsx", at=_activity("open"), file=SHEET),
    _page("attendance:guest_new", at=_activity("open")),
    _page("attendance:guest", "confirmed", _guest("confirmed")),
    _page("attendance:guest", "arrived", _guest("arrived")),
    _page("attendance:guest", "waiting", _guest("waiting")),
    _page("attendance:guest", "cancelled", _guest("cancelled")),
    _page("attendance:guest", "replaced", _guest("replaced")),
    _page("attendance:guest", "substitute", _guest("substitute")),
    _page("attendance:guest", "honour", _guest("honour")),
    _page("attendance:intake", "open", _activity("open")),
    _page("attendance:intake", "read only", _activity("open"), by="overseer_dofa"),
    _page("attendance:guest", "read only", _guest("confirmed"), by=OTHER),
    _page("attendance:intake", "new", _activity("held")),
    _page("attendance:sign_in_sheet", at=_activity("open")),
    _page("attendance:sign_in_sheet", "with list", _activity("closed")),
    _page("attendance:reception", at=_activity("today"), by="reception_hmc"),
    _page("attendance:reception", "found", _activity("today"), by="reception_hmc", query="?q=nguyen"),
    _page("attendance:reception", "not found", _activity("today"), by="reception_hmc", query="?q=khongcogi"),
    # --- the desk
    _page("desk:today"),
    _page("desk:today", "director", by="director_fsc"),
    _page("desk:today", "overseer", by="overseer_dic"),
    _page("desk:today", "outsider", by="outsider"),
    _page("desk:roadmap"),
    _public("website:search"),
    _public("website:search", "found", query="?q=toa+dam"),
    _public("website:search", "near", query="?q=toa+dma"),
    _public(
        "website:search", "narrowed", query="?q=toa+dam&topic=startup&year=2026&language=vi&section=bao-chi&kind=news"
    ),
    _public("website:search", "nothing found", query="?q=khongcogi"),
    _public("website:suggest", query="?q=toa", file="application/json"),
    _public("website:suggest", "browser", query="?q=toa&form=opensearch", file="application/x-suggestions+json"),
    _public("website:opensearch", file="application/opensearchdescription+xml"),
    _page("desk:search"),
    _page("desk:search", "found", query="?q=toa+dam"),
    _page("desk:search", "nothing found", query="?q=khongcogi"),
    _page("desk:journal"),
    _page("desk:journal", "nothing found", query="?q=khongcogi"),
    _page("desk:journal", "overseer", by="overseer_dofa"),
    _page("desk:journal", "administrator", by="administrator", query="?kind=plans.indicator"),
    _page("desk:journal_sheet", file=SHEET),
    _page("desk:journal_csv", file="text/csv; charset=utf-8"),
    _page("desk:story", "clause", lambda p: ["agreements.clause", _clause(p)[0]]),
    _page("desk:story", "activity", lambda p: ["activities.activity", p.activities["moved"].pk]),
    _page("desk:story", "guest", lambda p: ["attendance.registration", p.registrations["confirmed"].pk]),
    _page(
        "desk:story",
        "guest unseen",
        lambda p: ["attendance.registration", p.registrations["confirmed"].pk],
        by="overseer_dofa",
        status=403,
    ),
    _page("desk:story", "data request", lambda p: ["privacy.request", p.requests["erase"].pk]),
    _page(
        "desk:story",
        "data request of the other",
        lambda p: ["privacy.request", p.requests["erase"].pk],
        by=OTHER,
        status=404,
    ),
    _page("desk:story", "letter", lambda p: ["newsroom.enquiry", p.letters["press"].pk], by="editor_hmc"),
    _page(
        "desk:story",
        "letter unseen",
        lambda p: ["newsroom.enquiry", p.letters["press"].pk],
        by="reception_hmc",
        status=403,
    ),
    _page("desk:story", "compared", lambda p: ["parties.match", _match()]),
    _page("desk:story", "compared, unseen", lambda p: ["parties.match", _match()], by="reception_hmc", status=403),
    _page("desk:story", "unknown", lambda p: ["plans.plan", "x"], status=404),
    _page("desk:story_sheet", at=lambda p: ["plans.plan", p.plan.pk], file=SHEET),
    _page("desk:story_csv", at=lambda p: ["plans.plan", p.plan.pk], file="text/csv; charset=utf-8"),
    _page("desk:system", by="administrator"),
    _page("desk:system", "officer", status=404),
    _page("core:components"),
    # --- agreement, plan, directions
    _page("agreements:agreement"),
    _page("plans:plan"),
    _page("plans:plan_new"),
    _page("plans:plan_detail", "draft", lambda p: [p.draft_plan.pk]),
    _page("plans:plan_detail", "director", _plan, by="director_hmc"),
    _page("plans:plan_edit", at=_plan),
    _page("plans:plan_adopt", at=lambda p: [p.draft_plan.pk], by="director_hmc"),
    _page("plans:plan_close", at=_plan, by="director_hmc"),
    _page("plans:phase_new", at=_plan),
    _page("plans:phase_edit", at=lambda p: [p.phases[3].pk]),
    _page("plans:objective_new", at=_plan),
    _page("plans:objective_edit", at=lambda p: [p.objectives[0].pk]),
    _page("plans:milestone_new", at=_plan),
    _page("plans:milestone_edit", at=lambda p: [p.milestone.pk]),
    _page("plans:milestone_reach", at=lambda p: [p.milestone.pk]),
    _page("plans:target_edit", at=lambda p: [p.indicators[0].pk, p.phases[3].pk]),
    _page("plans:directions"),
    _page("plans:direction_new", by="overseer_dic"),
    _page("plans:direction", at=lambda p: [p.directions[1].pk]),
    _page("plans:direction", "of the other", lambda p: [p.directions[0].pk], by="overseer_dofa"),
    # --- activities
    _page("activities:activities"),
    _page("activities:activities", "nothing found", query="?q=khongcogi"),
    _page("activities:activities_sheet", file=SHEET),
    _page("activities:activity_new"),
    *(
        _page("activities:activity", key, _activity(key))
        for key in ("closed", "held", "overdue", "open", "moved", "cancelled")
    ),
    _page("activities:activity", "outsider", _activity("open"), by="outsider", status=404),
    _page("activities:activity_edit", at=_activity("open")),
    _page("activities:activity_edit", "overseer", _activity("open"), by="overseer_dofa", status=403),
    _page("activities:activity_speakers", at=_activity("open")),
    _page("activities:activity_sessions", at=_activity("open")),
    _page("activities:activity_hold", at=_activity("today")),
    _page("activities:activity_close", at=_activity("held")),
    _page("activities:activity_move", at=_activity("open")),
    _page("activities:activity_cancel", at=_activity("open")),
    _page("activities:activity_reopen", at=_activity("cancelled")),
    # --- evidence
    _page("evidence:trace"),
    _page("evidence:trace", "overseer", by="overseer_dic"),
    _page("evidence:clause", at=_clause),
    _page("evidence:activity_evidence", "closed", _activity("closed")),
    _page("evidence:activity_evidence", "nothing yet", _activity("vietnamese")),
    _page("evidence:indicator", "rows", _indicator),
    _page("evidence:indicator", "share", lambda p: [p.indicators[3].pk]),
    _page("evidence:indicator_records", at=_indicator),
    _page("evidence:indicator_edit", at=_indicator),
    _page("evidence:indicator_new", at=_plan),
    _page("evidence:ledger"),
    _page("evidence:ledger", "returned", query="?state=returned"),
    _page("evidence:ledger", "nothing found", query="?q=khongcogi"),
    _page("evidence:ledger_sheet", file=SHEET),
    _page("evidence:declare", "kinds"),
    _page("evidence:declare", "form", query="?kind=press.item"),
    _page("evidence:declare", "for an activity", query="?kind=survey.score&activity=1"),
    *(
        _page("evidence:evidence", key, _evidence(key))
        for key in ("machine", "verified", "returned", "replaced", "waiting", "withdrawn")
    ),
    _page("evidence:evidence", "of the other", _evidence("mine")),
    _page("evidence:revise", at=_evidence("returned")),
    _page("evidence:attachment", at=_file, file=PAPER),
    _page("evidence:inbox"),
    _page("evidence:inbox", "other", by=OTHER),
    # --- reports and what is public
    _page("reports:reports"),
    _page("reports:report_new"),
    *(_page("reports:report", key, _report(key)) for key in ("draft", "half", "frozen", "issued")),
    _page("reports:report", "director", _report("half"), by="director_fsc"),
    _page("reports:report", "records office", _report("frozen"), by="records_hmc"),
    _page("reports:narrative", at=_report("draft")),
    _page("reports:explain", at=lambda p: [p.reports["draft"].pk, p.indicators[0].pk]),
    _page("reports:figure", "draft", lambda p: [p.reports["draft"].pk, p.indicators[0].pk]),
    _page("reports:figure", "drifted", lambda p: [p.reports["issued"].pk, p.indicators[0].pk]),
    _page("reports:freeze", at=_report("half"), by="director_fsc"),
    _page("reports:issue", at=lambda p: [p.reports["frozen"].pk, _unit("hmc")], by="records_hmc"),
    _page("reports:report_docx", at=_report("issued"), file=WORDS),
    _page("reports:report_xlsx", at=_report("issued"), file=SHEET),
    _page("reports:package", at=_report("frozen"), file="application/zip"),
    _page("reports:signed_file", at=lambda p: [p.reports["issued"].issues.get().pk], file=PAPER),
    _page("reports:snapshot"),
    _page("reports:snapshot", "director", by="director_hmc"),
    # --- mail
    _page("outbox:outbox"),
    _page("outbox:outbox", "nothing found", query="?q=khongcogi"),
    _page("outbox:message", at=lambda p: [_mail(p)]),
]


# Addresses that answer no GET with a page, each with the reason.
EXCEPTIONS: dict[str, str] = {
    "accounts:link_new": "a button of the account's page; POST only",
    "accounts:link_revoke": "as above",
    "accounts:close": "as above",
    "accounts:reopen": "as above",
    "accounts:sign_out": "as above",
    "accounts:factor_reset": "as above",
    "accounts:administration": "as above",
    "accounts:stand_in_withdraw": "a button of one's own page; POST only",
    "account_set_password": "for accounts without a password, which lead to a link here",
    "mfa_authenticate": "between password and desk; looked at in tests/e2e/test_second_factor.py",
    "mfa_reauthenticate": "asks the second factor again; looked at there",
    "mfa_reauthenticate_webauthn": "asked by a script of that page; nobody with a passkey looks at it in a test",
    "mfa_activate_totp": "asks the password first; looked at in tests/e2e/test_second_factor.py",
    "mfa_deactivate_totp": "as above",
    "mfa_view_recovery_codes": "as above",
    "mfa_generate_recovery_codes": "as above",
    "mfa_download_recovery_codes": "a file, for who has codes; not asked for its words",
    "mfa_add_webauthn": "asks the password first; looked at in tests/e2e/test_second_factor.py",
    "mfa_login_webauthn": "asked by a script only",
    "mfa_remove_webauthn": "asks the password first; looked at there",
    "mfa_edit_webauthn": "as above",
    "machines:live": "answers machines, without a language; asked in tests/core/test_health.py",
    "machines:ready": "as above",
    "machines:metrics": "as above; asked in tests/operation/test_metrics.py",
    "attendance:reception_sync": "takes what a device kept while the network was gone; POST only",
    "wagtailcore_login": "leads on to the entrance; followed by the whole cast in test_cast",
    "newsroom:write_about": "leads on into the back office; followed in tests/newsroom/test_write_about.py",
    "outbox:resend": "a button of the outbox; POST only",
    "agreements:agreement_choose": "a button of the desk's menu; POST only",
    "agreements:signed_file": "the agreement of the programme has no file; tests/agreements/test_views.py gives it one",
    "agreements:annex_file": "as above",
    "reports:snapshot_prepare": "a button of the page of snapshots; POST only",
    "reports:snapshot_seen": "as above",
    "reports:snapshot_release": "as above",
    "reports:snapshot_withdraw": "as above",
    "desk:first_administrator": "gone once there is an account; tests/desk/test_first_administrator.py",
}


def names() -> list[str]:
    """Every address outside the back office, by the resolver; tests/pages/screens.py lists those inside."""

    def walk(patterns: list[Any], namespaces: tuple[str, ...]) -> list[str]:
        found: list[str] = []
        for pattern in patterns:
            if str(pattern.pattern).startswith(settings.CMS_PATH):
                continue
            if isinstance(pattern, URLResolver):
                space = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
                found += walk(pattern.url_patterns, space)
            elif isinstance(pattern, URLPattern):
                found.append(":".join((*namespaces, pattern.name or f"without a name: {pattern.pattern}")))
        return found

    return sorted(set(walk(get_resolver().url_patterns, ())))
