"""What every answer says to browsers, whoever gives it: who may embed it, and what it may use of the device."""

from __future__ import annotations

# Nothing here asks for a camera, a place or a purse; a browser need not even be able to ask.
_DEVICES = ("browsing-topics", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")

EVERYWHERE: dict[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{device}=()" for device in _DEVICES),
}

# Of an answer that is no page: it loads nothing, stands in no frame, and nobody goes on from it.
NO_PAGE: dict[str, str] = EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
