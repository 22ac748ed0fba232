"""What every form builds on: text stored in one form, days, hours, figures and files read as people here write them."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nhipcau.core import uploads, vietnamese
from nhipcau.core.language import reading

_ENGLISH = re.compile(r"([-\u2212]?)\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_LINE_ENDS = re.compile(r"\r\n|\r|\u2028|\u2029")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise_lines(text: str) -> str:
    """Stored form of a text of several lines: each line normalised, no more than one empty line in a row."""
    lines = (vietnamese.normalise(line) for line in _LINE_ENDS.sub("\n", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _stored(to_python: Callable[[Any], Any], clean: Callable[[str], str]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return to_python(clean(value) if isinstance(value, str) else value)

    return convert


class VietnameseFormMixin:
    """Put before `forms.Form` or `forms.ModelForm`.

    Every text is brought into its stored form before its length is measured, so that a name typed with separate marks
    is not refused as too long; every refusal is a sentence that says what to do.
    """

    fields: dict[str, forms.Field]
    sentences: ClassVar[dict[str, Any]] = {
        "required": _("Please fill this in."),
        "max_length": _("This text has %(show_value)d characters; at most %(limit_value)d fit. Please shorten it."),
        "null_characters_not_allowed": _("This text contains a character that cannot be stored. Please type it again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            self._prepare(field)

    def _prepare(self, field: forms.Field) -> None:
        own = _own_sentences(field)
        field.error_messages.update({code: said for code, said in self.sentences.items() if code not in own})
        if isinstance(field, forms.ModelChoiceField | forms.ChoiceField):
            if "required" not in own:
                field.error_messages["required"] = _("Please choose.")
            if "invalid_choice" not in own:
                field.error_messages["invalid_choice"] = _(
                    "This choice is not offered here. Please choose from the list."
                )
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
            lines = isinstance(field.widget, forms.Textarea)
            field.to_python = _stored(field.to_python, normalise_lines if lines else vietnamese.normalise)  # type: ignore[method-assign, assignment]  # one field of one form; subclassing each kind of CharField would not reach model forms
        if isinstance(field.widget, forms.TextInput | forms.Textarea):
            field.widget.attrs.setdefault("autocomplete", "off")


def _own_sentences(field: forms.Field) -> set[str]:
    """Codes for which the field says something else than Django's own classes do."""
    standard: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            standard.update(getattr(kind, "default_error_messages", {}))
    return {code for code, said in field.error_messages.items() if standard.get(code) != said}


def _written(value: object) -> str:
    """A value a form is filled with, as it is compared."""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple):
        return "\n".join(sorted(_written(one) for one in value))
    return "" if value is None else str(value)


class SeenForm(VietnameseFormMixin, forms.Form):
    """A form filled from a row that others write as well: nobody replaces unseen what was saved since the page was opened.

    The page carries a digest of what the form was filled with. Where that is no longer what is kept, whoever saves is
    told once and looks first; saving again replaces it.
    """

    SEEN: ClassVar[str] = "seen"

    def __init__(self, *args: Any, filled: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if filled:
            self.fields[self.SEEN] = forms.CharField(
                required=False, max_length=40, widget=forms.HiddenInput, initial=self.kept_now
            )

    def kept_now(self) -> str:
        """A digest of what the form is filled with."""
        kept = [
            [name, _written(self.get_initial_for_field(field, name))]
            for name, field in sorted(self.fields.items())
            if name != self.SEEN
        ]
        return hashlib.sha256(repr(kept).encode()).hexdigest()[:20]

    def clean(self) -> dict[str, Any]:
        """Compare what was seen with what is kept."""
        said = super().clean() or self.cleaned_data
        seen = said.pop(self.SEEN, "")
        if seen and seen != (now := self.kept_now()):
            if isinstance(self.data, QueryDict):
                shown = self.data.copy()
                shown[self.add_prefix(self.SEEN)] = now
                self.data = shown
            self.add_error(
                None,
                _(
                    "Somebody else has saved this since you opened the page, so nothing was changed. What you typed "
                    "still stands below; please compare, then save again to put it in place of theirs."
                ),
            )
        return said


class DateField(forms.DateField):
    """A day: the browser's calendar sends ISO, people type 20/01/2022; both are read, day first always."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Please choose a day."),
        "invalid": _("This is not a day in the calendar. Please write it like 20/01/2022."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, None when left empty."""
        if isinstance(value, str) and value.strip():
            try:
                return vietnamese.parse_date(value)
            except ValueError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)


class DateTimeField(forms.DateTimeField):
    """A day with its hour, on the clock of Ho Chi Minh City; gives an aware moment."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Please choose a day and an hour."),
        "invalid": _("This is not a day with an hour. Please write it like 13:45 20/01/2022."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """The moment, None when left empty."""
        if isinstance(value, str) and value.strip():
            try:
                return vietnamese.parse_moment(value)
            except ValueError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)


def _english_number(text: str) -> Decimal | None:
    found = _ENGLISH.fullmatch(text)
    if not found or len(found[0]) > 24:  # longer than any figure that can be stored
        return None
    value = Decimal(found[2].replace(",", "") + (found[3] or ""))
    return -value if found[1] else value


def _vietnamese_number(text: str) -> Decimal | None:
    try:
        return vietnamese.parse_number(text)
    except ValueError:
        return None


def read_number(text: str) -> Decimal:
    """Read "1.234,5", "1,234.5", "1234.5", "60%" (sixty), "1,2 tỷ"; what could be both goes by the language of the page.

    Raises ValueError for anything else.
    """
    plain = vietnamese.normalise(text).removesuffix("%").strip()
    readers = [_vietnamese_number, _english_number]
    if reading() == "en":
        readers.reverse()
    for reader in readers:
        value = reader(plain)
        if value is not None:
            return value
    raise ValueError(f"not a number: {text!r}")


class NumberField(forms.DecimalField):
    """A figure as Vietnamese or English pages write it; shown again in the language of the page."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Please enter a number."),
        "invalid": _("This is not a number. Please write it like 1.234,5 or 1 234."),
        "min_value": _("The number must be %(limit_value)s or more."),
        "max_value": _("The number must be %(limit_value)s or less."),
        "max_digits": _("This number is too long."),
        "max_whole_digits": _("This number is too large."),
        "max_decimal_places": _("At most %(max)s places after the comma can be kept."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs call DecimalField a kind of IntegerField
        """The figure, None when left empty."""
        if isinstance(value, str) and value.strip():
            try:
                return read_number(re.sub(r"(?<=\d)\s(?=\d{3}(?!\d))", "", vietnamese.normalise(value)))
            except ValueError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A stored figure in the writing of the page; what was typed stays as it was."""
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            english = reading() == "en"
            return vietnamese.format_number(value, language="en" if english else "vi")
        return value


class MoneyField(NumberField):
    """Whole đồng, never negative: "1.250.000", "350 triệu", "1,2 tỷ"; gives an int."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Please enter an amount."),
        "invalid": _("This is not an amount of money. Please write it like 1.250.000 or 350 triệu."),
        "min_value": _("An amount cannot be negative."),
        "max_decimal_places": _("Please enter whole đồng."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("min_value", 0)
        super().__init__(**kwargs | {"max_digits": 15, "decimal_places": 0})

    def clean(self, value: Any) -> Any:
        """The amount as an int, None when left empty."""
        amount = super().clean(value)
        return None if amount is None else int(amount)


#: Said beside every reason that the journal keeps.
STAYS = _("Shown in the journal for good; please name no private matter of anybody.")


class ReasonField(forms.CharField):
    """Why something is done: the journal keeps it for good, which is said beneath whatever else is to be said."""

    def __init__(self, *, max_length: int = 300, **kwargs: Any) -> None:
        said = kwargs.pop("help_text", "")
        kwargs.setdefault("label", _("Reason"))
        super().__init__(
            max_length=max_length, help_text=format_lazy("{} {}", said, STAYS) if said else STAYS, **kwargs
        )


class UploadField(forms.FileField):
    """A file that was looked into; gives a `core.uploads.Upload`, or None when nothing was chosen."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Please choose a file."),
        "missing": _("Please choose a file."),
        "empty": _("The file is empty. Please choose it again."),
        "invalid": _("The file did not arrive. Please choose it again."),
    }

    def __init__(
        self, *, accept: tuple[str, ...] = tuple(uploads.ENDINGS), most: int | None = None, **kwargs: Any
    ) -> None:
        self.accept, self.most = accept, most
        endings = ",".join(uploads.ENDINGS[kind] for kind in accept)
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": endings}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file with its true type.

        Raises ValidationError with the sentence of `core.uploads.read`.
        """
        found = super().clean(data, initial)
        if not isinstance(found, UploadedFile):
            return None
        try:
            return uploads.read(found, accept=self.accept, most=self.most)
        except uploads.BadUpload as refused:
            raise forms.ValidationError(str(refused), code="invalid") from refused
