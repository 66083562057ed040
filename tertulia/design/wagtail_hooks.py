"""The staff screens wear the look of the house: its tokens, then what Wagtail's own properties are made of."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks

SHEETS = ("design/css/10-tokens.css", "design/staff/theme.css", "design/staff/house.css")


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail has no types
def sheets() -> SafeString:
    """The style sheets, after Wagtail's own."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in SHEETS))
