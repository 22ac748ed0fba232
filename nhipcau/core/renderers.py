"""How every form of the product is drawn: label above, control, hint, error under its field."""

from django.forms.renderers import DjangoTemplates


class FormRenderer(DjangoTemplates):
    """Django's own widgets inside our field and form templates."""

    form_template_name = "core/form.html"
    field_template_name = "core/field.html"
