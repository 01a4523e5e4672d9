from odoo import api, models


class HrPerformanceOwedMixin(models.AbstractModel):
    """Records that ask something of somebody: a check-in, an answer, a confirmation.

    What is asked is said once, in :meth:`_owed_sql`. The list *What I owe*, the activity
    bell and the digest are all made of it.
    """

    _name = "hr.performance.owed.mixin"
    _description = "Records that ask something of somebody"

    @api.model
    def _owed_sql(self):
        """What records of this model ask of whom.

        :return: list of ``(kind, SQL)``. Each kind has an activity type with the XML id
            ``hr_performance.mail_activity_<kind>``, whose name and icon are shown. The SQL
            selects, in this order and under these names:

            - ``res_id``: the record, not more than once a kind
            - ``employee_id``: who owes it; ``about_id``: whom it is about, or NULL
            - ``company_id``
            - ``date_from``: the first day on which it can be done
            - ``deadline``: the last day on which it is in time
            - ``done_on``: the day on which it was done; NULL while it is open
            - ``shared``: whether the line above who owes it, and HR, may know of it

            What nobody can do any more (cancelled, closed cycles) is not among the rows.
        """
        return []

    def _sync_owed(self):
        """Let the activities of these records be what they ask now; after each step."""
        self.env["hr.performance.owed"]._sync(self)
