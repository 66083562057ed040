"""`python -m tests.journeys.careless PORT`: the real server with two careless things in every page, to be found.

A font of another site; and a script that prepares a video call, for which the browser asks another site how this
machine is reached, which no list of a page's requests shows. Both without the content security policy, which would
keep them out.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

FONT = "<style>@font-face{font-family:far;src:url(http://fonts.example/far.woff2)}h1{font-family:far}</style>"
CALL = """<script>const call = new RTCPeerConnection({ iceServers: [{ urls: "stun:stun.example" }] });
call.createDataChannel("x"); call.createOffer().then((offer) => call.setLocalDescription(offer))</script>"""
# A template of the same name that comes first, and stands on the one it hides.
PAGE = '{% extends "design/base.html" %}{% block app %}{{ block.super }}' + FONT + CALL + "{% endblock %}"


def main(port: int) -> None:
    """Serve until told to stop."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tertulia.project.settings"
    with tempfile.TemporaryDirectory(prefix="tertulia-careless-") as folder:
        (Path(folder) / "design").mkdir()
        (Path(folder) / "design" / "base.html").write_text(PAGE)
        _serve(port, folder)


def _serve(port: int, templates: str) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.TEMPLATES[0]["DIRS"] = [templates]
    settings.MIDDLEWARE.remove("tertulia.design.middleware.ContentPolicyMiddleware")
    django.setup()
    call_command("serve", port=port)


if __name__ == "__main__":
    main(int(sys.argv[1]))
