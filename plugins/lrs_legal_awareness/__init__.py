"""Legal and ethical awareness: yearly tests and certificates; the verdict goes stale a year after the last.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from lrs.plugin import DataPlugin

plugin = DataPlugin(__name__)
