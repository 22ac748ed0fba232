"""Who acts in somebody's place while that person is away."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from nhipcau.accounts import letters
from nhipcau.accounts.errors import NoStandIn, NotYours, WrongState
from nhipcau.accounts.services.accounts import check_days
from nhipcau.core import journal
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Delegation, Membership, Organisation, User

LENDABLE = (Membership.Role.DIRECTOR, Membership.Role.OFFICER)


@journal.verb(result=True, reason="")
def name_stand_in(
    *,
    delegate: User,
    organisation: Organisation,
    first_day: date,
    last_day: date,
    by: User,
    at: datetime,
    reason: str = "",
) -> Delegation:
    """Let a colleague act in one's place as director or officer from day to day; it ends by itself.

    The reason may be an illness: it stays out of the journal.

    Raises NotYours for a role one does not hold oneself (a stand-in lends nothing on), NoStandIn for somebody of
    elsewhere or who decides for another organisation, DaysReversed, and WrongState when somebody is named already.
    """
    today = local_day(at)
    check_days(first_day, last_day, today=today)
    people = User.objects.select_for_update(no_key=True).filter(pk__in=[by.pk, delegate.pk])
    if len(people.order_by("pk")) != 2:
        raise NoStandIn(_("Please choose another person."))
    own = Membership.objects.of(by).filter(organisation=organisation, role__in=LENDABLE)
    if not own.meeting(first_day, last_day).exists():
        raise NotYours(_("Only a role you hold yourself can be put into other hands."))
    held = Membership.objects.of(delegate).holding(day=max(first_day, today))
    if not delegate.is_active or not held.filter(organisation=organisation).exists():
        raise NoStandIn(_("Only somebody with a role in the same organisation can stand in."))
    directs = Membership.objects.of(delegate).meeting(first_day, last_day).filter(role=Membership.Role.DIRECTOR)
    elsewhere = Delegation.objects.meeting(first_day, last_day).filter(delegate=delegate)
    if directs.exclude(organisation=organisation).exists() or elsewhere.exclude(organisation=organisation).exists():
        raise NoStandIn(
            _("This person already decides for another organisation on some of these days; nobody decides for both.")
        )
    if Delegation.objects.meeting(first_day, last_day).filter(principal=by, organisation=organisation).exists():
        raise WrongState(_("Somebody stands in for you on some of these days already. Please withdraw that first."))
    delegation = Delegation.objects.create(
        principal=by,
        delegate=delegate,
        organisation=organisation,
        first_day=first_day,
        last_day=last_day,
        reason=reason,
        made_at=at,
    )
    letters.tell_stand_in(delegation, at=at)
    return delegation


@journal.verb(of="delegation", lock=False)
def withdraw_stand_in(*, delegation: Delegation, by: User, at: datetime) -> Delegation:
    """Let nobody act in this person's place any longer; what was decided meanwhile stays decided.

    Raises NotYours for anybody but who named the stand-in and administrators, WrongState when it has ended.
    """
    if by.pk != delegation.principal_id and not by.is_superuser:
        raise NotYours(_("Only who named the stand-in can withdraw."))
    standing = Delegation.objects.standing().filter(pk=delegation.pk, last_day__gte=local_day(at))
    if not standing.update(withdrawn_at=at):
        raise WrongState(_("This has ended already."))
    delegation.refresh_from_db()
    return delegation
