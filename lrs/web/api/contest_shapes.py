"""The shapes of contests and rejoinders, which stand beside the items of a record wherever those are."""

from __future__ import annotations

from marshmallow import Schema, fields


class Contest(Schema):
    """An officer's challenge of what one statement says of them."""

    id = fields.String()
    statement_id = fields.String()
    officer = fields.String(metadata={"description": "Agent key."})
    raised = fields.String()
    raised_by = fields.String(metadata={"description": "Id of a user."})
    due = fields.String(metadata={"description": "By when it is to be decided."})
    overdue = fields.Boolean()
    reason_given = fields.String(metadata={"description": "By the officer."})
    state = fields.String(metadata={"description": "open, granted, refused or withdrawn."})
    decided = fields.String(allow_none=True)
    decided_by = fields.String(metadata={"description": "Id of a user; empty while it is open."})
    reasons = fields.String(metadata={"description": "By who decided."})
    voiding_id = fields.String(metadata={"description": "Granted: the statement that voids the item."})
    reissued_id = fields.String(
        metadata={"description": "Granted: the corrected statement, if there is one."}
    )


class Rejoinder(Schema):
    """What an officer has to say to an item of their record."""

    id = fields.String()
    statement_id = fields.String()
    officer = fields.String(metadata={"description": "Agent key."})
    written = fields.String()
    written_by = fields.String(metadata={"description": "Id of a user."})
    text = fields.String()
