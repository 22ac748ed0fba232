"""Where stories are read, and how the journal tells of the first account of an empty installation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.core.journal import read_at, tell

read_at(lambda kind, key: reverse("desk:story", args=[kind, key]))
tell(
    {
        "desk.create_first_administrator": _("The first administrator's account “%(thing)s” was made"),
    }
)
