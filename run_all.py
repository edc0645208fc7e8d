"""Makes the reports of the project in this folder: `python run_all.py --help` tells how.

What happens, in order, is `run_reports` in barometer/tools/run.py.
"""

import sys
from pathlib import Path

from barometer.files.console import settle_streams
from barometer.tools.run import main

if __name__ == "__main__":
    settle_streams()
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
