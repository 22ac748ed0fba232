"""The back office's register of notices: what people were told is not changed, a new version follows it."""

from collections.abc import Callable
from datetime import date

from django.test import Client

from nhipcau.core import middleware
from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import User
from nhipcau.privacy.models import LegalPeriod, Notice
from nhipcau.privacy.registers import NoticeForm, Notices

SignIn = Callable[[User], Client]


def test_told_wording_is_not_changed(administrator: User) -> None:
    notice = Notice.objects.get(form="registration")
    form_class = Notices.edit_handler.bind_to_model(Notice).get_form_class()
    assert issubclass(form_class, NoticeForm)
    given = {
        field.name: getattr(notice, field.name)
        for field in Notice._meta.fields
        if field.editable and field.name not in {"id", "is_sample"}
    }
    assert form_class(given, instance=notice).is_valid()  # the unit has decided: no sample any more
    changed = form_class(given | {"wording": "Khác."}, instance=Notice.objects.get(pk=notice.pk))
    assert not changed.is_valid()
    assert list(changed.errors) == ["__all__"]
    assert form_class(given | {"wording": "Khác.", "version": 2}).is_valid()


def test_register_opens_in_the_back_office(administrator: User, sign_in: SignIn) -> None:
    client = sign_in(administrator)
    for address in ("notice", "legalperiod"):
        assert client.get(f"/bien-tap/snippets/privacy/{address}/").status_code == 200


def test_registers_keep_the_journal(administrator: User, sign_in: SignIn) -> None:
    client = sign_in(administrator)
    notice, period = Notice.objects.get(form="registration"), LegalPeriod.objects.order_by("pk")[0]

    def sent(row: Notice | LegalPeriod, **typed: str) -> dict[str, str]:
        said = {field.name: getattr(row, field.name) for field in row._meta.fields if field.editable}
        return {name: str(value) for name, value in said.items() if value not in {None, False}} | typed

    wording = {"version": "2", "first_day": "2026-11-24", "wording": "Khác."}
    copy = client.get(f"/bien-tap/snippets/privacy/notice/copy/{notice.pk}/")
    assert 'action="/bien-tap/snippets/privacy/notice/add/"' in copy.content.decode()  # the next version is added
    acts = [
        ("/bien-tap/snippets/privacy/notice/add/", sent(notice, **wording), "add_to_register"),
        (f"/bien-tap/snippets/privacy/notice/edit/{notice.pk}/", sent(notice, order="7"), "change_in_register"),
        (
            "/bien-tap/snippets/privacy/legalperiod/add/",
            sent(period, first_day="2099-01-01", last_day=""),
            "add_to_register",
        ),
        (f"/bien-tap/snippets/privacy/legalperiod/edit/{period.pk}/", sent(period, n="9"), "change_in_register"),
        (f"/bien-tap/snippets/privacy/legalperiod/delete/{period.pk}/", {}, "delete_from_register"),
    ]
    for address, data, act in acts:
        before = set(JournalEntry.objects.values_list("pk", flat=True))
        answer = client.post(address, data)
        assert answer.status_code == 302, (address, answer.context["form"].errors)
        told = JournalEntry.objects.exclude(pk__in=before).get()
        assert (told.verb, told.by_id) == (f"privacy.{act}", administrator.pk), address
    assert set(Notice.objects.filter(form="registration").values_list("version", flat=True)) == {1, 2}


def test_form_uses_the_version_of_its_day(db: None) -> None:
    first = Notice.objects.get(form="registration")
    second = Notice.objects.get(form="registration")
    second.pk, second.version, second.first_day = None, 2, date(2026, 11, 24)
    second.save()
    assert Notice.objects.in_use("registration", day=date(2026, 11, 23)) == first
    assert Notice.objects.in_use("registration", day=date(2026, 11, 24)) == second
    today = middleware.local_day(middleware.clock())
    assert Notice.objects.current(day=today).get(form="registration") == first


def test_periods_are_chosen_by_the_day_of_the_act(db: None) -> None:
    assert [
        (found.n, found.unit)
        for day in (date(2025, 12, 31), date(2026, 1, 1))
        if (found := LegalPeriod.objects.binding("erase", day=day)) is not None
    ] == [(72, "hour"), (20, "day")]
