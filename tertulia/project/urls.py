"""All addresses of the house."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from tertulia.design import urls as design_urls
from tertulia.home import urls as home_urls
from tertulia.project import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", include("tertulia.people.urls.staff")),
    path("staff/", include(wagtailadmin_urls)),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    *design_urls.without_language,
    *home_urls.without_language,
]
urlpatterns += i18n_patterns(
    path("", include("tertulia.design.urls")),
    path("", include("tertulia.home.urls")),
    path("", include("tertulia.people.urls")),
    path("", include("tertulia.programme.urls")),
    path("", include("tertulia.live.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
