"""Community survey: what residents say of a unit, item by item; shown, never scored, never of one officer.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from lrs.plugin import DataPlugin

plugin = DataPlugin(__name__)
