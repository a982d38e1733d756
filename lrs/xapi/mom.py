"""Terms of ADL's TLA Master Object Model, the xAPI profile https://w3id.org/xapi/tla, as far as they are used here."""

from __future__ import annotations

from typing import Final

VERSION: Final = "https://w3id.org/xapi/tla/v0.16"
"""The version of the profile that the template `asserted` is taken from."""
ASSERTED: Final = "https://w3id.org/xapi/tla/verbs/asserted"
"""What a system concluded on a competency. A conclusion is never evidence, whoever drew it."""
COMPETENCY: Final = "https://w3id.org/xapi/tla/activity-types/competency"
CONFIDENCE: Final = "https://w3id.org/xapi/tla/extensions/confidence"
"""Context extension: from -1, certainly not, to 1, certainly so."""
EVIDENCE: Final = "https://w3id.org/xapi/tla/extensions/evidence"
"""Context extension: the ids of the statements that it rests on."""
