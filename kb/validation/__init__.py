"""Great Expectations on the tables of the base, and what is still missing from it.

Importing Great Expectations takes seconds, so nothing that only serves a dashboard may import this package; a test
watches over that.
"""

from kb.validation.report import Report, check, store

__all__ = ["Report", "check", "store"]
