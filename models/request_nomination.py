from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .appraisal_nomination import DAYS_TO_NOMINATE
from .appraisal_reviewers import person_of
from .flush import flush_sql


class HrPerformanceRequest(models.Model):
    """The person appraised proposes who else shall be asked, from their own request.

    They cannot read their appraisal yet. Of what others have named they learn nothing, not
    by a refusal either.
    """

    _inherit = "hr.performance.request"

    nomination_roles = fields.Json(
        compute="_compute_nomination_roles",
        help="In which roles the person proposes reviewers, how many, and how many they"
        " have: [{role, name, min, max, count}].",
    )
    can_nominate = fields.Boolean(compute="_compute_nomination_roles")
    proposed_count = fields.Integer("Proposed", compute="_compute_nomination_roles")

    @api.depends("role", "state")
    @api.depends_context("uid", "lang")
    def _compute_nomination_roles(self):
        for request in self:
            roles = []
            if request.role == "self" and request.is_author:
                roles = [
                    {
                        "role": line.role,
                        "name": request._name_of(line.role),
                        "min": line.count_min,
                        "max": line.count_max,
                        "count": len(request._proposed(line.role)),
                    }
                    # sudo: they cannot read the appraisal, and the form is no secret
                    for line in request.sudo().appraisal_id.template_id.role_ids
                    if line.nomination == "employee"
                    and line.role not in ("self", "manager")
                ]
            request.nomination_roles = roles
            request.proposed_count = sum(role["count"] for role in roles)
            request.can_nominate = request._is_collected() and any(
                not role["max"] or role["count"] < role["max"] for role in roles
            )

    def _name_of(self, role):
        return dict(self._fields["role"]._description_selection(self.env))[role]

    def _proposed(self, role):
        """What the person has proposed and nobody refused."""
        # sudo: one's own proposals
        return self.sudo().appraisal_id.nomination_ids.filtered(
            lambda one: (
                one.role == role and one.source == "employee" and one.state != "refused"
            )
        )

    def action_nominate(self):
        """Open the dialog to propose reviewers."""
        self.ensure_one()
        self._check_author()
        return self.env["hr.performance.appraisal"]._nominate_dialog(
            self.env._("Who knows your work?"), default_request_id=self.id
        )

    def action_view_proposed(self):
        """Whom one has proposed, and what became of it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hr_performance.nomination_action"
        )
        return action | {
            "name": self.env._("My proposals"),
            # sudo: the number of an appraisal that one cannot read yet
            "domain": [("appraisal_id", "=", self.sudo().appraisal_id.id)],
            "context": {"performance_mine": True},
        }

    def action_propose(self, role, reviewer_ids):
        """Propose people who know one's work; the manager or HR decides.

        :param role: one in which the form lets the person propose
        :param reviewer_ids: ids of employees
        :return: the nominations
        """
        self.ensure_one()
        self._check_author()
        appraisal = self.sudo().appraisal_id
        if self.role != "self":
            raise UserError(
                self.env._("Reviewers are proposed by the person who is appraised.")
            )
        appraisal._check_collecting()
        line = appraisal._check_role(role, "employee")
        reviewers = appraisal._named(reviewer_ids)
        taken = {person_of(one.reviewer_id) for one in self._proposed(role)}
        for reviewer in reviewers:
            self._check_proposed(appraisal, reviewer, taken)
            taken.add(person_of(reviewer))
        if line.count_max and len(taken) > line.count_max:
            raise UserError(
                self.env._(
                    "You can propose at most %(count)s as “%(role)s”. Choose those who know"
                    " your work best.",
                    count=line.count_max,
                    role=self._name_of(role),
                )
            )
        nominations = appraisal._nominate(role, reviewers, "employee", "proposed")
        appraisal._sync_owed()
        self.sudo()._sync_owed()
        return nominations.with_env(self.env)

    def _check_proposed(self, appraisal, reviewer, taken):
        """As ``_check_reviewer``, without a word on whom others have named."""
        names = {"person": reviewer.name}
        if appraisal._is_same_person(reviewer):
            raise UserError(
                self.env._("You write your own review already. Choose somebody else.")
            )
        if appraisal.manager_id and person_of(reviewer) == person_of(
            appraisal.manager_id
        ):
            raise UserError(
                self.env._(
                    "%(person)s reviews you as manager already. Choose somebody else.",
                    **names,
                )
            )
        if not appraisal._can_be_asked(reviewer, appraisal.company_id):
            raise UserError(
                self.env._(
                    "%(person)s has no active user in %(company)s, so could not answer."
                    " Choose somebody else.",
                    company=appraisal.company_id.name,
                    **names,
                )
            )
        if person_of(reviewer) in taken:
            raise UserError(
                self.env._(
                    "You have proposed %(person)s already. Once is enough.", **names
                )
            )

    # ---------------------------------------------------------------- owed

    @api.model
    def _owed_sql(self):
        return [
            *super()._owed_sql(),
            (
                "nominate",
                SQL(
                    """
                    SELECT request.id AS res_id, request.reviewer_id AS employee_id,
                           request.employee_id AS about_id, request.company_id,
                           LEAST(request.create_date::date, %(today)s) AS date_from,
                           LEAST(request.create_date::date, %(today)s) + %(days)s
                               AS deadline,
                           NULL::date AS done_on,
                           appraisal.confidential IS NOT TRUE AS shared
                      FROM hr_performance_request request
                      JOIN hr_performance_appraisal appraisal
                        ON appraisal.id = request.appraisal_id
                     WHERE request.role = 'self'
                       AND appraisal.is_collecting
                       AND appraisal.collection_closed_on IS NULL
                       AND EXISTS (
                           SELECT FROM hr_performance_template_role line
                            WHERE line.template_id = appraisal.template_id
                              AND line.nomination = 'employee'
                              AND line.role NOT IN ('self', 'manager')
                              AND line.count_min > (
                                  SELECT COUNT(*)
                                    FROM hr_performance_nomination nomination
                                   WHERE nomination.appraisal_id = appraisal.id
                                     AND nomination.role = line.role
                                     AND nomination.source = 'employee'
                                     AND nomination.state <> 'refused'))%(flush)s
                    """,
                    today=fields.Date.today(),
                    days=DAYS_TO_NOMINATE,
                    flush=flush_sql(
                        self.env,
                        (
                            "hr.performance.nomination",
                            "appraisal_id role source state",
                        ),
                        (
                            "hr.performance.appraisal",
                            "is_collecting collection_closed_on template_id confidential",
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
        if kind == "nominate":
            return self.action_nominate()
        return super()._owed_action(kind)
