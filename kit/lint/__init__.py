"""What axe cannot see: the lint of built materials, without a browser.

A build is read as its readers get it (pages, PDFs, notebooks, records) and looked over for what a
machine can know to be wrong: text in another language than it says, descriptions of charts that no
longer fit their numbers, answers in a participant's hands, another town's name, traces of the
machine that made it.
"""

from kit.lint.finding import Finding
from kit.lint.looking import look

__all__ = ["Finding", "look"]
