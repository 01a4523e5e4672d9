from odoo import api, models


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _get_view_field_attributes(self):
        """Let the web client know the floats that can be empty; see ``nullable.py``."""
        return [*super()._get_view_field_attributes(), "nullable"]
