from odoo import api, fields, models


class HrPerformanceGoal(models.Model):
    """Goals that are made in bulk, for whole departments or from a whole cycle.

    Each says by its ``origin`` what made it and for whom. That is unique, so that running
    the same work twice, or again after it was killed, makes nothing twice.
    """

    _inherit = "hr.performance.goal"

    origin = fields.Char(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="What made the goal and for whom, for example assignment:7:employee:45.",
    )

    _origin_unique = models.UniqueIndex(
        "(origin) WHERE origin IS NOT NULL",
        "This goal has been made already.",
    )

    @api.model
    def _made(self, origins):
        """The goals that ``origins`` have made, archived and hidden ones too.

        :return: ``{origin: goal}``, in superuser mode
        """
        # sudo: what the user cannot see has been made all the same
        goals = self.sudo().with_context(active_test=False)
        found = goals.search_fetch([("origin", "in", list(origins))], ["origin"])
        return {goal.origin: goal for goal in found}

    @api.model
    def _make_missing(self, vals_list):
        """Create those goals of ``vals_list`` that have not been made, in one go.

        With the rights of the user: the rules and checks are those of any new goal.

        :param vals_list: values of goals, each with an ``origin``
        :return: the goals that were created now
        """
        made = self._made([vals["origin"] for vals in vals_list])
        missing = {
            vals["origin"]: vals for vals in vals_list if vals["origin"] not in made
        }
        # sudo: where a goal comes from is set here and by nobody else; the rules are asked
        # of the whole right after
        goals = (
            self.sudo()
            .with_context(
                # "created" in each of ten thousand chatters tells nobody anything
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                tracking_disable=True,
            )
            .create(list(missing.values()))
            .with_env(self.env)
        )
        goals.check_access("create")
        # nothing hangs below new goals: they need not be computed one after the other, as
        # the ORM does it where a figure follows from those below
        self._fields["progress"].compute_value(goals)
        return goals
