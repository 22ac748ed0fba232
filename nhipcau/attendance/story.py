"""How the journal tells what happens to guests: by the admission code, which erasure leaves."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.attendance.rules import access_match
from nhipcau.core.journal import Phrase, Thing, declare, read_by, tell

read_by("parties.match")(access_match)

_PLAN = "intake.activity.plan.agreement"

declare(
    Thing(
        Intake,
        under="activity",
        whole="activity.plan.agreement",
        called=lambda intake: intake.activity,
        page=lambda entry: reverse("attendance:intake", args=[entry.under_id]),
        silent=("activity",),
    ),
    Thing(
        Registration,
        under="intake.activity",
        whole=_PLAN,
        called=lambda registration: registration.code,
        page=lambda entry: reverse("attendance:guest", args=[entry.object_id]),
        opens="guests",
        sees="guests",
        silent=(
            "intake", "person", "language", "code", "registered_at", "registered_by", "cancelled_at", "cancelled_by",
        ),
        labels={"audience": _("Audience")},
    ),
    Thing(
        CheckIn,
        under=f"registration.{_PLAN.removesuffix('.plan.agreement')}",
        whole=f"registration.{_PLAN}",
        called=lambda check_in: check_in.registration.code,
        page=lambda entry: reverse("attendance:guests", args=[entry.under_id]),
        opens="guests",
        sees="guests",
        silent=("registration", "by", "undone_by"),
    ),
)  # fmt: skip

tell(
    {
        "attendance.open_intake": _("%(who)s opened registration for “%(thing)s”: %(capacity_after)s seats"),
        "attendance.revise_intake": _("%(who)s changed the registration settings of “%(thing)s”"),
        "attendance.register": Phrase(
            _("%(who)s registered a guest, code %(thing)s"),
            alone=_("A guest registered online, code %(thing)s"),
            many=_("%(who)s registered %(count)s guests"),
            many_alone=_("%(count)s guests registered online"),
        ),
        "attendance.cancel_registration": Phrase(
            _("%(who)s cancelled the registration %(thing)s"), alone=_("The guest with code %(thing)s gave up the seat")
        ),
        "attendance.substitute": Phrase(
            _("%(who)s passed the seat on to a substitute, new code %(thing)s"),
            alone=_("A guest passed the seat on to a substitute, new code %(thing)s"),
        ),
        "attendance.promote": _("%(who)s gave a free seat to the guest with code %(thing)s, who was waiting"),
        "attendance.move_up": _("The guest with code %(thing)s moved up from the waiting list"),
        "attendance.revise_registration": _("%(who)s put the details of the guest with code %(thing)s right"),
        "attendance.renew_link": _(
            "%(who)s ended the earlier links of the guest with code %(thing)s and sent a new one"
        ),
        "attendance.resend_ticket": _("%(who)s sent the admission code %(thing)s once more"),
        "attendance.undo_check_in": _("%(who)s took back the arrival of the guest with code %(thing)s"),
        "attendance.note_documents": _("%(who)s noted the documents for the guest with code %(thing)s"),
        "attendance.erase_guest": Phrase(
            _("%(who)s erased the personal details of the guest with code %(thing)s at the guest's request"),
            alone=_(
                "The personal details of the guest with code %(thing)s, erased earlier, were erased again after a backup "
                "was put back"
            ),
        ),
        "attendance.erase_expired": _(
            "The personal details of the guest with code %(thing)s were erased when their time was over"
        ),
        "attendance.record_signed_list": _("%(who)s kept the signed list as proof: %(quantity_after)s signatures"),
    }
)
