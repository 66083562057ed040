"""Why a backup cannot be made, or not be put back."""

from __future__ import annotations


class Unfit(Exception):  # noqa: N818 - it describes the archive or the place
    """The archive, the key or the place does not fit, and nothing has changed; `str()` says why in one sentence."""
