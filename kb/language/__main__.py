"""`python -m kb.language`: the language server on standard input and output."""

import logging

from kb.language.server import make

logging.basicConfig(level=logging.WARNING)
make().start_io()
