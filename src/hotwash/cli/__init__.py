"""The command line: parse, call work, print; one module for each group of commands.

Heavy rooms are imported inside the commands, so that `hotwash --help` answers at once.
"""

from hotwash.cli.root import app as app
from hotwash.cli.root import main as main
