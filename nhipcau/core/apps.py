"""The ground every room stands on."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class Core(AppConfig):
    """Wires every room's listeners and desk entries once all rooms are loaded."""

    name = "nhipcau.core"

    def ready(self) -> None:
        """Load every room's listeners and our lookups."""
        from nhipcau.core import (
            lookups,  # noqa: F401  (its import registers them, once the models are loaded)
            stamps,
        )

        connection_created.connect(stamps.watched)
        autodiscover_modules("happenings")
