"""A list to choose from is drawn as Django draws it, only in one piece."""

import re

from django import forms
from django.forms.renderers import DjangoTemplates

from nhipcau.core.renderers import FormRenderer


class Choosing(forms.Form):
    """Everything an option may carry: groups, marks of HTML, nothing, a number, more than one chosen."""

    one = forms.ChoiceField(
        choices=[("", "—"), ("Nhóm <1>", [("a&b", "x < y"), ("2", "hai")]), (3, "ba")],
        initial="2",
        widget=forms.Select(attrs={"class": "wide", "data-near": True, "disabled": False}),
    )
    many = forms.MultipleChoiceField(choices=[(1, "một"), (2, "hai"), (None, "không")], initial=[1, 2])


def _drawn(renderer: DjangoTemplates) -> list[str]:
    form = Choosing(renderer=renderer)
    return [re.sub(r"\s*(<[^>]+>)\s*", r"\1", str(form[name])) for name in form.fields]


def test_a_list_looks_as_djangos_own() -> None:
    ours = _drawn(FormRenderer())
    assert ours == _drawn(DjangoTemplates())
    assert '<option value="2" selected>hai</option>' in ours[0]
    assert "core/select.html" in str(FormRenderer().get_template("django/forms/widgets/select.html").origin)
