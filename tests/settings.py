"""The product's own settings with a data folder of its own and a quick password hash."""

import os
import tempfile

os.environ["NHIPCAU_DATA"] = tempfile.mkdtemp(prefix="nhipcau-test-")
os.environ.setdefault("NHIPCAU_SECRET_KEY", "only-for-tests-" + "0" * 32)
for name in ("EMAIL_URL", "NHIPCAU_DEBUG", "NHIPCAU_BASE_URL", "NHIPCAU_HOSTS", "PORT"):
    os.environ.pop(name, None)

from nhipcau.config.settings import *  # noqa: E402, F403 (the environment comes first; tests want every setting)
from nhipcau.config.settings import ALLOWED_HOSTS, DATA, DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
# Whoever writes without keeping the journal fails the test that made him.
MIDDLEWARE = [*MIDDLEWARE, "tests.net.JournalNet"]
PUBLIC_PAGE_SECONDS = 0  # a test sees what it has just changed
PUBLIC_STAMPS = False  # and counts the statements of what it asks
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Names without digests: nothing needs to be collected before a test.
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir()
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"] == "nhipcau.core.sqlite":
    # A file and not memory, as in service: threads of the live server see the same rows, and a migrated copy is kept.
    # What a test keeps need not outlive a power cut.
    quick = DATABASES["default"]["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"]["init_command"] = quick
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
