"""What a page of the documentation leads to is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.house import ROOT, report

_LINK = re.compile(r"(?:\]\(|src=\")([^)\"#\s]+)")


def test_every_relative_link_of_a_page_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")]
    broken = [f"{page.relative_to(ROOT)}: {link}" for page in pages for link in _links(page)]
    assert pages
    report(broken, "a reader who follows it stands before nothing", "link to what exists, or take the link out")


def _links(page: Path) -> list[str]:
    found = _LINK.findall(page.read_text())
    return [link for link in found if "://" not in link and not (page.parent / link).exists()]
