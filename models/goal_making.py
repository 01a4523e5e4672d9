from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .flush import flush_sql
from .goal import OPEN_STATES

#: in what goals of one kind differ
OWN = ("employee_id", "origin")
#: what of a goal follows from whose it is, before it is created and when it is there
AHEAD = ("company_id", "department_id", "responsible_id")
AFTERWARDS = ("is_time_part", "pro_rata")
#: what is made with a goal
LINES = {
    "measure_ids": "hr.performance.measure",
    "action_ids": "hr.performance.action",
}


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
            ._make(list(missing.values()))
            .with_env(self.env)
        )
        goals.check_access("create")
        return goals

    # ---------------------------------------------------------------- one like the other

    @api.model
    def _make(self, vals_list):
        """``create``, in superuser mode, for goals of which many are the same.

        The first of each kind is created as any goal is. The others differ from it in who
        holds them and in what follows from that: they are made like it, with measures and
        actions like its own.
        """
        first, kinds = {}, []
        if self._may_make_alike():
            kinds = _kinds(self, vals_list)
            for index, kind in enumerate(kinds):
                if kind is not None:
                    first.setdefault(kind, index)
        # whoever has one that is created has them all created: one person's goals stay in
        # the order given
        people = {vals_list[index]["employee_id"] for index in first.values()}
        alike = {
            index: first[kind]
            for index, kind in enumerate(kinds)
            if kind is not None and vals_list[index]["employee_id"] not in people
        }
        follows = self._follow_from_holder(vals_list, {*alike, *alike.values()})
        alike = {
            index: example
            for index, example in alike.items()
            # of which the measures and actions are
            if follows[index]["company_id"] == follows[example]["company_id"]
        }
        created = [index for index in range(len(vals_list)) if index not in alike]
        goals = self.create([vals_list[index] for index in created])
        # nothing hangs below new goals: they need not be computed one after the other, as
        # the ORM does it where a figure follows from those below
        self._fields["progress"].compute_value(goals)
        made = dict(zip(created, goals._ids, strict=True))
        if alike:
            self.env.flush_all()
            examples = [made[example] for example in alike.values()]
            codes = self._new_codes(len(alike))
            copies = self._make_like(
                examples,
                [
                    {name: vals_list[index][name] for name in OWN}
                    | {"code": code}
                    | follows[index]
                    for index, code in zip(alike, codes, strict=True)
                ],
                [vals_list[index] for index in alike],
            )
            made |= zip(alike, copies._ids, strict=True)
        return self.browse(made[index] for index in range(len(vals_list)))

    @api.model
    def _may_make_alike(self):
        """Whether what follows from the holder of a goal is what is said here."""
        return (
            all(
                self.env[name]._is_made_here_alone()
                for name in (self._name, *LINES.values())
            )
            # a default of the context, or one that somebody saved, comes before it
            and not self.default_get([*AHEAD])
            and not self.env[LINES["action_ids"]].default_get(["responsible_id"])
        )

    @api.model
    def _follow_from_holder(self, vals_list, indexes):
        """What follows from whose goal it is, found out once where the same follows.

        :param indexes: of those of ``vals_list`` that are asked for
        :return: ``{index: {field: value}}``
        """
        names = (*AHEAD, *AFTERWARDS)
        given = sorted(
            {
                path.split(".", 1)[0]
                for name in names
                for path in self.pool.field_depends[self._fields[name]]
            }
            | {*AHEAD}
        )
        news, keys = {}, {}
        for index in indexes:
            vals = {
                name: vals_list[index][name]
                for name in given
                if name in vals_list[index]
            }
            keys[index] = key = tuple(vals.items())
            if key not in news:
                news[key] = self.new(vals)
        goals = self.browse().concat(*news.values())
        for name in names:
            field = self._fields[name]
            field.compute_value(
                goals
                if name in AFTERWARDS
                else goals.browse(
                    new.id for key, new in news.items() if name not in dict(key)
                )
            )
        found = {
            key: {
                name: self._fields[name].convert_to_write(new[name], self)
                for name in names
            }
            for key, new in news.items()
        }
        return {index: found[key] for index, key in keys.items()}

    @api.model
    def _make_like(self, examples, own_list, vals_list):
        """Goals like those of ``examples`` (ids), which are complete and flushed.

        :param own_list: what is their own, as values of columns
        :param vals_list: what they were to be made of
        """
        goals = self._insert_like(examples, own_list)
        made = [goals]
        for name, model in LINES.items():
            lines, like, own = self.env[model], [], []
            of_example = {
                goal.id: goal[name].sorted("id").ids
                for goal in self.browse(dict.fromkeys(examples))
            }
            for goal, example, goal_own, vals in zip(
                goals, examples, own_list, vals_list, strict=True
            ):
                for line, command in zip(
                    of_example[example], vals.get(name) or (), strict=True
                ):
                    like.append(line)
                    own.append(
                        {"goal_id": goal.id} | lines._own_of_line(command[2], goal_own)
                    )
            if like:
                made.append(lines._insert_like(like, own))
        # results are there already, but for those above and whatever else looks at these
        with self.env.protecting(
            [
                (
                    [
                        field
                        for field in records._fields.values()
                        if field.store and field.compute
                    ],
                    records,
                )
                for records in made
            ]
        ):
            for records in made:
                records.modified(records._fields, create=True)
        goals._validate_fields({"employee_id", *AHEAD})
        goals._check_company({"employee_id", "department_id"})
        goals._count_what_was_reported(examples)
        return goals

    def _count_what_was_reported(self, examples):
        """Compute the results of new goals whose holder has reported before.

        :param examples: the goals (ids) whose results these have as yet
        """
        measures = self.browse(dict.fromkeys(examples)).measure_ids
        if not measures:
            return
        reported = {
            employee_id
            for (employee_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT holder.id
                      FROM unnest(%(holders)s) AS holder (id)
                     WHERE EXISTS (
                               SELECT FROM hr_performance_reading
                                WHERE employee_id = holder.id
                                  AND indicator_id = ANY(%(indicators)s)
                                  AND date BETWEEN %(start)s AND %(end)s
                           )%(flush)s
                    """,
                    holders=(self | self.browse(examples)).employee_id.ids,
                    indicators=measures.input_ids.ids,
                    start=min(measures.mapped("date_start")),
                    end=max(measures.mapped("date_end")),
                    flush=flush_sql(
                        self.env,
                        ("hr.performance.reading", "employee_id indicator_id date"),
                    ),
                )
            )
        }
        if reported:
            self.browse(
                goal.id
                for goal, example in zip(self, self.browse(examples), strict=True)
                if not reported.isdisjoint(
                    (goal.employee_id.id, example.employee_id.id)
                )
            ).measure_ids._mark_for_recomputation()


def _kinds(goals, vals_list):
    """The kind of each of ``vals_list``, see :func:`_kind`."""
    # most share the very same values
    known, kinds = {}, []
    for vals in vals_list:
        key = tuple(
            (name, id(value)) for name, value in vals.items() if name not in OWN
        )
        if key not in known:
            known[key] = _kind(goals, vals)
        kinds.append(known[key] if vals.get("employee_id") else None)
    return kinds


def _kind(goals, vals):
    """What a personal goal is made of but for whose it is, to find those that are the same.

    None where it is like no other: what is made with it is more than measures and actions,
    or it runs at once, so that the days of its check-ins follow from those of its holder.
    """
    if (
        vals.get("scope") != "employee"
        or vals.get("state", "draft") not in OPEN_STATES
        or not vals.get("cycle_id")
        or vals.get("code")
    ):
        return None
    for name, value in vals.items():
        if goals._fields[name].type != "one2many" or not value:
            continue
        if name not in LINES or any(
            command[0] != Command.CREATE
            or any(isinstance(one, list | tuple) and one for one in command[2].values())
            for command in value
        ):
            return None
    return tuple(
        (name, repr(value)) for name, value in sorted(vals.items()) if name not in OWN
    )
