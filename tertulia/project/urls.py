"""All addresses of the house."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", include(wagtailadmin_urls)),
]
urlpatterns += i18n_patterns(
    path("", include("tertulia.people.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
if settings.DEBUG:
    urlpatterns += []
