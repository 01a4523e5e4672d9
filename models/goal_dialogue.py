from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.agreement import changes, same
from .goal import OPEN_STATES
from .goal_content import plain, unplain

#: an agreement that is opened is settled, one way or the other, by these
SETTLING = ("agree", "refuse_change", "cancel")


class HrPerformanceMeasure(models.Model):
    _inherit = "hr.performance.measure"

    @api.model_create_multi
    def create(self, vals_list):
        # the goal may come from the context, or from a default that somebody saved
        default = self.default_get(["goal_id"])
        goal_ids = {(default | vals).get("goal_id") for vals in vals_list}
        self.env["hr.performance.goal"].browse(goal_ids - {None, False})._take_pen()
        return super().create(vals_list)

    def write(self, vals):
        if self._agreed_fields & vals.keys():
            (self.goal_id | self.goal_id.browse(vals.get("goal_id")))._take_pen()
        return super().write(vals)

    def unlink(self):
        self.goal_id._take_pen()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reported(self):
        """What was agreed and reported on stays while the agreement is open.

        It could not be brought back when the change is refused.
        """
        for measure in self.sudo():
            if measure.goal_id.change_id and measure._has_reports():
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s”: “%(indicator)s” was agreed and has been reported"
                        " on. Set its “Weight” to 0 instead, so that it no longer counts.",
                        goal=measure.goal_id.name,
                        indicator=measure.display_name,
                    )
                )

    def _has_reports(self):
        """Whether there is more to it than what was agreed."""
        self.ensure_one()
        return bool(
            self.judged_points is not None
            or self.change_ids
            or any(self.milestone_ids.mapped("date_reached"))
            or self.env["hr.performance.checkin.value"].search_count(
                [("measure_id", "=", self.id)], limit=1
            )
        )


class HrPerformanceMilestone(models.Model):
    _inherit = "hr.performance.milestone"

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["measure_id"])  # as for measures
        measure_ids = {(default | vals).get("measure_id") for vals in vals_list}
        measures = self.env["hr.performance.measure"].browse(
            measure_ids - {None, False}
        )
        # sudo: of hidden ones nothing is told, and they are refused right after
        measures.sudo().goal_id._take_pen()
        return super().create(vals_list)

    def write(self, vals):
        if self._agreed_fields & vals.keys():
            self.goal_id._take_pen()
        return super().write(vals)

    def unlink(self):
        self.goal_id._take_pen()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reached(self):
        """As a measure that was reported on."""
        for milestone in self.sudo():
            if milestone.goal_id.change_id and milestone.date_reached:
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s”: milestone “%(milestone)s” was agreed and has been"
                        " reached. Set its “Weight” to 0 instead.",
                        goal=milestone.goal_id.name,
                        milestone=milestone.name,
                    )
                )


class HrPerformanceGoal(models.Model):
    """The dialogue about a goal: what changed, who asked for it, who approved."""

    _inherit = "hr.performance.goal"

    revision_ids = fields.One2many(
        "hr.performance.goal.revision", "goal_id", "Change Log"
    )
    change_id = fields.Many2one(
        "hr.performance.goal.revision",
        "Open Change",
        readonly=True,
        copy=False,
        help="The agreement that somebody has asked to change, until that is decided.",
    )
    # a link shows the name of what it leads to, also to who may not read that
    revision_id = fields.Many2one(
        "hr.performance.goal.revision",
        "Last on Record",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
    )
    pen_id = fields.Many2one(
        "res.users",
        "Written By",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Who has changed what the goal demands since it was last on record.",
    )
    change_note = fields.Text(compute="_compute_change_note")
    news_note = fields.Char(compute="_compute_news")
    news = fields.Text("Changed Since You Last Looked", compute="_compute_news")

    @api.depends_context("uid")
    @api.depends("change_id")
    def _compute_allowed_transitions(self):
        super()._compute_allowed_transitions()
        for goal in self:
            if not goal.change_id and goal.allowed_transitions:
                goal.allowed_transitions = [
                    name for name in goal.allowed_transitions if name != "refuse_change"
                ]

    # ---------------------------------------------------------------- the record

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            self._check_may_archive()
        if self._agreed_fields & vals.keys():
            self._take_pen()
        return super().write(vals)

    def _check_may_archive(self):
        """Refuse to archive what was agreed once.

        Who asks for a change may write it down; archived, the goal would be out of sight
        of who decides, and the activity that asks for the decision gone.
        """
        for goal in self:
            # what is still agreed is locked anyway
            if goal.agreed_date and goal.state in OPEN_STATES and not self.env.su:
                raise UserError(
                    self.env._(
                        "Goal “%(goal)s” was agreed on and stays on record: it is not"
                        " archived. Cancel it instead.",
                        goal=goal.name,
                    )
                )

    def _take_pen(self):
        """Let the user be who changes what these goals demand from now on.

        What somebody else has changed since the last step goes on record first, so that
        the log says of each change who made it.
        """
        # sudo: who wrote is noted for everybody
        taken = self.sudo().filtered(
            lambda goal: goal.revision_id and goal.pen_id != self.env.user
        )
        taken._record_written()
        taken.pen_id = self.env.user

    def _record_written(self):
        """Put on record what others than the user have changed since the last step."""
        written = self.filtered(
            lambda goal: (
                goal.pen_id not in (self.env.user, self.env["res.users"])
                and changes(goal.revision_id.content, goal._content())
            )
        )
        for writer, goals in written.grouped("pen_id").items():
            goals._write_revisions("write", user_id=writer.id)

    def _record_step(self, step, reason=None, **values):
        """Put on record what these goals demand at ``step``.

        :param values: more fields of the revisions
        """
        # sudo: the log is written by the steps alone, and complete
        goals = self.sudo()
        goals._record_written()
        revisions = goals._write_revisions(step, reason=reason, **values)
        if step == "request_change":
            for revision in revisions:
                revision.goal_id.change_id = revision
        elif step in SETTLING:
            goals.filtered("change_id").change_id = False
        goals.filtered("pen_id").pen_id = False

    def _write_revisions(self, step, **values):
        # names that are kept are not in the language of one of the readers
        goals = self.with_context(lang=None)
        revisions = goals.env["hr.performance.goal.revision"].create(
            [
                {
                    "goal_id": goal.id,
                    "step": step,
                    "requested_by_id": goal.change_id.user_id.id
                    if step in SETTLING
                    else False,
                    "content": goal._content(),
                    "kept": goal._kept() if step == "request_change" else False,
                    **values,
                }
                for goal in goals
            ]
        )
        for revision in revisions.with_context(tracking_disable=True):
            revision.goal_id.revision_id = revision
        return revisions

    def _kept(self):
        """What else brings the agreement back, beside its content."""
        return {
            "description": self.description or False,
            "measures": {
                str(measure.id): {
                    "rule": measure.rule or False,
                    "sequence": measure.sequence,
                    "approved": measure.change_ids.filtered(
                        lambda change: change.state == "approved"
                    ).ids,
                }
                for measure in self.measure_ids
            },
        }

    # ---------------------------------------------------------------- what is new

    @api.depends_context("uid", "lang")
    @api.depends("state", "change_id", "pen_id", "revision_id")
    def _compute_news(self):
        """What others changed since the user's own last step or look at the goal."""
        last = self._last_revisions([("user_id", "=", self.env.uid)])
        found = [
            goal._origin.sudo()._news_since(last[goal._origin])
            if goal._origin in last
            else []
            for goal in self
        ]
        for goal, lines in zip(self, self._tell_changes(found), strict=True):
            goal.news = "\n".join(lines)
            # sudo: who takes part in the dialogue knows the others
            writer = goal._origin.sudo().pen_id - self.env.user
            goal.news_note = lines and self.env._(
                "Changed by %(who)s %(since)s",
                who=(writer or goal._origin.sudo().revision_id.user_id).name,
                since=last[goal._origin]._tell_since(),
            )

    def _news_since(self, mine):
        """What others changed since the revision ``mine``. In superuser mode."""
        self.ensure_one()
        if self.change_id and not changes(self.change_id.content, mine.content):
            return []  # the note on the open change says it already
        if self.pen_id == self.env.user:
            return changes(mine.content, self.revision_id.content)
        return changes(mine.content, self._content())

    def _last_revisions(self, domain):
        """``{goal: its latest revision}`` of those in ``domain`` that the user may read."""
        groups = self.env["hr.performance.goal.revision"]._read_group(
            [("goal_id", "in", self._origin.ids), *domain], ["goal_id"], ["id:max"]
        )
        revisions = self.env["hr.performance.goal.revision"].browse(
            [revision_id for _goal, revision_id in groups]
        )
        return dict(zip((goal for goal, _id in groups), revisions, strict=True))

    def action_look(self):
        """Say that one has seen what changed; that goes on record."""
        self.check_access("read")
        mine = self._last_revisions([("user_id", "=", self.env.uid)])
        if missing := self.filtered(lambda goal: goal not in mine):
            raise UserError(
                self.env._(
                    "You have taken no step on “%(goal)s” yet, so there is nothing new to"
                    " you.",
                    goal=missing[:1].name,
                )
            )
        # sudo: nobody else writes the log
        self.env["hr.performance.goal.revision"].sudo().create(
            [
                {"goal_id": goal.id, "step": "look", "content": goal._content()}
                for goal in self.sudo()
            ]
        )

    # ---------------------------------------------------------------- a change asked for

    @api.depends_context("uid", "lang")
    @api.depends("change_id", "news")
    def _compute_change_note(self):
        # under the user's rules: why is said to the line
        readable = {
            change.goal_id: change
            for change in self.env["hr.performance.goal.revision"].search(
                [("id", "in", self.sudo().change_id.ids)]
            )
        }
        told = self._tell_changes(
            changes(readable[goal._origin].content, goal._origin.sudo()._content())
            if goal._origin in readable
            else []
            for goal in self
        )
        for goal, lines in zip(self, told, strict=True):
            change = readable.get(goal._origin)
            goal.change_note = change and "\n".join(
                [
                    self.env._(
                        "%(who)s asked for a change on %(date)s: %(reason)s",
                        who=change.user_id.sudo().name,
                        date=format_date(
                            self.env,
                            fields.Datetime.context_timestamp(self, change.date).date(),
                        ),
                        reason=change.reason,
                    ),
                    *lines,
                ]
            )

    def _is_my_request(self):
        """Whether the user has asked for the open change, and so may write it down."""
        # sudo: of one's own request
        return self.sudo().change_id.user_id == self.env.user

    def action_refuse_change(self, reason):
        """Keep to what was agreed, for a ``reason``: exactly that is in force again."""
        reason = self._check_reason(reason)
        self._check_cycle_open()
        self._check_step("refuse_change")
        for goal in self:
            # sudo: whether, not what
            if not goal.sudo().change_id:
                raise UserError(
                    self.env._(
                        "Nobody has asked for a change of “%(goal)s”. Send it back"
                        " instead.",
                        goal=goal.name,
                    )
                )
            goal.sudo()._restore_agreement()
        self._step_with_reason("refuse_change", reason)

    def _restore_agreement(self):
        """Bring back what was agreed before the open change. In superuser mode only."""
        content, kept = self.change_id.content, self.change_id.kept
        self._restore(self, content["goal"], description=kept["description"])
        measures = {measure.id: measure for measure in self.measure_ids}
        for former in content["measures"]:
            more = kept["measures"][str(former["id"])]
            measure = measures.pop(former["id"], self.measure_ids.browse())
            measure = self._restore(
                measure,
                former,
                goal_id=self.id,
                rule=more["rule"],
                sequence=more["sequence"],
            )
            milestones = {line.id: line for line in measure.milestone_ids}
            for line in former["milestones"]:
                self._restore(
                    milestones.pop(line["id"], measure.milestone_ids.browse()),
                    line,
                    measure_id=measure.id,
                )
            measure.milestone_ids.browse(milestones).unlink()
            measure.change_ids.browse(more["approved"]).filtered(
                lambda change: change.state != "approved"
            ).state = "approved"
        self.measure_ids.browse(measures).unlink()

    @api.model
    def _restore(self, record, content, **values):
        """Let ``record`` say ``content`` and ``values`` again, or make it anew.

        Writes only what differs, so that nothing else is touched or worked out anew.
        """
        agreed = unplain(
            record,
            {name: content[name] for name in record._agreed_fields & content.keys()},
        )
        if not record:
            return record.create(agreed | values)
        now = plain(record, agreed)
        differing = {
            name: value
            for name, value in agreed.items()
            if not same(now[name], content[name])
        } | {
            name: value
            for name, value in values.items()
            if record._fields[name].convert_to_write(record[name], record) != value
        }
        if differing:
            record.write(differing)
        return record


class HrPerformanceTargetChange(models.Model):
    _inherit = "hr.performance.target.change"

    def _decide(self, step, words):
        """Decisions on new targets stand in the one change log of the goal."""
        requests = {change: change._request() for change in self.sudo()}
        super()._decide(step, words)
        for change in self.sudo():
            goal = change.goal_id
            goal._record_step(
                f"{step}_target",
                change.reason if step == "approve" else words,
                requested_by_id=change.create_uid.id,
                content=goal._content() | {"request": requests[change]},
            )

    def _request(self):
        """What is asked for, as plain data."""
        measure = self.measure_id
        return {
            "indicator_id": [measure.indicator_id.id, measure.indicator_id.name],
            "date_from": fields.Date.to_string(self.date_from),
            "former": self.former_target,
            "target": self.target,
        }
