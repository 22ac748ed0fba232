"""The ground every room stands on."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Core(AppConfig):
    """Wires every room's listeners and desk entries once all rooms are loaded."""

    name = "nhipcau.core"

    def ready(self) -> None:
        """Load every room's listeners."""
        autodiscover_modules("happenings")
