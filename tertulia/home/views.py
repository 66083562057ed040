"""What looks across all parts: so far the word to search engines."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET


@require_GET
def robots(_request: HttpRequest) -> HttpResponse:
    """Everything may be found, except the staff's screens and the live rooms."""
    languages = ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    closed = ["/staff/", *(f"{language}/live/" for language in languages)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
