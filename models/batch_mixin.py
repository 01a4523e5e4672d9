import logging

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


class HrPerformanceBatchMixin(models.AbstractModel):
    """Long work that is planned on a record and done in batches.

    The record says what is to be made; :meth:`action_start` makes the first batch at once
    and leaves the rest to the scheduler, which commits after every batch. Killed in the
    middle it goes on where it stopped, and started twice it makes nothing twice, as long
    as :meth:`_do_batch` asks what is still missing. It works with the rights of whoever
    started it, in the record's ``company_id``.
    """

    _name = "hr.performance.batch.mixin"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Long work in batches"

    _method_only_fields = frozenset({"batch_state"})
    #: how many items one transaction makes
    _batch_size = 500

    batch_state = fields.Selection(
        [
            ("draft", "Being planned"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        "Progress State",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    batch_total = fields.Integer("To Make", readonly=True, copy=False)
    batch_done = fields.Integer("Made", readonly=True, copy=False)
    batch_progress = fields.Float(
        "Progress", compute="_compute_batch_progress", help="0 to 100."
    )
    batch_problem = fields.Text("What Stopped It", readonly=True, copy=False)
    batch_user_id = fields.Many2one(
        "res.users", "Started By", readonly=True, copy=False
    )

    @api.depends("batch_state", "batch_total", "batch_done")
    def _compute_batch_progress(self):
        for job in self:
            job.batch_progress = (
                100.0
                if job.batch_state == "done"
                else 100.0 * job.batch_done / job.batch_total
                if job.batch_total
                else 0.0
            )

    # ---------------------------------------------------------------- to be said

    def _count_batch(self):
        """How many items are still to be made."""
        raise NotImplementedError

    def _do_batch(self, limit):
        """Make at most ``limit`` of the items that are still missing.

        :return: how many were made; 0 when nothing is left
        """
        raise NotImplementedError

    # ---------------------------------------------------------------- changes

    def write(self, vals):
        self._check_not_running()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        self._check_not_running()

    def _check_not_running(self):
        """Refuse changes meanwhile: it runs with the rights of who started it."""
        for job in self:
            if job.batch_state == "running" and not self.env.su:
                raise UserError(job._running_message())

    def _nothing_message(self):
        """Why there is nothing to make."""
        return self.env._(
            "“%(work)s” makes nothing: everything is there already, or nobody is chosen.",
            work=self.display_name,
        )

    def _running_message(self):
        return self.env._(
            "“%(work)s” is running. Wait until it is done.", work=self.display_name
        )

    # ---------------------------------------------------------------- running

    def action_start(self):
        """Make what is planned: the first batch now, the rest in the background.

        :raise UserError: while it is running, or when there is nothing to make
        """
        self.ensure_one()
        self.check_access("write")
        if self.batch_state == "running":
            raise UserError(self._running_message())
        total = self._count_batch()
        if not total and not self.batch_done:
            raise UserError(self._nothing_message())
        # sudo: how far it is, is written by these methods only
        self.sudo().write(
            {
                "batch_state": "running",
                "batch_total": self.batch_done + total,
                "batch_problem": False,
                "batch_user_id": self.env.uid,
            }
        )
        self._run_batch()
        if self.batch_state == "running":
            self.env.ref("hr_performance.ir_cron_run_batches").sudo()._trigger()

    def _run_batch(self):
        """Make one batch with the rights of who started it; return how many items."""
        self.ensure_one()
        made = self._do_batch(self._batch_size)
        job = self.sudo()
        job.batch_done += made
        if made < self._batch_size:
            job.batch_state = "done"
        self.env.flush_all()
        return made

    @api.model
    def _cron_run_batches(self):
        """Go on with all work that is running, a batch a transaction."""
        cron = self.env["ir.cron"]
        for name in self._inherit_children:
            for job in self.env[name].search([("batch_state", "=", "running")]):
                while job._run_batch_or_explain() and job.batch_state == "running":
                    if not cron._commit_progress(1, remaining=1):
                        return
                cron._commit_progress(1, remaining=0)

    def _run_batch_or_explain(self):
        """One batch; when it fails, what was made stays and the record says why.

        :return: whether there is any point in going on now
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.lock_for_update(allow_referencing=True)
                user = self.batch_user_id
                if not user.active:
                    raise UserError(
                        self.env._(
                            "%(person)s, who started it, has left. Start it again to go on"
                            " with your own rights.",
                            person=user.name,
                        )
                    )
                self.with_user(user).with_context(
                    # that of the work comes first: it is the one that defaults are of
                    allowed_company_ids=(self.company_id | user.company_ids).ids,
                    lang=user.lang,
                )._run_batch()
            return True
        except LockError:
            return False
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # somebody has written to the same records: once more in a new transaction
            self.env.ref("hr_performance.ir_cron_run_batches")._trigger()
            return False
        except UserError as error:
            problem = str(error)
        except Exception:
            _logger.exception("%s could not go on", self)
            problem = self.env._(
                "The database refused it for a technical reason. Ask your administrator to"
                " look at the server's log."
            )
        self.write({"batch_state": "stopped", "batch_problem": problem})
        return False
