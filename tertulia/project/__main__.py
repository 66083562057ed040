"""`python -m tertulia.project` is the command line."""

from __future__ import annotations

import sys

from tertulia.project.commandline import main

sys.exit(main())
