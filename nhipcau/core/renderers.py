"""How every form of the product is drawn: label above, control, hint, error under its field."""

from typing import Any

from django.forms.renderers import DjangoTemplates

#: Templates of Django's that are drawn by one of ours.
INSTEAD = {"django/forms/widgets/select.html": "core/select.html"}


class FormRenderer(DjangoTemplates):
    """Django's own widgets inside our field and form templates."""

    form_template_name = "core/form.html"
    field_template_name = "core/field.html"

    def get_template(self, template_name: str) -> Any:
        """A list to choose from is drawn in one piece: Django's takes two more templates for each option of hundreds."""
        return super().get_template(INSTEAD.get(template_name, template_name))
