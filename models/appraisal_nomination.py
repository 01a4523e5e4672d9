from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .appraisal_reviewers import person_of
from .flush import flush_sql
from .workflow_mixin import OFFICERS

#: so many days there are to propose colleagues, and to decide on who is proposed
DAYS_TO_NOMINATE = 7


class HrPerformanceAppraisal(models.Model):
    """Reviewers who are named: by the person appraised, by the manager, by HR."""

    _inherit = "hr.performance.appraisal"

    proposed_count = fields.Integer(
        "Proposed Reviewers", compute="_compute_proposed_count"
    )
    can_ask = fields.Boolean(
        compute="_compute_can_ask", export_string_translation=False
    )

    @api.depends("nomination_ids.state")
    @api.depends_context("uid")
    def _compute_proposed_count(self):
        for appraisal in self:
            appraisal.proposed_count = len(
                appraisal.nomination_ids.filtered(lambda one: one.state == "proposed")
            )

    @api.depends("is_collecting", "collection_closed_on", "template_id", "manager_id")
    @api.depends_context("uid")
    def _compute_can_ask(self):
        for appraisal in self:
            appraisal.can_ask = bool(
                appraisal.is_collecting
                and not appraisal.collection_closed_on
                and set(appraisal.template_id.role_ids.mapped("role"))
                - {"self", "manager"}
                and appraisal._performance_roles() & (OFFICERS | {"appraiser"})
            )

    # ---------------------------------------------------------------- steps

    def action_ask(self, role, reviewer_ids):
        """Ask more people in ``role``; for the manager named on the appraisal and HR.

        :param reviewer_ids: ids of employees
        :return: the nominations
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self._performance_roles() & (
            OFFICERS | {"appraiser"}
        ):
            raise AccessError(
                self.env._(
                    "Whom to ask about “%(appraisal)s” is decided by the manager named on"
                    " it, or HR. Nobody does so for themselves.",
                    appraisal=self.display_name,
                )
            )
        appraisal = self.sudo()
        appraisal._check_collecting()
        reviewers = self._named(reviewer_ids)
        appraisal._check_role(role)
        for number, reviewer in enumerate(reviewers):
            appraisal._check_reviewer(role, reviewer)
            if person_of(reviewer) in map(person_of, reviewers[:number]):
                raise UserError(
                    self.env._(
                        "%(person)s is named twice. Once is enough.",
                        person=reviewer.name,
                    )
                )
        appraisal._check_room(role, reviewers)
        nominations = self._nominate(role, reviewers, "manager", "approved")
        nominations._ask()
        appraisal._sync_owed()
        appraisal.request_ids.filtered(lambda one: one.role == "self")._sync_owed()
        return nominations.sudo(False)

    def action_ask_more(self):
        """Open the dialog to ask more people."""
        self.ensure_one()
        return self._nominate_dialog(
            self.env._("Ask more people"), default_appraisal_id=self.id
        )

    def action_view_nominations(self):
        """Who is asked, and who is proposed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.nomination_action"
        )
        return action | {
            "domain": [("appraisal_id", "=", self.id)],
            "context": {"performance_appraisal": True},
        }

    @api.model
    def _nominate_dialog(self, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "hr.performance.nominate",
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    # ---------------------------------------------------------------- checks

    @api.model
    def _named(self, reviewer_ids):
        if not (
            isinstance(reviewer_ids, list | tuple)
            and reviewer_ids
            and all(type(one) is int for one in reviewer_ids)
        ):
            raise UserError(self.env._("Choose who shall be asked."))
        # names of colleagues are open to all users, those of other companies are not
        colleagues = (
            self.env["hr.employee.public"].sudo(False).browse(reviewer_ids).exists()
        )
        colleagues.check_access("read")
        # sudo: whether they can be asked is private
        return self.env["hr.employee"].sudo().browse(colleagues.ids)

    def _check_collecting(self):
        for appraisal in self:
            if not appraisal.is_collecting or appraisal.collection_closed_on:
                raise UserError(
                    self.env._(
                        "Nobody can be asked any more about “%(employee)s, %(cycle)s”: the"
                        " reviews are not open.",
                        employee=appraisal.employee_id.name,
                        cycle=appraisal.cycle_id.name,
                    )
                )

    def _check_role(self, role, nomination=None):
        """The line of the form for ``role``; refuse one in which nobody can be named."""
        line = self.template_id.role_ids.filtered(lambda one: one.role == role)
        if (
            not line
            or role in ("self", "manager")
            or (nomination and line.nomination != nomination)
        ):
            roles = dict(line._fields["role"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The form “%(form)s” has nobody named as “%(role)s” here. Choose one of"
                    " its other roles.",
                    form=self.template_id.name,
                    role=roles.get(role, role),
                )
            )
        return line

    def _check_room(self, role, new, proposed=None):
        """Refuse more than the form asks for in ``role``.

        :param new: employees who are to be asked
        :param proposed: nominations that are to be approved; else the proposals count too
        """
        line = self.template_id.role_ids.filtered(lambda one: one.role == role)
        if not line.count_max:
            return
        of_role = self.nomination_ids.filtered(lambda one: one.role == role)
        counted = of_role.filtered(lambda one: one.state == "approved")
        counted |= (
            of_role.filtered(lambda one: one.state == "proposed")
            if proposed is None
            else proposed
        )
        people = {person_of(one.reviewer_id) for one in counted}
        # who has declined leaves room for somebody else, once that has been said
        declined = len(
            self.request_ids.filtered(
                lambda one: (
                    one.role == role and one.decline_reason and one.is_decline_told
                )
            )
        )
        if len(people) + len(new) - declined > line.count_max:
            roles = dict(line._fields["role"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "At most %(count)s are asked about %(employee)s as “%(role)s”. Choose"
                    " fewer.",
                    count=line.count_max,
                    employee=self.employee_id.name,
                    role=roles[role],
                )
            )

    def _nominate(self, role, reviewers, source, state):
        # sudo: nominations are written here and by their steps, nowhere else
        return (
            self.env["hr.performance.nomination"]
            .sudo()
            .create(
                [
                    {
                        "appraisal_id": self.id,
                        "role": role,
                        "reviewer_id": reviewer.id,
                        "source": source,
                        "state": state,
                    }
                    for reviewer in reviewers
                ]
            )
        )

    # ---------------------------------------------------------------- owed

    @api.model
    def _owed_sql(self):
        return [
            *super()._owed_sql(),
            (
                "nomination",
                SQL(
                    """
                    SELECT appraisal.id AS res_id, appraisal.manager_id AS employee_id,
                           appraisal.employee_id AS about_id, appraisal.company_id,
                           COALESCE(proposed.since, asked.since) AS date_from,
                           COALESCE(proposed.since, asked.since) + %(days)s AS deadline,
                           NULL::date AS done_on,
                           appraisal.confidential IS NOT TRUE AS shared
                      FROM hr_performance_appraisal appraisal
                 LEFT JOIN (SELECT appraisal_id, MIN(create_date)::date AS since
                              FROM hr_performance_nomination
                             WHERE state = 'proposed'
                          GROUP BY appraisal_id) proposed
                        ON proposed.appraisal_id = appraisal.id
        -- fewer than the form wants in a role that the manager fills
        LEFT JOIN LATERAL (SELECT LEAST(appraisal.create_date::date, %(today)s) AS since
                             FROM hr_performance_template_role line
                            WHERE line.template_id = appraisal.template_id
                              AND line.nomination = 'manager'
                              AND line.role NOT IN ('self', 'manager')
                              AND line.count_min > (
                                  SELECT COUNT(*)
                                    FROM hr_performance_nomination nomination
                                   WHERE nomination.appraisal_id = appraisal.id
                                     AND nomination.role = line.role
                                     AND nomination.state <> 'refused')
                            LIMIT 1) asked
                        ON TRUE
                     WHERE appraisal.is_collecting
                       AND appraisal.collection_closed_on IS NULL
                       AND (proposed.since IS NOT NULL OR asked.since IS NOT NULL)%(flush)s
                    """,
                    days=DAYS_TO_NOMINATE,
                    today=fields.Date.today(),
                    flush=flush_sql(
                        self.env,
                        (
                            "hr.performance.appraisal",
                            "manager_id employee_id company_id is_collecting confidential"
                            " collection_closed_on template_id create_date",
                        ),
                        (
                            "hr.performance.nomination",
                            "appraisal_id role state create_date",
                        ),
                        (
                            "hr.performance.template.role",
                            "template_id role nomination count_min",
                        ),
                    ),
                ),
            ),
        ]

    def _owed_action(self, kind):
        if kind == "nomination" and not self.proposed_count:
            return self.action_ask_more()
        if kind == "nomination":
            action = self.action_view_nominations()
            action["context"] |= {"search_default_proposed": 1}
            return action
        return super()._owed_action(kind)
