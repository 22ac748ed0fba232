"""`manage.py first_administrator`: the code with which the first account of an empty installation is made in the browser."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from nhipcau.desk import opening
from nhipcau.parties.models import User


class Command(BaseCommand):
    """Print it, made where there is none; an installation with accounts gets none."""

    help = "Prints the one-time code with which the first administrator of an empty installation is made at the desk."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        if User.objects.exists():
            opening.spend()
            self.stdout.write("There are accounts already; everybody else is invited at the desk.")
            return
        with translation.override(settings.LANGUAGE_CODE):
            page = settings.BASE_URL + reverse("desk:first_administrator")
        self.stdout.write(f"The first administrator is made at {page} with the code {opening.make_code()}")
