from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_list, split_every

from ..engine.competency import is_gap
from .workflow_mixin import OFFICERS

#: what a competency weighs beside the others of its section
WEIGHT = 100.0
#: hr_skills looks for overlaps of so many skills in one search
BATCH = 500
#: from the manager's rating on a gap is more than somebody's draft opinion
SETTLED_STATES = ("assessed", "released", "acknowledged", "closed")


class HrPerformanceAppraisal(models.Model):
    """Competencies: from the post and the person's skills, and back to the skills.

    What the post expects and what the person has are copied when the appraisal opens.
    What was assessed is written to the person's skills when it is closed, in the way of
    ``hr_skills``, which keeps what was there before.
    """

    _inherit = "hr.performance.appraisal"

    skill_item_ids = fields.One2many(
        "hr.performance.appraisal.item",
        "appraisal_id",
        "Competencies",
        domain=[("kind", "=", "skill")],
    )
    skill_note = fields.Char(
        "About the Competencies",
        compute="_compute_skill_note",
        help="Why the form does not ask for some competencies.",
    )
    can_make_growth_goals = fields.Boolean(compute="_compute_can_make_growth_goals")

    @api.depends("template_id.section_ids.kind", "job_id")
    @api.depends_context("lang")
    def _compute_skill_note(self):
        # sudo: what a post expects is readable to everybody who reads the appraisal
        asking = self.filtered(lambda appraisal: appraisal.sudo()._competency_section())
        notes = self._unfit_skills(asking.sudo().job_id)
        for appraisal in self:
            appraisal.skill_note = (
                notes[appraisal.sudo().job_id] if appraisal in asking else False
            )

    @api.depends("skill_item_ids.assessed_level_id", "state")
    @api.depends_context("uid")
    def _compute_can_make_growth_goals(self):
        for appraisal in self:
            appraisal.can_make_growth_goals = bool(
                appraisal.state in SETTLED_STATES
                and appraisal._may_plan_growth()
                and appraisal._skill_gaps()
            )

    # ---------------------------------------------------------------- from hr_skills

    def _competency_section(self):
        """The section that asks for the competencies; the first one takes them all."""
        return self.template_id.section_ids.filtered(
            lambda section: section.kind == "competencies"
        )[:1]

    def _missing_items(self):
        """And the competencies: what the post expects beside what the person has."""
        return super()._missing_items() + self._missing_skill_items()

    def _missing_skill_items(self):
        """The values of the competencies that are missing, in superuser mode."""
        asking = {
            appraisal: section
            for appraisal in self
            if (section := appraisal._competency_section())
        }
        if not asking:
            return []
        appraisals = self.browse(appraisal.id for appraisal in asking)
        expected = self._expected_skills(appraisals.job_id)
        current = self._current_skills(appraisals.employee_id)
        return [
            {
                "appraisal_id": appraisal.id,
                "section_id": section.id,
                "sequence": number,
                "name": skill.name,
                "kind": "skill",
                "skill_id": skill.id,
                "expected_level_id": level.id,
                "current_level_id": current[
                    appraisal.employee_id, skill
                ].skill_level_id.id
                if (appraisal.employee_id, skill) in current
                else False,
                "weight": WEIGHT,
                "required": True,
                "sharing": section.sharing,
            }
            for appraisal, section in asking.items()
            for number, (skill, level) in enumerate(expected.get(appraisal.job_id, ()))
            if skill not in appraisal.item_ids.skill_id
        ]

    @api.model
    def _expected_skills(self, jobs):
        """``{job: [(skill, level), ...]}`` as far as they can be assessed."""
        expected = {}
        for line in self._job_skills(jobs):
            if not self._unfit(line):
                expected.setdefault(line.job_id, []).append(
                    (line.skill_id, line.skill_level_id)
                )
        return expected

    def _job_skills(self, jobs):
        """What posts expect today."""
        # archived types, too, so that they can be named
        JobSkill = self.env["hr.job.skill"].sudo().with_context(active_test=False)
        lines = JobSkill.search(Domain("job_id", "in", jobs.ids) & self._valid_today())
        # as skills are ordered, not by the level expected
        return lines.sorted(
            lambda line: (
                line.skill_type_id.sequence,
                line.skill_type_id.name,
                line.skill_id.sequence,
                line.skill_id.name,
            )
        )

    @api.model
    def _current_skills(self, employees):
        """``{(employee, skill): hr.employee.skill}`` as the profiles have it today."""
        lines = (
            self.env["hr.employee.skill"]
            .sudo()
            .search(
                Domain("employee_id", "in", employees.ids)
                & Domain("skill_type_id.is_certification", "=", False)
                & self._valid_today()
            )
        )
        return {(line.employee_id, line.skill_id): line for line in lines}

    def _valid_today(self):
        today = fields.Date.today()
        return Domain("valid_from", "<=", today) & (
            Domain("valid_to", "=", False) | Domain("valid_to", ">=", today)
        )

    def _unfit(self, line):
        """Why a skill that a post expects is not assessed, if so."""
        kind = line.skill_type_id
        if not kind.active:
            return "archived"
        if kind.is_certification:
            return "certificate"
        if not line.skill_level_id.level_progress:
            return "nothing"
        return ""

    @api.model
    def _unfit_skills(self, jobs):
        """``{job: sentence or False}``: what is missing or unfit of a post's skills.

        An empty post is in it as well: who has none has no competencies expected.
        """
        lines = self._job_skills(jobs).grouped("job_id")
        notes = {
            self.env["hr.job"]: self.env._(
                "There is no post, so no competencies are expected. Set the job position"
                " on the employee."
            )
        }
        for job in jobs:
            of_job = lines.get(job, self.env["hr.job.skill"])
            unfit = of_job.grouped(self._unfit)
            if not unfit.get(""):
                notes[job] = self.env._(
                    "“%(job)s” expects no competencies that can be assessed. Add skills on"
                    " the job position.",
                    job=job.name,
                )
                continue
            texts = {
                "archived": self.env._("of an archived skill type"),
                "certificate": self.env._("certificates, which are earned elsewhere"),
                "nothing": self.env._("expected on a level of 0 %"),
            }
            told = [
                self.env._(
                    "%(skills)s (%(why)s)",
                    skills=format_list(self.env, unfit[why].skill_id.mapped("name")),
                    why=text,
                )
                for why, text in texts.items()
                if unfit.get(why)
            ]
            notes[job] = bool(told) and self.env._(
                "Not asked for: %(skills)s.", skills="; ".join(told)
            )
        return notes

    # ---------------------------------------------------------------- back to hr_skills

    def action_close(self):
        """File the appraisal, and keep what was assessed among the person's skills."""
        result = super().action_close()
        # sudo: officers close, and need not be allowed to edit employees
        self.sudo()._write_back_skills()
        return result

    def _write_back_skills(self):
        """Let the person's skills say what was assessed. In superuser mode only.

        Upwards always. Downwards only on the manager's word, with what shows it, and only
        where nobody has changed the skill since the appraisal began: what somebody learned
        and proved meanwhile is not taken from them. What is left as it is, is said.
        """
        items = self.env["hr.performance.appraisal.item"].search(
            [
                ("appraisal_id", "in", self.ids),
                ("kind", "=", "skill"),
                ("assessed_level_id", "!=", False),
            ]
        )
        current = self._current_skills(items.appraisal_id.employee_id)
        # one person may have several appraisals: the last one speaks
        wanted, kept = {}, {}
        for item in items.sorted(lambda item: (item.appraisal_id.date_end, item.id)):
            employee = item.appraisal_id.employee_id
            line = current.get((employee, item.skill_id))
            before = line.skill_level_id if line else item.assessed_level_id.browse()
            problem = item._why_not_written(before)
            if problem:
                kept.setdefault(item.appraisal_id, []).append((item, before, problem))
            elif before != item.assessed_level_id:
                wanted[employee, item.skill_id] = (item, before)
        self._write_skills([item for item, _before in wanted.values()])
        written = {}
        for item, before in wanted.values():
            written.setdefault(item.appraisal_id, []).append((item, before))
        for appraisal in items.appraisal_id:
            appraisal._tell_skills(written.get(appraisal, ()), kept.get(appraisal, ()))

    def _write_skills(self, items):
        """The assessed levels become skills, the former ones history, as in hr_skills."""
        Skill = self.env["hr.employee.skill"]
        for batch in split_every(BATCH, items, list):
            commands = Skill._create_individual_skills(
                [
                    {
                        "employee_id": item.appraisal_id.employee_id.id,
                        "skill_type_id": item.skill_id.skill_type_id.id,
                        "skill_id": item.skill_id.id,
                        "skill_level_id": item.assessed_level_id.id,
                        "valid_from": fields.Date.today(),
                    }
                    for item in batch
                ]
            )
            created, unlinked, written = [], [], {}
            for command in commands:
                if command[0] == Command.CREATE:
                    created.append(command[2])
                elif command[0] == Command.DELETE:
                    unlinked.append(command[1])
                else:
                    # the same day for all of them
                    key = tuple(sorted(command[2].items()))
                    written.setdefault(key, []).append(command[1])
            Skill.browse(unlinked).unlink()
            for values, ids in written.items():
                Skill.browse(ids).write(dict(values))
            Skill.create(created)

    def _tell_skills(self, written, kept):
        """Say below the appraisal what became of the person's skills."""
        _ = self.env._
        none = _("none")
        lines = [
            _(
                "%(skill)s: %(before)s → %(after)s.",
                skill=item.name,
                before=before.name or none,
                after=item.assessed_level_id.name,
            )
            for item, before in written
        ]
        lines += [
            _(
                "%(skill)s stays at %(before)s, assessed was %(after)s: %(why)s",
                skill=item.name,
                before=before.name or none,
                after=item.assessed_level_id.name,
                why=why,
            )
            for item, before, why in kept
        ]
        if lines:
            self.message_post(
                body=_("Skills of the employee: %(skills)s", skills=" ".join(lines))
            )

    # ---------------------------------------------------------------- growth

    def _may_plan_growth(self):
        """Whether the user may make goals of the gaps: HR, and the manager named."""
        return bool(self._performance_roles() & (OFFICERS | {"appraiser"}))

    def _skill_gaps(self):
        """The competencies assessed below what the post expects.

        What growth goals are made of; lines of a development plan can be, too.
        """
        return self.item_ids.filtered(lambda item: item._is_gap())

    def _growth_cycle(self):
        """The cycle in which gaps are to be closed: the next one, else the present one."""
        cycle = self.sudo().cycle_id
        following = cycle._following()[cycle]
        return following or cycle.filtered(lambda cycle: cycle.state != "closed")

    def action_plan_growth(self):
        """Open the preview of the goals that would be made."""
        self.ensure_one()
        self._check_may_plan_growth()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Goals from Competency Gaps"),
            "res_model": "hr.performance.growth.goals",
            "view_mode": "form",
            "target": "new",
            "context": {"default_appraisal_id": self.id},
        }

    def action_make_growth_goals(self, item_ids=None, cycle_id=None):
        """Make a draft goal of each gap, measured by the level of the skill.

        A gap that has its goal in the cycle already gets no second one.

        :param item_ids: ids of the items; without them all gaps
        :param cycle_id: id of the cycle; without it the next one, else the present one
        :return: the action that shows the goals
        """
        self.ensure_one()
        self._check_may_plan_growth()
        # sudo: the one named may not stand above the person, and makes drafts here only
        appraisal = self.sudo()
        gaps = appraisal._skill_gaps()
        if item_ids is not None:
            gaps = gaps.filtered(lambda item: item.id in item_ids)
        cycle = appraisal._check_growth_cycle(cycle_id)
        if not gaps:
            raise UserError(
                self.env._(
                    "“%(appraisal)s”: no competency chosen lies below what is expected, so"
                    " there is no goal to make.",
                    appraisal=appraisal.display_name,
                )
            )
        known = appraisal._growth_goals(cycle)
        goals = self.env["hr.performance.goal"].sudo()
        made = goals.create(
            [
                item._growth_goal_values(cycle)
                for item in gaps
                if item.skill_id not in known
            ]
        )
        for skill in gaps.skill_id:
            made |= known.get(skill, goals)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Growth Goals"),
            "res_model": "hr.performance.goal",
            "view_mode": "list,form",
            "domain": [("id", "in", made.ids)],
        }

    def _growth_goals(self, cycle):
        """``{skill: goal}`` of the person in ``cycle``."""
        goals = self.env["hr.performance.goal"].search(
            [
                ("employee_id", "=", self.employee_id.id),
                ("scope", "=", "employee"),
                ("cycle_id", "=", cycle.id),
                ("state", "!=", "cancelled"),
                ("measure_ids.indicator_id.skill_id", "!=", False),
            ]
        )
        return {
            skill: goal
            for goal in goals
            for skill in goal.measure_ids.indicator_id.skill_id
        }

    def _check_may_plan_growth(self):
        if not self._may_plan_growth():
            raise AccessError(
                self.env._(
                    "Goals from the competencies of “%(appraisal)s” are made by HR or the"
                    " manager named on it.",
                    appraisal=self.display_name,
                )
            )
        if self.state not in SETTLED_STATES:
            raise UserError(
                self.env._(
                    "“%(appraisal)s” is not assessed yet. Settle the rating, then make"
                    " goals of the gaps.",
                    appraisal=self.display_name,
                )
            )

    def _check_growth_cycle(self, cycle_id):
        cycle = self._growth_cycle()
        if cycle_id:
            cycle = cycle.browse(cycle_id).exists()
            # the company of the person, and what the user may read of it
            cycle.with_env(self.env(su=False)).check_access("read")
        if not cycle or cycle.state == "closed" or cycle.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "“%(appraisal)s”: there is no open cycle after it. Make the next one,"
                    " or choose another.",
                    appraisal=self.display_name,
                )
            )
        return cycle


class HrPerformanceAppraisalItem(models.Model):
    _inherit = "hr.performance.appraisal.item"

    is_gap = fields.Boolean("Below Expectation", compute="_compute_is_gap")

    @api.depends("assessed_level_id", "expected_level_id")
    def _compute_is_gap(self):
        for item in self:
            item.is_gap = item._is_gap()

    def _is_gap(self):
        assessed, expected = self.assessed_level_id, self.expected_level_id
        return is_gap(
            assessed.level_progress if assessed else None,
            expected.level_progress if expected else None,
        )

    def _why_not_written(self, before):
        """Why the assessed level does not become the skill's, which is at ``before``."""
        skill = self.skill_id
        if not skill.skill_type_id.active:
            return self.env._("its skill type is archived.")
        if self.assessed_level_id.skill_type_id != skill.skill_type_id:
            return self.env._("it has moved to another skill type.")
        if not before or (
            before.level_progress <= self.assessed_level_id.level_progress
        ):
            return ""
        if before != self.current_level_id:
            return self.env._("the profile was changed since the appraisal began.")
        if not self._is_justified():
            return self.env._("no manager has said what shows the lower level.")
        return ""

    def _is_justified(self):
        """Whether a manager has chosen a level and said what shows it."""
        return any(
            answer.review_id.role == "manager"
            and answer.skill_level_id
            and (answer.text or "").strip()
            for answer in self.answer_ids
        )

    def _growth_goal_values(self, cycle):
        """The values of the draft goal that closes the gap, in superuser mode."""
        appraisal = self.appraisal_id
        assessed, expected = self.assessed_level_id, self.expected_level_id
        return {
            "name": self.env._(
                "%(skill)s: %(level)s", skill=self.name, level=expected.name
            ),
            "description": self.env._(
                "From %(assessed)s to %(expected)s, which the post expects.",
                assessed=assessed.name,
                expected=expected.name,
            ),
            "cycle_id": cycle.id,
            "scope": "employee",
            "employee_id": appraisal.employee_id.id,
            "measure_ids": [
                Command.create(
                    {
                        "indicator_id": self.env["hr.performance.indicator"]
                        ._for_skill(self.skill_id)
                        .id,
                        "baseline": assessed.level_progress,
                        "target": expected.level_progress,
                    }
                )
            ],
        }


class HrPerformanceIndicator(models.Model):
    """Growth indicators of skills: one for each skill that a goal is about.

    Two skills of one person must not share their readings.
    """

    _inherit = "hr.performance.indicator"

    skill_id = fields.Many2one(
        "hr.skill",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="set null",
        help="It measures the level of this skill.",
    )

    _skill_unique = models.UniqueIndex(
        "(skill_id) WHERE skill_id IS NOT NULL", "A skill has one indicator."
    )

    @api.model
    def _for_skill(self, skill):
        """The indicator of ``skill``, made when it is needed first. In superuser mode."""
        indicator = self.search([("skill_id", "=", skill.id)])
        if not indicator:
            indicator = self.create(
                {
                    "name": self.env._("Skill level: %(skill)s", skill=skill.name),
                    "description": self.env._(
                        "How well the skill is mastered, as on the employee's profile: from"
                        " 0 to 100 %."
                    ),
                    "skill_id": skill.id,
                    "kind": "growth",
                    "unit": "%",
                    "aggregation": "last",
                    "rollup": "average",
                }
            )
            indicator.action_activate()
        return indicator
