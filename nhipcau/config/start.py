"""The first step of every process: settings that are wrong are told in sentences, and the process ends with 2.

`python -m nhipcau.config.start` does only that; scripts and service managers ask it before they start anything.
"""

import os
import sys


def with_sound_settings() -> None:
    """Read the settings; where one is wrong, say which, what and an example instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhipcau.config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.configured or settings.DATA  # noqa: B018 (the first look reads them)
    except ImproperlyConfigured as error:
        _end(str(error))
    except OSError as error:
        _end(f"NHIPCAU_DATA: {error.filename} cannot be used: {error.strerror}. Example: NHIPCAU_DATA=/var/lib/nhipcau")


def _end(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 (for the operator)
    raise SystemExit(2)


if __name__ == "__main__":
    with_sound_settings()
