"""`python -m tertulia.project` is the command line."""

from __future__ import annotations

import sys

try:
    from tertulia.project.commandline import main

    code = main()
except KeyboardInterrupt:
    print("tertulia: stopped", file=sys.stderr)
    code = 130
sys.exit(code)
