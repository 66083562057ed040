"""How large a thing may be that somebody sends, said once for every page and for the server under them."""

from __future__ import annotations

# Bytes of one file that is chosen on a page.
LARGEST_FILE = 12_000_000
# Bytes of a whole form with such a file in it; the server in front is told the same (12m, in the operator's guide).
LARGEST_FORM = LARGEST_FILE + 500_000
# Bytes of a form without a file: a message of 2,000 signs takes at most 24,000 on its way.
LARGEST_WORDS = 65_536
