"""Letters to the editors: received, answered, let go in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from nhipcau.agreements.models import Agreement
from nhipcau.core import erasures, journal
from nhipcau.core.holdings import months_ago, needed_elsewhere, same_address
from nhipcau.core.middleware import local_day
from nhipcau.newsroom.models import Article, Enquiry
from nhipcau.newsroom.querysets import EnquiryQuerySet
from nhipcau.outbox.models import Message
from nhipcau.outbox.services import empty_mails, queue_mail
from nhipcau.parties.models import Membership, Organisation, Person, User
from nhipcau.parties.services import empty_people, find_or_create_person
from nhipcau.privacy.models import Notice

FORM = "contact"
KEY = "enquiry"
HOLDING = "letters"
KEEP_MONTHS = 12
EMPTY = "—"
#: The same letter from the same address within so long is one.
TWICE = timedelta(minutes=10)
ANSWER = (Membership.Role.EDITOR, Membership.Role.CHIEF_EDITOR)


def responsible(article: Article | None) -> Organisation | None:
    """The unit that answers: the one that leads the article's section, else the first party of the latest agreement."""
    if article is not None and article.section.organisation is not None:
        return article.section.organisation
    agreement = Agreement.objects.first()
    party = agreement.parties.select_related("organisation").first() if agreement else None
    return party.organisation if party else None


def editors_of(organisation: Organisation, *, at: datetime) -> list[User]:
    """Who is told of a letter: the editors of the unit and the head of its editorial board, else its directors."""
    holding = Membership.objects.holding(day=local_day(at)).filter(organisation=organisation, user__is_active=True)
    for roles in (ANSWER, (Membership.Role.DIRECTOR,)):
        found = holding.filter(role__in=roles).exclude(user__email="").select_related("user").order_by("user__username")
        users = list({member.user_id: member.user for member in found}.values())
        if users:
            return users
    return []


@journal.verb(result=True, reason="")
def receive_enquiry(
    *,
    reason: str,
    organisation: Organisation,
    language: str,
    at: datetime,
    said: Mapping[str, str],
    article: Article | None = None,
) -> Enquiry:
    """Keep a letter and tell the editors by mail, which names nobody; one sent twice in a moment is one.

    `said` holds name, email, text, and where given address and outlet.
    """
    same = Enquiry.objects.filter(
        email=said["email"], text=said["text"], reason=reason, received_at__gt=at - TWICE
    ).first()
    if same is not None:
        return same
    enquiry = Enquiry.objects.create(
        reason=reason,
        organisation=organisation,
        page=article.pk if article else None,
        headline=article.title if article else "",
        language=language,
        received_at=at,
        **said,
    )
    with override(settings.LANGUAGE_CODE):
        page = settings.BASE_URL + reverse("newsroom:enquiry", args=[enquiry.pk])
        subject = _("A letter to the editors: %(about)s") % {"about": enquiry.get_reason_display()}
        lines = [_("A reader has written to the editors and waits for an answer.")]
        if article is not None:
            lines.append(_("Article: %(title)s") % {"title": article.title})
        lines.append(_("Read and answer it here: %(page)s") % {"page": page})
        for user in editors_of(organisation, at=at):
            queue_mail(
                key=f"{KEY}:{enquiry.pk}:{user.pk}",
                to=user.email,
                subject=subject,
                body="\n\n".join(lines),
                at=at,
                about=enquiry,
            )
    return enquiry


@journal.verb(of="enquiry")
def answer_enquiry(*, enquiry: Enquiry, outcome: str, by: User, at: datetime) -> Enquiry:
    """Note that a letter has been answered, and what came of it; the answer itself went by the editors' own mail."""
    enquiry.state = Enquiry.State.ANSWERED
    enquiry.outcome, enquiry.answered_at, enquiry.answered_by = outcome, at, by
    enquiry.save(update_fields=["state", "outcome", "answered_at", "answered_by"])
    return enquiry


@journal.verb(of="enquiry")
def reopen_enquiry(*, enquiry: Enquiry, by: User, at: datetime) -> Enquiry:
    """Let a letter wait once more."""
    enquiry.state = Enquiry.State.OPEN
    enquiry.answered_at = enquiry.answered_by = None
    enquiry.save(update_fields=["state", "answered_at", "answered_by"])
    return enquiry


def keep_months(*, at: datetime) -> int:
    """Months after the answer, or after it came where nobody answered, by the notice of the form; one query."""
    notice = Notice.objects.in_use(FORM, day=local_day(at))
    return notice.keep_months if notice else KEEP_MONTHS


def expired_enquiries(*, at: datetime) -> EnquiryQuerySet:
    """Letters whose words are over their time, answered or never answered."""
    before = months_ago(at, keep_months(at=at))
    over = Q(answered_at__lt=before) | Q(answered_at__isnull=True, received_at__lt=before)
    return Enquiry.objects.filter(over, emptied_at__isnull=True)


@journal.exempt("a record is made for who asks for the own data; what is asked is noted where it is decided")
@transaction.atomic
def people_who_wrote(*, email: str) -> set[int]:
    """The records of those who wrote from an address; one is made where nobody is on record under it. None without letters."""
    letters = Enquiry.objects.from_addresses([email])
    if not letters:
        return set()
    known = {letter.person_id for letter in letters if letter.person_id}
    if not known and not Person.objects.filter(same_address(email), erased_at__isnull=True).exists():
        person = find_or_create_person(name=letters[0].name, email=email)
        letters.filter(person=None).update(person=person)
        known = {person.pk}
    return known


def _empty_people(persons: set[int], *, at: datetime) -> None:
    """Records that were made for letters go with the last of them, unless something else needs them."""
    waiting = Enquiry.objects.filter(person__in=persons, emptied_at__isnull=True).values_list("person", flat=True)
    going = {person for person in persons - set(waiting) if not needed_elsewhere(person, besides=HOLDING)}
    empty_people(going, at=at)


def empty(enquiries: list[Enquiry], *, at: datetime) -> int:
    """Take from letters who wrote and what; that one came, and when, stays. How many."""
    keys = [enquiry.pk for enquiry in enquiries]
    Enquiry.objects.filter(pk__in=keys).update(name=EMPTY, outlet="", email="", text=EMPTY, outcome="", emptied_at=at)
    if keys:
        empty_mails(Message.objects.about(Enquiry, keys), waiting=False)
        _empty_people({enquiry.person_id for enquiry in enquiries if enquiry.person_id}, at=at)
        erasures.note(Enquiry, keys)
    return len(keys)


def empty_again(keys: Collection[int], at: datetime) -> int:
    """Empty those of the letters that a backup brought back; how many."""
    return empty(list(Enquiry.objects.filter(pk__in=keys, emptied_at__isnull=True)), at=at)


@journal.exempt("nobody does it: the clock, by the rule of the form")
@transaction.atomic
def purge_enquiries(at: datetime, limit: int) -> int:
    """Empty a batch of old letters; how many."""
    return empty(list(expired_enquiries(at=at).order_by("pk")[:limit]), at=at)
