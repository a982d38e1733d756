"""Leadership: takes responsibility for the work and for the people in it, at any rank.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from lrs.plugin import DataPlugin

plugin = DataPlugin(__name__)
