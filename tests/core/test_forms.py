"""What is typed is stored in one form, and every refusal is a sentence."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from nhipcau.core.bilingual import rewrite
from nhipcau.core.forms import (
    DateField,
    DateTimeField,
    MoneyField,
    NumberField,
    UploadField,
    VietnameseFormMixin,
    normalise_lines,
)
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import Organisation

NAME = "Nguyễn Thị Thanh Vân"


class Guest(VietnameseFormMixin, forms.Form):
    name = forms.CharField(max_length=20)
    note = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    secret = forms.CharField(required=False, widget=forms.PasswordInput)
    own = forms.CharField(required=False, max_length=3, error_messages={"max_length": "Three letters."})


@pytest.fixture(autouse=True)
def english() -> Any:
    """Sentences are compared in the language they are written in."""
    with translation.override("en"):
        yield


def errors_of(field: forms.Field, typed: Any) -> list[str]:
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    return list(refused.value.messages)


def test_form_stores_a_name_of_separate_marks_composed_before_its_length_is_measured() -> None:
    form = Guest({"name": f"  {unicodedata.normalize('NFD', NAME)} "})
    assert form.is_valid()
    assert form.cleaned_data["name"] == NAME


def test_form_keeps_lines_of_a_text_and_folds_the_empty_ones() -> None:
    form = Guest({"name": "A", "note": " một \r\n\r\n\r\n\r\nhai\tba \r\n"})
    assert form.is_valid()
    assert form.cleaned_data["note"] == "một\n\nhai ba"
    assert normalise_lines("a\rb\u2028c") == "a\nb\nc"


def test_form_leaves_a_password_as_it_was_typed() -> None:
    form = Guest({"name": "A", "secret": "a  b"})
    assert form.is_valid()
    assert form.cleaned_data["secret"] == "a  b"


def test_form_says_what_to_do_in_every_refusal() -> None:
    form = Guest({"name": "x" * 3000, "kind": "z", "own": "abcd"})
    assert form.errors == {
        "name": ["This text has 3000 characters; at most 20 fit. Please shorten it."],
        "kind": ["This choice is not offered here. Please choose from the list."],
        "own": ["Three letters."],
    }
    assert Guest({}).errors == {"name": ["Please fill this in."]}
    assert Guest({"name": "a\x00b"}).errors == {
        "name": ["This text contains a character that cannot be stored. Please type it again."]
    }


def test_form_sentences_do_not_leak_into_other_forms() -> None:
    Guest({})
    assert forms.CharField().error_messages["required"] == "This field is required."


def test_date_field_reads_what_browsers_and_people_write() -> None:
    assert DateField().clean("2022-01-20") == date(2022, 1, 20)
    assert DateField().clean("20/1/2022") == date(2022, 1, 20)
    assert DateField(required=False).clean("") is None
    assert DateField().widget.render("d", date(2022, 1, 20)) == ('<input type="date" name="d" value="2022-01-20">')


@pytest.mark.parametrize("typed", ["31/02/2022", "2022-02-31", "01/01/22", "mai", "01/01/0001"])
def test_date_field_refuses_what_is_no_day(typed: str) -> None:
    assert errors_of(DateField(), typed) == ["This is not a day in the calendar. Please write it like 20/01/2022."]


def test_date_time_field_gives_a_moment_of_ho_chi_minh_city() -> None:
    moment = datetime(2022, 3, 3, 13, 45, tzinfo=LOCAL)
    assert DateTimeField().clean("2022-03-03T13:45") == moment
    assert DateTimeField().clean("13g45, 03/3/2022") == moment
    assert errors_of(DateTimeField(), "03/3/2022") == [
        "This is not a day with an hour. Please write it like 13:45 20/01/2022."
    ]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1 234", "1234"),
        ("60%", "60"),
        ("1,2 tỷ", "1200000000"),
        ("−5", "-5"),
        ("0", "0"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_number_field_reads_both_ways_of_writing(typed: str, number: str, language: str) -> None:
    with translation.override(language):
        assert NumberField().clean(typed) == Decimal(number)


def test_number_field_decides_by_the_language_what_could_be_both() -> None:
    assert NumberField().clean("1,234") == Decimal(1234)
    with translation.override("vi"):
        assert NumberField().clean("1.234") == Decimal(1234)


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e5", "mười", "1,5,5", "1.2.3", "<script>"])
def test_number_field_refuses_what_is_no_number(typed: str) -> None:
    assert errors_of(NumberField(), typed) == ["This is not a number. Please write it like 1.234,5 or 1 234."]


def test_number_field_refuses_what_cannot_be_kept() -> None:
    assert errors_of(NumberField(), "1,234.567") == ["At most 2 places after the comma can be kept."]
    assert errors_of(NumberField(), "9" * 23) == ["This number is too long."]
    assert errors_of(NumberField(min_value=0), "-1") == ["The number must be 0 or more."]


def test_number_field_shows_a_stored_figure_in_the_language_of_the_page() -> None:
    assert NumberField().prepare_value(Decimal("1234.50")) == "1,234.5"
    with translation.override("vi"):
        assert NumberField().prepare_value(Decimal("1234.50")) == "1.234,5"
    assert NumberField().prepare_value("12x") == "12x"
    assert NumberField().prepare_value(None) is None


def test_money_field_gives_whole_dong() -> None:
    with translation.override("vi"):
        assert MoneyField().clean("1.250.000") == 1_250_000
        assert MoneyField().clean("350 triệu đồng") == 350_000_000
    assert MoneyField(required=False).clean("") is None
    assert errors_of(MoneyField(), "-1") == ["An amount cannot be negative."]
    assert errors_of(MoneyField(), "0.5") == ["Please enter whole đồng."]
    assert errors_of(MoneyField(), "nhiều") == [
        "This is not an amount of money. Please write it like 1.250.000 or 350 triệu."
    ]


def test_upload_field_believes_bytes_and_not_names() -> None:
    pdf = SimpleUploadedFile("báo cáo.docx", b"%PDF-1.7\n%%EOF\n", content_type="text/html")
    taken = UploadField().clean(pdf)
    assert (taken.name, taken.content_type, taken.size) == ("báo cáo.pdf", "application/pdf", 15)
    assert UploadField(required=False).clean(None) is None
    assert errors_of(UploadField(), None) == ["Please choose a file."]
    assert errors_of(UploadField(), SimpleUploadedFile("a.pdf", b"")) == ["The file is empty. Please choose it again."]
    assert errors_of(UploadField(), SimpleUploadedFile("a.pdf", b"<script>")) == [
        "The file is not one of these: PDF, PNG, JPEG, DOCX, XLSX, or it is damaged."
    ]


def test_rewrite_knows_which_english_is_out_of_date() -> None:
    body = Organisation()
    rewrite(body, {"name": "Sở", "name_en": "Department"})
    body.pk = 1
    assert body.stale_english() == []
    rewrite(body, {"name": "Sở Ngoại vụ", "name_en": "Department"})
    assert body.stale_english() == ["name"]
    rewrite(body, {"name": "Sở Ngoại vụ", "name_en": "Department"}, english_checked=True)
    assert body.stale_english() == []
    rewrite(body, {"name": "Sở", "name_en": "The Department"})
    assert body.stale_english() == []
    rewrite(body, {"name_en": ""})
    assert (body.stale_english(), body.english_of) == ([], {})
