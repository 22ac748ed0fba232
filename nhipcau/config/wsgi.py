"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhipcau.config.settings")
# A page that takes longer is given up with a sentence instead of holding a thread; commands may take their time.
os.environ.setdefault("NHIPCAU_STATEMENT_SECONDS", "30")

application = get_wsgi_application()
