from odoo import api, models

#: activities of so many appraisals or requests are made at once: of about a hundred people
AT_ONCE = 200
#: what nobody wants in ten thousand chatters
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "tracking_disable": True,
}


class HrPerformanceAppraisal(models.Model):
    """Appraisals that are made and opened in bulk, see ``launch.py``.

    All that is stored follows from the same methods as for one that is created and opened
    by hand. It is worked out before the rows are inserted, each table in one statement;
    where another addon has a say, they are created and opened as usual.
    """

    _name = "hr.performance.appraisal"
    _inherit = ["hr.performance.appraisal", "hr.performance.bulk.mixin"]
    _owed_at_once = AT_ONCE

    @api.model
    def _make(self, vals_list):
        """Make and open appraisals, with items and requests. In superuser mode.

        :param vals_list: values of appraisals as ``create`` takes them
        :return: the appraisals, in the same order
        """
        quiet = self.with_context(**QUIET)
        Item = quiet.env["hr.performance.appraisal.item"]
        if not (
            vals_list and self._is_made_here_alone() and Item._is_made_here_alone()
        ):
            appraisals = quiet.create(vals_list)
            appraisals.action_open()
            return appraisals.with_env(self.env)
        self._check_no_second(
            (vals["employee_id"], vals["cycle_id"], self._purpose_of(vals))
            for vals in vals_list
            if not vals.get("schedule_id")
        )
        opened = {"state": self._transitions["open"].target, "is_collecting": True}
        appraisals = quiet._plan_rows([vals | opened for vals in vals_list])
        items = Item._plan_rows(appraisals._missing_items())
        # scores follow from the items
        by_appraisal = {appraisal_id: [] for appraisal_id in appraisals._ids}
        for item_id, appraisal_id in (
            items._fields["appraisal_id"]._get_cache(items.env).items()
        ):
            if appraisal_id in by_appraisal:
                by_appraisal[appraisal_id].append(item_id)
        for appraisal in appraisals:
            appraisal._fields["item_ids"]._update_cache(
                appraisal, tuple(by_appraisal[appraisal.id])
            )
        items._work_out()
        appraisals._insert_planned()
        items._insert_planned()
        appraisals._sync_requests()
        return appraisals.with_env(self.env)


class HrPerformanceAppraisalItem(models.Model):
    _name = "hr.performance.appraisal.item"
    _inherit = ["hr.performance.appraisal.item", "hr.performance.bulk.mixin"]


class HrPerformanceRequest(models.Model):
    _name = "hr.performance.request"
    _inherit = ["hr.performance.request", "hr.performance.bulk.mixin"]
    _owed_at_once = AT_ONCE
