"""The WSGI application that granian serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhipcau.config.settings")
# A page that takes longer is given up with a sentence instead of holding a thread; commands may take their time.
os.environ.setdefault("NHIPCAU_STATEMENT_SECONDS", "30")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from nhipcau.core.processes import share_figures

share_figures(settings.DATA)
application = get_wsgi_application()
