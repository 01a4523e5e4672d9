from odoo import api, fields, models


class HrPerformanceAuthorMixin(models.AbstractModel):
    """Whether the current user is who wrote a record, or has been asked to.

    ``is_mine`` of the team mixin is about whom a record is about; this is the other end.
    """

    _name = "hr.performance.author.mixin"
    _inherit = ["hr.performance.team.mixin"]
    _description = "Records with an author"

    #: the many2one to the employee who writes
    _author_field = "author_id"

    is_author = fields.Boolean(
        compute="_compute_is_author",
        search="_search_is_author",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    @api.depends(lambda self: [self._author_field])
    def _compute_is_author(self):
        self._compute_membership(
            "is_author", self._my_employees_sql(), self._author_field
        )

    def _search_is_author(self, operator, value):
        return self._search_membership(
            operator, self._my_employees_sql(), self._author_field
        )
