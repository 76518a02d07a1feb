"""Run as a process: `python -m mailtui.runner`."""

import sys

from mailtui.runner.process import main

sys.exit(main())
