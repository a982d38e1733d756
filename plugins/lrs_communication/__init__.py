"""Communication: lets others finish, checks understanding, explains, de-escalates before force.

`rubric.json` says what the competency is made of, `alignment.json` which statements are evidence of it.
"""

from lrs.plugin import DataPlugin

plugin = DataPlugin(__name__)
