"""What every desk page shows around its content: the sidebar, who is signed in, whether this is sample data."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from nhipcau.agreements.access import Standing, Verb, current_agreement, standing
from nhipcau.agreements.models import Agreement
from nhipcau.core import entries
from nhipcau.core.vietnamese import short_date
from nhipcau.parties.models import Membership


class Desk:
    """The frame of the desk, worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.agreement: Agreement | None
        try:
            self.agreement = current_agreement(request)
        except Http404:
            self.agreement = None
        kept = request.__dict__.setdefault("_standings", {})
        if self.agreement and self.agreement.pk not in kept:
            kept[self.agreement.pk] = standing(request.user, self.agreement, day=request.today)  # type: ignore[arg-type, attr-defined]
        self.standing: Standing | None = kept[self.agreement.pk] if self.agreement else None

    @property
    def is_sample(self) -> bool:
        """Whether the page shows sample data: by the agreement of what it shows, which need not be the one chosen."""
        shown: Agreement | None = self.request.__dict__.get("_shown_agreement", self.agreement)
        return bool(shown and shown.is_sample)

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        """Groups of entries this account may open; worked out once, though wide and narrow screens draw it both."""
        groups: dict[str, dict[str, Any]] = {}
        for entry in entries.menu():
            if not self._may(Verb(entry.verb)):
                continue
            try:
                url = reverse(entry.url_name)
            except NoReverseMatch:
                continue
            group = groups.setdefault(str(entry.group), {"label": entry.group, "entries": []})
            path = self.request.path
            group["entries"].append(
                {
                    "label": entry.label,
                    "url": url,
                    "current": path == url or (url.count("/") > 2 + path.startswith("/en/") and path.startswith(url)),
                    "count": entry.count(self.request, self.agreement) if entry.count else 0,
                }
            )
        return list(groups.values())

    def _may(self, verb: Verb) -> bool:
        """An administrator looks after accounts and the system before there is any agreement."""
        if self.standing:
            return self.standing.can(verb)
        return verb in {Verb.ACCOUNTS, Verb.ADMINISTER} and bool(getattr(self.request.user, "is_superuser", False))

    @property
    def acting(self) -> list[str]:
        """In whose place who is signed in acts today, as words."""
        places: dict[tuple[str, date], None] = {}
        for lent in self.standing.acting if self.standing else ():
            places.setdefault((lent.name, lent.last_day))
        return [
            _("On behalf of %(name)s until %(day)s") % {"name": name, "day": short_date(day)} for name, day in places
        ]

    @cached_property
    def roles(self) -> list[str]:
        """The roles of who is signed in, as words."""
        held = (
            Membership.objects.of(self.request.user)  # type: ignore[arg-type]
            .holding(day=self.request.today)  # type: ignore[attr-defined]
            .select_related("organisation")
        )
        return [f"{m.get_role_display()} · {m.organisation.short}" for m in held]


def desk(request: HttpRequest) -> dict[str, Any]:
    """Callables, so that public pages touch neither session nor database."""
    frame: list[Desk] = []

    def framed() -> Desk:
        if not frame:
            frame.append(Desk(request))
        return frame[0]

    def signed_in() -> bool:
        return bool(getattr(request, "user", None) and request.user.is_authenticated)

    return {
        "desk_menu": lambda: framed().menu if signed_in() else [],
        "desk_roles": lambda: framed().roles if signed_in() else [],
        "desk_acting": lambda: framed().acting if signed_in() else [],
        "desk_account_url": lambda: reverse("accounts:own") if signed_in() else "",
        "desk_agreement": lambda: framed().agreement if signed_in() else None,
        "desk_standing": lambda: framed().standing if signed_in() else None,
        "holds_sample": lambda: Agreement.objects.filter(is_sample=True).exists(),
        "desk_is_sample": lambda: signed_in() and framed().is_sample,
    }
