"""What a guest takes home: the invitation in words, the code as picture and QR, the calendar file."""

import io
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event
from PIL import Image, ImageDraw, ImageFont

from nhipcau.attendance.models import Registration
from nhipcau.core import signing, vietnamese
from nhipcau.core.middleware import local_day

TICKET = signing.Purpose("ticket")
COME_BEFORE = timedelta(minutes=15)
_FONTS = Path(__file__).resolve().parents[1] / "core" / "static" / "core" / "fonts"


def token(registration: Registration) -> str:
    """The guest's own link carries this; nobody can make one for another guest."""
    return TICKET.token(registration)


def good_until(registration: Registration) -> datetime:
    """The moment from which the guest's links no longer open: an activity that is moved takes them along."""
    return registration.intake.activity.ends_at + timedelta(days=settings.TICKET_DAYS)


def opened(token: str, *, at: datetime) -> Registration:
    """The registration a link stands for; one query.

    Raises BadLink, or OldLink where it was replaced or its time is over.
    """
    signed = TICKET.read(token, day=local_day(at))
    registration = Registration.objects.whole().filter(pk=signed.key).first()
    if registration is None:
        raise signing.BadLink(_("This link is incomplete or no longer valid."))
    TICKET.hold_to(registration, signed)
    if at >= good_until(registration):
        raise signing.OldLink(
            _("This link was good until %(days)d days after the activity.") % {"days": settings.TICKET_DAYS}
        )
    return registration


def address(registration: Registration, name: str = "ticket", *, language: str | None = None) -> str:
    """The full address of a guest's page, in the guest's language."""
    with override(language or registration.language):
        return str(settings.BASE_URL) + reverse(f"attendance:{name}", args=[token(registration)])


def invitation(registration: Registration, language: str) -> str:
    """One sentence that invites: Ông or Bà with the full name where the form of address is known, else Quý vị."""
    activity = registration.intake.activity
    come_at = activity.starts_at - COME_BEFORE
    sex = registration.person.sex
    day, clock = vietnamese.weekday_short(come_at, language), vietnamese.clock_spoken(come_at, language)
    with override(language):
        if not sex:
            return _("It will be our honour to receive you at %(clock)s on %(day)s.") % {"clock": clock, "day": day}
        title = {"male": _("Mr"), "female": _("Ms")}[sex]
        return _("It will be our honour to receive %(title)s %(name)s at %(clock)s on %(day)s.") % {
            "title": title,
            "name": registration.name,
            "clock": clock,
            "day": day,
        }


def greeting(registration: Registration, language: str) -> str:
    """How a mail begins."""
    with override(language):
        title = {"male": _("Mr"), "female": _("Ms")}.get(registration.person.sex)
        if title is None:
            return _("Dear guest,")
        return _("Dear %(title)s %(name)s,") % {"title": title, "name": registration.name}


def pasteable(registration: Registration, language: str) -> str:
    """The ticket as a few lines for Zalo or a message; no mark-up, the link last."""
    activity = registration.intake.activity
    day = vietnamese.weekday_short(activity.starts_at, language)
    with override(language):
        lines = [
            activity.text("title", language),
            _("Time: %(clock)s, %(day)s")
            % {"clock": vietnamese.clock_spoken(activity.starts_at, language), "day": day},
            _("Venue: %(venue)s") % {"venue": activity.text("venue", language)} if activity.venue else "",
            _("Guest: %(name)s") % {"name": registration.name},
            _("Seat: %(seat)s") % {"seat": registration.seat} if registration.seat else "",
            _("Admission code: %(code)s") % {"code": registration.code},
            address(registration, language=language),
        ]
    if activity.plan.agreement.is_sample:
        lines.insert(0, "DỮ LIỆU MẪU")
    return "\n".join(line for line in lines if line)


def calendar_file(registration: Registration, language: str) -> bytes:
    """The activity as an iCalendar file (RFC 5545) with the code in its notes."""
    activity = registration.intake.activity
    event = Event()
    event.add("uid", f"registration-{registration.pk}@nhipcau")
    event.add("dtstamp", registration.registered_at.astimezone(UTC))
    event.add("dtstart", activity.starts_at.astimezone(UTC))
    event.add("dtend", activity.ends_at.astimezone(UTC))
    event.add("summary", activity.text("title", language))
    if activity.venue:
        event.add("location", activity.text("venue", language))
    event.add("description", pasteable(registration, language))
    event.add("url", address(registration, language=language))
    event.add("status", "CANCELLED" if activity.state == "cancelled" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Nhip Cau//Attendance//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _code(registration: Registration) -> segno.QRCode:
    # Only the short code, so that the squares are large: it reads from a dim, cracked or photographed screen.
    return segno.make(registration.code, error="h", micro=False)


def qr_svg(registration: Registration) -> bytes:
    """The code as a picture that stays sharp at any size, black on white in every theme."""
    out = io.BytesIO()
    _code(registration).save(out, kind="svg", scale=10, border=2, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue()


@lru_cache(maxsize=8)
def _font(weight: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"be-vietnam-{weight}.woff2"), size)


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int, lines: int) -> list[str]:
    out: list[str] = [""]
    for word in text.split():
        longer = f"{out[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            out[-1] = longer
        else:
            out.append(word)
    kept = [line for line in out if line][:lines]
    if len([line for line in out if line]) > lines:
        kept[-1] = kept[-1].rstrip(",.;") + "…"
    return kept


def picture(registration: Registration, language: str) -> bytes:
    """The ticket as a PNG for the phone's album, 1080 px wide: event, time, place, name, QR, code."""
    activity = registration.intake.activity
    width, margin, y = 1080, 72, 64
    ink, soft = "#12232e", "#4d5f6a"
    sheet = Image.new("RGB", (width, 1800), "#ffffff")
    pen = ImageDraw.Draw(sheet)

    def write(text: str, weight: int, size: int, colour: str = ink, *, lines: int = 3, gap: int = 12) -> None:
        nonlocal y
        font = _font(weight, size)
        for line in _wrapped(text, font, width - 2 * margin, lines):
            pen.text((width / 2, y), line, font=font, fill=colour, anchor="ma")
            y += int(size * 1.35)
        y += gap

    if activity.plan.agreement.is_sample:
        pen.rectangle((0, 0, width, 72), fill="#fbf1dd")
        pen.text((width / 2, 36), "DỮ LIỆU MẪU", font=_font(600, 30), fill="#6b4705", anchor="mm")
        y = 110
    write(activity.text("title", language), 600, 52, gap=16)
    when = f"{vietnamese.clock_spoken(activity.starts_at, language)}, {vietnamese.weekday_short(activity.starts_at, language)}"
    write(when, 400, 38, soft)
    if activity.venue:
        write(activity.text("venue", language), 400, 38, soft, lines=2, gap=28)
    modules = io.BytesIO()
    _code(registration).save(modules, kind="png", scale=24, border=2)
    square = Image.open(modules).convert("RGB")
    sheet.paste(square, ((width - square.width) // 2, y))
    y += square.height + 20
    write(registration.code, 600, 84, gap=8)
    write(registration.name, 600, 44, lines=2)
    if registration.seat:
        write(registration.seat, 400, 38, soft, lines=1)
    note = registration.intake.text("note", language)
    if note:
        write(note, 400, 32, soft, lines=3)
    out = io.BytesIO()
    sheet.crop((0, 0, width, min(y + 40, 1800))).save(out, format="PNG", optimize=True)
    return out.getvalue()
