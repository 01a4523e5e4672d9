from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class HrPerformanceCheckin(models.Model):
    """What was said wrongly is said anew; the former check-in stays and points to it."""

    _inherit = "hr.performance.checkin"

    corrects_id = fields.Many2one(
        "hr.performance.checkin",
        "Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )
    corrected_by_id = fields.Many2one(
        "hr.performance.checkin",
        "Corrected By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The check-in that says it rightly. It is there once that one is posted.",
    )
    correction_reason = fields.Char(
        "Why It Is Corrected",
        copy=False,
        help="Kept with the former values.",
    )
    can_correct = fields.Boolean(
        compute="_compute_can_correct", export_string_translation=False
    )

    _corrected_once = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "A check-in is corrected once; then its correction can be corrected.",
    )

    @api.depends("state", "corrected_by_id", "goal_id.state", "goal_id.cycle_id.state")
    @api.depends_context("uid")
    def _compute_can_correct(self):
        for checkin in self:
            # sudo: who wrote it may no longer be one of those who read the goal
            goal = checkin.sudo().goal_id
            checkin.can_correct = (
                checkin._counts()
                and checkin.is_mine
                and goal.state == "agreed"
                and goal.cycle_id.state != "closed"
            )

    def action_correct(self):
        """Open a draft that says the same, to put right what is wrong in it.

        :raise AccessError: when the user did not write it
        :raise UserError: when it is a draft, or has been corrected already
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_correct()
        # under the user's own rules: nobody else's draft is found
        draft = self.search([("corrects_id", "=", self.id)], limit=1)
        return (draft or self._draft_correction())._open_dialog()

    def _check_may_correct(self):
        if not self.is_mine and not self.env.su:
            raise AccessError(
                self.env._(
                    "Only %(author)s, who wrote “%(checkin)s”, can correct it. Answer it, or"
                    " post a check-in of your own.",
                    author=self.sudo().employee_id.name,
                    checkin=self.display_name,
                )
            )
        if self.state == "draft":
            raise UserError(
                self.env._(
                    "“%(checkin)s” is still a draft: just change it.",
                    checkin=self.display_name,
                )
            )
        self._check_not_corrected()
        self._check_goal()

    def _check_not_corrected(self):
        # sudo: the correction may be dated on a day that its reader does not see
        for checkin in self.sudo():
            if checkin.corrected_by_id:
                raise UserError(
                    self.env._(
                        "“%(checkin)s” has been corrected on %(date)s. Take the one that"
                        " stands in its place.",
                        checkin=checkin.display_name,
                        date=checkin.corrected_by_id.posted_on,
                    )
                )

    def _draft_correction(self):
        """A draft of the user that says what this one says, with the values as of now."""
        draft = self.create(
            {
                "goal_id": self.goal_id.id,
                **{
                    name: self[name]
                    for name in (
                        "date",
                        "own_health",
                        "confidence",
                        "assessment",
                        "blockers",
                        "next_steps",
                    )
                },
            }
        )
        # sudo: what corrects what is set here and nowhere else
        draft.sudo().corrects_id = self
        said = {line.measure_id: line for line in self.sudo().value_ids}
        for line in draft.sudo().value_ids:
            if former := said.get(line.measure_id):
                # a value that has been corrected in the readings is not undone
                current = former._reading() or former
                line.write({"value": current.value, "weight": current.weight})
        self._copy_evidence(draft)
        return draft

    @api.constrains("goal_id")
    def _check_goal_of_correction(self):
        for checkin in self:
            former = checkin.corrects_id
            if former and former.goal_id != checkin.goal_id:
                raise ValidationError(
                    self.env._(
                        "“%(checkin)s” corrects what was said about “%(goal)s”, and stays"
                        " with that goal.",
                        checkin=checkin.display_name,
                        goal=former.goal_id.name,
                    )
                )

    def _check_step(self, name):
        super()._check_step(name)
        if name == "post":
            for checkin in self.filtered("corrects_id"):
                # sudo: a former check-in that the author may no longer read stays theirs
                checkin.sudo().corrects_id._check_not_corrected()
                if not (checkin.correction_reason or "").strip():
                    raise UserError(
                        self.env._(
                            "Say why you correct “%(checkin)s” (“Why It Is Corrected”). The"
                            " former values are kept with the reason.",
                            checkin=checkin.display_name,
                        )
                    )
        else:
            self._check_not_corrected()

    def _create_readings(self):
        corrections = self.filtered("corrects_id")
        super(HrPerformanceCheckin, self - corrections)._create_readings()
        for correction in corrections:
            correction._correct_readings()

    def _correct_readings(self):
        """Let the readings of the former check-in say what this one says."""
        said = {line.measure_id: line for line in self.corrects_id.value_ids}
        changes, gone = {}, self.env["hr.performance.reading"]
        new = self.env["hr.performance.checkin.value"]
        for line in self.value_ids:
            former = said.get(line.measure_id)
            reading = former and former._reading()
            if not reading:
                new += line
                continue
            if line.value is None:
                gone += reading
                continue
            line.reading_id = reading
            if (line.value, line.weight, self.date) != (
                reading.value,
                reading.weight,
                reading.date,
            ):
                changes[reading.id] = {
                    "value": line.value,
                    "weight": line.weight,
                    "date": self.date,
                }
        kept = self.value_ids.reading_id
        kept.browse(changes)._correct(changes, self.correction_reason)
        kept.checkin_id = self
        # said by mistake, there was no value: the former check-in keeps what it said
        gone.checkin_id = False
        gone.unlink()
        new._report()

    def _take_step(self, name, **values):
        super()._take_step(name, **values)
        if name == "post":
            # sudo: what corrects what is set here and nowhere else
            for correction in self.sudo().filtered("corrects_id"):
                correction.corrects_id.corrected_by_id = correction
                correction.corrects_id._sync_owed()
