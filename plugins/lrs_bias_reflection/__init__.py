"""Reflection on bias: that it was completed, and nothing of what was written.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from lrs.plugin import DataPlugin

plugin = DataPlugin(__name__)
