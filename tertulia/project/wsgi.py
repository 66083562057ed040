"""The pages, as a WSGI application; the server gives them a pool of threads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tertulia.project.settings")
application = get_wsgi_application()
