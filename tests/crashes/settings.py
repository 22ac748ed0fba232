"""The product's own settings, with names without digests: nothing needs to be collected before a house opens."""

from nhipcau.config.settings import *  # noqa: F403 (every setting is wanted)
from nhipcau.config.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
