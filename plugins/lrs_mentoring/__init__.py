"""Mentoring: the hours that a unit gives to it; shown, never scored, and never of one officer.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from lrs.plugin import DataPlugin

plugin = DataPlugin(__name__)
