from odoo import fields, models


class Deal(models.Model):
    """Records to count by user and date, as an installed app would hold them."""

    _name = "bench.deal"
    _description = "Deal"

    user_id = fields.Many2one("res.users", required=True, index=True)
    date = fields.Date(required=True, index=True)
    amount = fields.Float()
