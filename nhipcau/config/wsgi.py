"""The WSGI application that granian serves."""

import os

from nhipcau.config.start import with_sound_settings

# A page that takes longer is given up with a sentence instead of holding a thread; commands may take their time.
os.environ.setdefault("NHIPCAU_STATEMENT_SECONDS", "30")
with_sound_settings()

from django.conf import settings  # noqa: E402 (the environment comes first)
from django.core.wsgi import get_wsgi_application  # noqa: E402

from nhipcau.core.processes import share_figures  # noqa: E402

share_figures(settings.DATA)
django = get_wsgi_application()

from nhipcau.core.keeping import Kept  # noqa: E402 (after the apps are ready)

application = Kept(django)
