from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class HrPerformanceIndicator(models.Model):
    """Ready definitions, and the apps that those with a query wait for.

    The library is data: drafts in sets. One is in use from the moment HR says so.
    """

    _inherit = "hr.performance.indicator"

    query_app = fields.Char(
        "Needs the App",
        help="The technical name of the app that brings the records or the measured field,"
        " for definitions that were made before it is installed.",
    )
    app_name = fields.Char("App", compute="_compute_app_name")
    is_app_missing = fields.Boolean(
        "App Not Installed",
        compute="_compute_is_app_missing",
        search="_search_is_app_missing",
    )

    @api.depends("query_app")
    def _compute_app_name(self):
        # sudo: which apps there are is no secret
        apps = self.env["ir.module.module"].sudo()
        known = dict(
            apps.search_fetch(
                [("name", "in", self.mapped("query_app"))], ["name", "shortdesc"]
            ).mapped(lambda app: (app.name, app.shortdesc))
        )
        for indicator in self:
            indicator.app_name = known.get(indicator.query_app, indicator.query_app)

    @api.depends("source", "query_app")
    def _compute_is_app_missing(self):
        missing = self.filtered_domain(self._domain_app_missing())
        for indicator in self:
            indicator.is_app_missing = indicator in missing

    def _search_is_app_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_app_missing()

    def _domain_app_missing(self):
        installed = list(self.pool._init_modules)
        return (
            Domain("source", "=", "odoo")
            & Domain("query_app", "!=", False)
            & Domain("query_app", "not in", installed)
        )

    def write(self, vals):
        if "query_model" in vals:
            # the app was that of the records measured before
            vals = {"query_app": False} | vals
        return super().write(vals)

    def action_activate(self):
        """Put the definitions into use, and what their formulas are worked out from.

        :raise UserError: when the app is missing that brings the values of one of them
        """
        parts, ahead = self.browse(), self
        while ahead:
            ahead = ahead.filtered(lambda one: one.source == "formula").part_ids - parts
            parts |= ahead
        wanted = self | parts.filtered(lambda part: part.state == "draft")
        if missing := wanted.filtered("is_app_missing"):
            raise UserError(
                self.env._(
                    "Install the app first, or enter the values yourself: choose “People”"
                    " in “Values Come From”.\n%(indicators)s",
                    indicators="\n".join(
                        self.env._(
                            "“%(indicator)s” measures records of “%(app)s”.",
                            indicator=indicator.name,
                            app=indicator.app_name,
                        )
                        for indicator in missing
                    ),
                )
            )
        return super(HrPerformanceIndicator, wanted).action_activate()
