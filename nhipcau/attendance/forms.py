"""What guests and the desk type in."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Audience
from nhipcau.attendance.models import Registration
from nhipcau.core import vietnamese
from nhipcau.core.forms import DateTimeField, NumberField, SeenForm, UploadField, VietnameseFormMixin
from nhipcau.core.uploads import JPEG, PDF, PNG
from nhipcau.parties.models import Person

NAME, UNIT, POSITION, POINT, SEAT = 120, 160, 120, 30, 30
CHILD = ("for_child", "guardian_name", "guardian_phone")
_BAD_PHONE = _("A mobile number has 10 digits, for example 0912 345 678. Everything else has been kept.")


class PhoneField(forms.CharField):
    """A mobile number, in any of the ways people write one; gives E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile number"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        )
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """The number, empty where none is needed and none was given.

        Raises ValidationError with a sentence that shows how one looks.
        """
        typed: str = super().clean(value)
        if not typed:
            return ""
        number = vietnamese.normal_mobile(typed)
        if number is None:
            raise forms.ValidationError(_BAD_PHONE, code="invalid")
        return number

    def prepare_value(self, value: Any) -> Any:
        """A stored number as it is read aloud; what was typed stays as it was."""
        phone = vietnamese.parse_phone(value) if isinstance(value, str) and value.startswith("+") else None
        return phone.national if phone and phone.e164.startswith("+84") else value


def _name(**attrs: str) -> forms.CharField:
    return forms.CharField(label=_("Full name"), max_length=NAME, widget=forms.TextInput(attrs=attrs))


def _unit(**attrs: str) -> forms.CharField:
    return forms.CharField(
        label=_("Organisation"), max_length=UNIT, required=False, widget=forms.TextInput(attrs=attrs)
    )


def _position(**attrs: str) -> forms.CharField:
    return forms.CharField(
        label=_("Position"), max_length=POSITION, required=False, widget=forms.TextInput(attrs=attrs)
    )


def _email(**attrs: str) -> forms.EmailField:
    return forms.EmailField(label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput(attrs=attrs))


def _choice_of_audience(audiences: list[Audience], *, required: bool) -> forms.TypedChoiceField:
    """Offered from the list already read: neither drawing nor checking asks the database again."""
    known = {str(audience.pk): audience for audience in audiences}
    choices = [(pk, str(audience)) for pk, audience in known.items()]
    return forms.TypedChoiceField(
        label=_("You are") if required else _("Audience"),
        widget=forms.RadioSelect if required else forms.Select,
        choices=choices if required else [("", _("not stated")), *choices],
        required=required,
        coerce=known.__getitem__,
        empty_value=None,
        error_messages={
            "required": _("Please choose."),
            "invalid_choice": _("This choice is not offered here. Please choose from the list."),
        },
    )


def _nationality() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Nationality"),
        required=False,
        choices=[("", _("not stated")), (Person.HOME, _("Viet Nam")), (Person.ABROAD, _("foreign"))],
    )


class _ForChild(forms.Form):
    """Who consents in a child's place; the two fields open with the tick."""

    child_label = _("The guest is a child or pupil under %(age)d")
    guardian_help: Any = _("Who was told how the details are used and agrees for the child.")

    for_child = forms.BooleanField(required=False)
    guardian_name = forms.CharField(
        label=_("Parent's or guardian's full name"),
        max_length=NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guardian_phone = PhoneField(
        label=_("Parent's or guardian's mobile number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, child_age: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for_child"].label = self.child_label % {"age": child_age}
        self.fields["guardian_name"].help_text = self.guardian_help
        if self.is_bound and self["for_child"].value():
            self.fields["phone"].required = False

    def clean(self) -> dict[str, Any]:
        """For a child the guardian's name and number are needed; without the tick they are not kept."""
        said = super().clean() or self.cleaned_data
        if not said.get("for_child"):
            return {**said, "guardian_name": "", "guardian_phone": ""}
        if not said.get("guardian_name"):
            self.add_error("guardian_name", _("Please write who consents for the child."))
        if not said.get("guardian_phone") and "guardian_phone" not in self.errors:
            self.add_error("guardian_phone", _("Please write the number under which the guardian can be reached."))
        return dict(said)

    @property
    def given(self) -> dict[str, Any]:
        """What the services take: a guardian's name says that it is a child."""
        return {name: value for name, value in self.cleaned_data.items() if name != "for_child"}


class RegisterForm(VietnameseFormMixin, _ForChild):
    """Five fields, one choice where it matters, and a consent that is never ticked beforehand."""

    child_label = _("I register for a child or pupil under %(age)d")
    guardian_help = ""

    name = _name(autocomplete="name")
    unit = _unit(autocomplete="organization")
    position = _position(autocomplete="organization-title")
    phone = PhoneField(help_text=_("Your admission code is kept under this number."))
    email = _email(autocomplete="email")
    consent = forms.BooleanField(
        label=_("I agree that my details are used as follows:"),
        error_messages={"required": _("Please agree to how your details are used; without that we may not keep them.")},
    )

    def __init__(
        self,
        *args: Any,
        audiences: list[Audience],
        wording: str,
        ask_nationality: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # The wording stands below the box: as its label it would be read out whole in every list of what is missing.
        self.fields["consent"].help_text = escape(wording)
        if len(audiences) > 1:
            self.fields["audience"] = _choice_of_audience(audiences, required=True)
        if ask_nationality:
            self.fields["nationality"] = _nationality()
        self.order_fields(["name", "unit", "position", "phone", "email", "audience", "nationality", *CHILD, "consent"])

    @property
    def adult_fields(self) -> list[forms.BoundField]:
        """Everything but what is asked for a child and the consent, in order."""
        return [self[name] for name in self.fields if name not in {*CHILD, "consent"}]


class ResendForm(VietnameseFormMixin, forms.Form):
    """With what a guest registered: the number or the address."""

    contact = forms.CharField(
        label=_("Mobile number or e-mail address"),
        help_text=_("The one given when registering."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )

    def clean_contact(self) -> str:
        """A number or an address.

        Raises ValidationError for what is neither.
        """
        typed: str = self.cleaned_data["contact"]
        if vietnamese.normal_mobile(typed) is None:
            try:
                validate_email(typed)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("Please write a mobile number like 0912 345 678 or an e-mail address."), code="invalid"
                ) from None
        return typed


class SubstituteSelfForm(VietnameseFormMixin, _ForChild):
    """A guest names who comes instead."""

    child_label = _("The substitute is a child or pupil under %(age)d")

    name = _name(autocomplete="off")
    position = _position(autocomplete="off")
    phone = PhoneField(
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        help_text=_("The substitute's own number; the code is kept under it."),
    )
    email = _email(autocomplete="off")
    consent = forms.BooleanField(
        label=_("The substitute has read how the details are used and agrees to it."),
        error_messages={
            "required": _("Please make sure that the substitute agrees; without that we may not keep the details.")
        },
    )


class _AtTheUnit(VietnameseFormMixin, forms.Form):
    """What staff note of a guest: to whom the activity speaks, where there is a choice, and from where, if told."""

    def __init__(self, *args: Any, audiences: list[Audience], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(audiences) > 1:
            self.fields["audience"] = _choice_of_audience(audiences, required=False)
        self.fields["nationality"] = _nationality()


def _told() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("The guest was told how the details are used and agreed"),
        help_text=_("Leave it open where the guest is invited by the unit in its task; that is noted as the ground."),
        required=False,
    )


def _channel(initial: Registration.Channel) -> forms.ChoiceField:
    by = (Registration.Channel.PHONE, Registration.Channel.ZALO, Registration.Channel.LETTER)
    return forms.ChoiceField(
        label=_("Confirmed by"),
        initial=initial,
        widget=forms.RadioSelect,
        choices=[(channel.value, channel.label) for channel in by],
    )


class OnBehalfForm(_ForChild, _AtTheUnit):
    """An officer answers for a guest: who, by which channel."""

    name = _name(autocomplete="off")
    phone = PhoneField(
        required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
    )
    channel = _channel(Registration.Channel.ZALO)
    unit = _unit(autocomplete="off")
    position = _position(autocomplete="off")
    email = _email(autocomplete="off")
    sex = forms.ChoiceField(label=_("Form of address"), choices=Person.Sex.choices, required=False)
    seat = forms.CharField(label=_("Seat"), max_length=SEAT, required=False)
    of_honour = forms.BooleanField(label=_("Guest of honour: tell protocol on arrival"), required=False)
    told = _told()
    join_waiting = forms.BooleanField(label=_("Put on the waiting list if no seat is left"), required=False)


class GuestForm(_AtTheUnit, SeenForm):
    """Details of a guest that the desk may put right."""

    name = _name(autocomplete="off")
    phone = PhoneField(
        required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
    )
    sex = forms.ChoiceField(label=_("Form of address"), choices=Person.Sex.choices, required=False)
    unit = _unit(autocomplete="off")
    position = _position(autocomplete="off")
    email = _email(autocomplete="off")
    seat = forms.CharField(label=_("Seat"), max_length=SEAT, required=False)
    of_honour = forms.BooleanField(label=_("Guest of honour: tell protocol on arrival"), required=False)


class AtDeskForm(_ForChild, _AtTheUnit):
    """A walk-in or a substitute at the door: the name is enough."""

    name = _name(autocomplete="off")
    phone = PhoneField(
        required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
    )
    unit = _unit(autocomplete="off")


class SubstituteForm(AtDeskForm):
    """An officer notes who comes instead, and how that was told."""

    channel = _channel(Registration.Channel.PHONE)
    email = _email(autocomplete="off")
    told = _told()


class ErasureForm(VietnameseFormMixin, forms.Form):
    """Asked once more, for it cannot be taken back."""

    sure = forms.BooleanField(
        label=_("The guest has asked for it; this cannot be taken back."),
        error_messages={"required": _("Please tick this first.")},
    )


class FilterForm(forms.Form):
    """Filters of the guest list."""

    SHOW = (
        ("", _("with a seat or waiting")),
        ("confirmed", _("with a seat")),
        ("arrived", _("arrived")),
        ("absent", _("not arrived yet")),
        ("waiting", _("waiting list")),
        ("honour", _("guests of honour")),
        ("cancelled", _("cancelled")),
    )
    show = forms.ChoiceField(label=_("Show"), choices=SHOW, required=False)


class IntakeForm(VietnameseFormMixin, forms.Form):
    """Seats, opening, closing, and a note on the code."""

    capacity = NumberField(
        label=_("Seats"),
        min_value=1,
        max_value=100_000,
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    opens_at = DateTimeField(label=_("Registration opens"))
    closes_at = DateTimeField(label=_("Registration closes"))
    note = forms.CharField(
        label=_("Note on the admission code"),
        max_length=250,
        required=False,
        help_text=_("Where to park, which entrance, what to bring."),
    )
    note_en = forms.CharField(label=_("The note in English"), max_length=250, required=False)


class SignedListForm(VietnameseFormMixin, forms.Form):
    """The scan of the signed list."""

    scan = UploadField(label=_("Scan of the signed list"), accept=(PDF, PNG, JPEG), help_text=_("PDF or photograph."))
    signatures = NumberField(
        label=_("Number of signatures"),
        min_value=1,
        max_value=100_000,
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
