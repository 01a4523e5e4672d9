"""What people try who know the API: nothing may be typed in, taken or read past the rules.

Every attack goes through JSON-RPC as the attacker's own logged-in user.
"""

import contextlib
from datetime import date

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .rpc import Refused, RpcCommon


@tagged("post_install", "-at_install")
class TestTypedIn(RpcCommon):
    """States, results and ratings follow from steps; no door lets anybody type them in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.make_goal(None, (cls.ind_sum, 10))
        cls.agreed = cls.agree(cls.make_goal(None, (cls.ind_sum, 10)))
        cls.add_reading(cls.ind_sum, 5)
        cls.reading = cls.env["hr.performance.reading"].search(
            [("employee_id", "=", cls.employee.id)]
        )
        cls.checkin = (
            cls.env["hr.performance.checkin"]
            .with_user(cls.employee_user)
            .create({"goal_id": cls.agreed.id})
            .sudo()
        )
        cls.appraisal = cls.make_appraisal()
        cls.draft_appraisal = cls.make_appraisal(cls.colleague, open_it=False)
        level = cls.appraisal.scale_id.level_ids[-1]
        today = fields.Date.to_string(fields.Date.today())
        closed = cls.make_cycle("Closed")
        closed.action_close()
        goal_values = {
            "state": "agreed",
            "progress": 99,
            "score": 99,
            "coverage": 99,
            "health": "done",
            "health_date": "2001-01-01",
            "date_start": "2001-01-01",
            "date_end": "2001-01-01",
            "agreed_date": "2001-01-01",
            "agreed_by_id": cls.manager_user.id,
            "decision": "achieved",
            "last_checkin_id": cls.checkin.id,
            "last_checkin_date": "2001-01-01",
        }
        #: model -> (attackers, record, values to create with, values nobody may set)
        cls.targets = {
            "goal": (
                ("employee", "manager", "officer", "administrator"),
                cls.goal,
                {
                    "name": "New",
                    "cycle_id": cls.cycle.id,
                    "scope": "employee",
                    "employee_id": cls.employee.id,
                },
                goal_values,
            ),
            "measure": (
                ("employee", "manager", "officer", "administrator"),
                cls.goal.measure_ids,
                {
                    "goal_id": cls.goal.id,
                    "indicator_id": cls.ind_last.id,
                    "target": 5,
                },
                {
                    "has_actual": True,
                    "actual": 99,
                    "achievement": 99,
                    "score": 99,
                    "status": "done",
                    "derivation": {"points": 99},
                    "rule": {"aggregation": "max"},
                    "target_by_days": 1,
                    "judged_points": 99,
                    "judged_reason": "Because",
                    "input_values": {"T_SUM": 99},
                    "forecast_misses": True,
                    "input_ids": [Command.link(cls.ind_last.id)],
                    # a measure in a closed cycle no longer moves
                    "cycle_id": closed.id,
                    "company_id": cls.company_2.id,
                },
            ),
            "checkin": (
                ("employee",),
                cls.checkin,
                {"goal_id": cls.agreed.id},
                {
                    "state": "posted",
                    "progress": 99,
                    "health": "done",
                    "acknowledged_by_id": cls.manager_user.id,
                    "acknowledged_on": today,
                    "posted_on": "2001-01-01",
                    "figure": "10 / 10",
                    "blocked_since": "2001-01-01",
                    "answer": "Well done",
                    "answered_on": today,
                    "answered_by_id": cls.manager_user.id,
                    "corrects_id": cls.checkin.id,
                    "corrected_by_id": cls.checkin.id,
                    "owner_id": cls.colleague.id,
                    "company_id": cls.company_2.id,
                },
            ),
            "checkin.value": (
                ("employee",),
                cls.checkin.value_ids,
                {
                    "checkin_id": cls.checkin.id,
                    "measure_id": cls.agreed.measure_ids.id,
                },
                {"figure": "10 / 10", "reading_id": cls.reading.id},
            ),
            "reading": (
                ("employee", "manager", "officer", "administrator"),
                cls.reading,
                {
                    "indicator_id": cls.ind_sum.id,
                    "employee_id": cls.employee.id,
                    "value": 1,
                },
                {"checkin_id": cls.checkin.id, "period_start": "2001-01-01"},
            ),
            "indicator": (
                ("officer", "administrator"),
                cls.env["hr.performance.indicator"].create({"name": "New"}),
                {"name": "New"},
                {
                    "state": "active",
                    "query_author_id": cls.manager_user.id,
                    "query_last_run": "2001-01-01",
                    "query_problem": "None at all",
                    "version": 99,
                    "part_ids": [Command.link(cls.ind_sum.id)],
                    "leaf_ids": [Command.link(cls.ind_sum.id)],
                    "used_in_ids": [Command.link(cls.ind_sum.id)],
                },
            ),
            "milestone": (
                ("employee", "manager", "officer", "administrator"),
                cls.env["hr.performance.milestone"].create(
                    {"name": "Moved", "measure_id": cls.goal.measure_ids.id}
                ),
                {"name": "New", "measure_id": cls.goal.measure_ids.id},
                {
                    "date_reached": "2001-01-01",
                    "goal_id": cls.agreed.id,
                    "company_id": cls.company_2.id,
                },
            ),
            "target.change": (
                ("employee", "manager", "officer", "administrator"),
                cls.env["hr.performance.target.change"]
                .with_user(cls.employee_user)
                .create(
                    {
                        "measure_id": cls.agreed.measure_ids.id,
                        "target": 5,
                        "date_from": cls.day(7),
                        "reason": "A customer went bankrupt",
                    }
                )
                .sudo(),
                {
                    "measure_id": cls.agreed.measure_ids.id,
                    "target": 5,
                    "date_from": fields.Date.to_string(cls.day(7)),
                    "reason": "New",
                },
                {
                    "state": "approved",
                    "decided_by_id": cls.manager_user.id,
                    "decided_on": "2001-01-01",
                    "goal_id": cls.goal.id,
                    "company_id": cls.company_2.id,
                },
            ),
            "cycle": (
                ("officer", "administrator"),
                cls.make_cycle("Another"),
                {
                    "name": "New",
                    "date_start": "2001-01-01",
                    "date_end": "2001-12-31",
                    "company_id": cls.company.id,
                },
                {"state": "act"},
            ),
            "appraisal": (
                ("officer", "administrator"),
                cls.draft_appraisal,
                {"employee_id": cls.director.id, "cycle_id": cls.cycle.id},
                {
                    "state": "released",
                    "score": 99,
                    "coverage": 99,
                    "derivation": {"score": 99},
                    "level_suggested_id": level.id,
                    "level_manager_id": level.id,
                    "override_reason": "So there",
                    "level_final_id": level.id,
                    "result_source": "manager",
                    "employee_statement": "I agree",
                    "agreed": True,
                    "released_date": today,
                    "acknowledged_date": today,
                    "is_collecting": True,
                    "collection_closed_on": today,
                    "anonymity_minimum": 2,
                },
            ),
            "appraisal.item": (
                ("officer", "administrator"),
                cls.appraisal.item_ids[:1],
                None,
                {
                    "score": 99,
                    "kind": "text",
                    "name": "Something else",
                    "goal_id": cls.goal.id,
                    "question_id": cls.env.ref(
                        "hr_performance.template_question_quality"
                    ).id,
                    "appraisal_id": cls.draft_appraisal.id,
                },
            ),
            "request": (
                ("employee",),
                cls.appraisal.request_ids.filtered(lambda r: r.role == "self"),
                None,
                {
                    "state": "done",
                    "submitted_on": today,
                    "decline_reason": "No",
                    "declined_on": today,
                    "is_decline_told": True,
                    "role": "manager",
                    "deadline": "2099-01-01",
                    "reviewer_id": cls.colleague.id,
                    "employee_id": cls.colleague.id,
                    "cycle_id": closed.id,
                    "appraisal_id": cls.draft_appraisal.id,
                    "company_id": cls.company_2.id,
                    "is_anonymous": True,
                    "is_handover": True,
                    "share": 0.5,
                },
            ),
        }
        cls.env.flush_all()

    def _attacks(self, *, creating=False):
        for model, (attackers, record, new, values) in self.targets.items():
            if creating and new is None:
                continue
            for who in attackers:
                for name, value in values.items():
                    yield model, who, record, new, name, value

    def test_lists_all_that_methods_set(self):
        """The lists above miss no field that the models themselves say methods set."""
        for model, (_who, record, _new, values) in self.targets.items():
            self.assertLessEqual(
                record._method_only_fields - {"correction_ids"}, set(values), model
            )

    def test_write(self):
        for model, who, record, _new, name, value in self._attacks():
            before = record[name]
            with self.subTest(model=model, who=who, field=name):
                self.assertRefused(who, record, "write", {name: value})
                self.assertRefused(who, record, "web_save", {name: value}, {})
                self.assertEqual(record[name], before)

    def test_create(self):
        for model, who, record, new, name, value in self._attacks(creating=True):
            with self.subTest(model=model, who=who, field=name):
                self.assertRefused(
                    who, record.browse(), "create", [new | {name: value}]
                )
                self.assertRefused(
                    who, record.browse(), "web_save", [], new | {name: value}, {}
                )

    def test_create_with_nothing(self):
        """No value is not a value: an empty result cannot be typed in as a zero."""
        for who in ("employee", "officer"):
            measure_id = self.rpc(
                who,
                self.goal.measure_ids.browse(),
                "create",
                self.targets["measure"][2] | {"score": 0, "has_actual": False},
            )
            self.assertIsNone(self.goal.measure_ids.browse(measure_id).score)

    def test_copy(self):
        for model in ("goal", "measure", "indicator", "cycle"):
            attackers, record, _new, values = self.targets[model]
            for who in attackers:
                for name, value in values.items():
                    with self.subTest(model=model, who=who, field=name):
                        self.assertRefused(who, record, "copy", {name: value})

    def test_default_in_context(self):
        for model, who, record, new, name, value in self._attacks(creating=True):
            with self.subTest(model=model, who=who, field=name):
                self._create_without(
                    who, record, new, name, value, context={f"default_{name}": value}
                )

    def test_saved_default(self):
        """Everybody may save defaults of their own for any field."""
        for model, who, record, new, name, value in self._attacks(creating=True):
            with self.subTest(model=model, who=who, field=name):
                default = self.env["ir.default"]
                self.rpc(who, default, "set", record._name, name, value, True)
                self._create_without(who, record, new, name, value)
                default.search([("field_id.model", "=", record._name)]).unlink()

    def _create_without(self, who, record, new, name, value, **kwargs):
        """Creating is refused, or goes on without the value."""
        try:
            record_id = self.rpc(who, record.browse(), "create", new, **kwargs)
        except Refused:
            return
        created = record.browse(record_id)
        stored = created.read([name], load=None)[0][name]
        if isinstance(stored, date):
            stored = fields.Date.to_string(stored)
        self.assertNotEqual(stored, value)
        created.sudo().unlink()

    def test_import(self):
        for model, who, record, new, name, value in self._attacks(creating=True):
            if isinstance(value, dict):
                continue  # a file holds no dicts
            with self.subTest(model=model, who=who, field=name):
                many2one = {
                    key
                    for key in {*new, name}
                    if record._fields[key].type == "many2one"
                }
                row = new | {name: value}
                columns = [f"{key}/.id" if key in many2one else key for key in row]
                before = record.search_count([])
                result = self.rpc(
                    who,
                    record.browse(),
                    "load",
                    columns,
                    [[str(cell) for cell in row.values()]],
                )
                self.assertFalse(result["ids"])
                self.assertEqual(record.search_count([]), before)

    def test_through_the_parent(self):
        measure = self.goal.measure_ids
        item = self.appraisal.item_ids[:1]
        request = self.appraisal.request_ids[:1]
        attacks = [
            (
                ("employee", "manager", "officer"),
                self.goal,
                [
                    {"measure_ids": [Command.update(measure.id, {"score": 99})]},
                    {"measure_ids": [Command.update(measure.id, {"status": "done"})]},
                    {
                        "measure_ids": [
                            Command.create(
                                {
                                    "indicator_id": self.ind_last.id,
                                    "target": 1,
                                    "score": 99,
                                }
                            )
                        ]
                    },
                    {"child_ids": [Command.create({"name": "x", "state": "agreed"})]},
                ],
            ),
            (
                ("employee",),
                self.agreed,
                [
                    {"checkin_ids": [Command.create({"state": "posted"})]},
                    {
                        "checkin_ids": [
                            Command.update(self.checkin.id, {"state": "posted"})
                        ]
                    },
                    {
                        "checkin_ids": [
                            Command.update(self.checkin.id, {"health": "done"})
                        ]
                    },
                ],
            ),
            (
                ("employee",),
                self.checkin,
                [
                    {"reading_ids": [Command.link(self.reading.id)]},
                    {
                        "reading_ids": [
                            Command.create(
                                {
                                    "indicator_id": self.ind_sum.id,
                                    "value": 1,
                                    "employee_id": self.employee.id,
                                }
                            )
                        ]
                    },
                ],
            ),
            (
                ("officer", "administrator"),
                self.cycle,
                [
                    {"goal_ids": [Command.update(self.goal.id, {"state": "agreed"})]},
                    {"goal_ids": [Command.create({"name": "x", "state": "agreed"})]},
                    {
                        "appraisal_ids": [
                            Command.update(self.appraisal.id, {"state": "released"})
                        ]
                    },
                    {
                        "appraisal_ids": [
                            Command.create(
                                {"employee_id": self.director.id, "state": "released"}
                            )
                        ]
                    },
                ],
            ),
            (
                ("officer", "administrator"),
                self.appraisal,
                [
                    {"item_ids": [Command.update(item.id, {"score": 99})]},
                    {"item_ids": [Command.delete(item.id)]},
                    {"request_ids": [Command.update(request.id, {"state": "done"})]},
                    {"request_ids": [Command.delete(request.id)]},
                    {
                        "review_ids": [
                            Command.create(
                                {"role": "manager", "reviewer_id": self.manager.id}
                            )
                        ]
                    },
                ],
            ),
            (
                ("employee",),
                self.employee.with_env(self.env),
                [
                    {
                        "performance_goal_ids": [
                            Command.update(self.goal.id, {"state": "agreed"})
                        ]
                    }
                ],
            ),
        ]
        for attackers, record, writes in attacks:
            for who in attackers:
                for values in writes:
                    with self.subTest(who=who, record=record._name, values=values):
                        self.assertRefused(who, record, "write", values)

    def test_hr_writes_no_results_through_employees(self):
        """Somebody who may write employees and departments gains nothing here by it."""
        hr_user = new_test_user(
            self.env,
            "perf_hr",
            groups="base.group_user,hr.group_hr_manager",
            company_id=self.company.id,
        )
        self.assertTrue(hr_user)
        goal = self.agreed
        for record, values in (
            (self.employee, {"state": "closed"}),
            (self.employee, {"name": "Renamed"}),
        ):
            self.assertRefused(
                "hr",
                record,
                "write",
                {"performance_goal_ids": [Command.update(goal.id, values)]},
            )
        self.assertRefused(
            "hr",
            self.department_sub,
            "write",
            {
                "performance_goal_ids": [
                    Command.create({"name": "x", "scope": "department"})
                ]
            },
        )

    def test_private_methods(self):
        request = self.appraisal.request_ids[:1]
        today = fields.Date.to_string(fields.Date.today())
        for record, method, args in (
            (self.goal, "_take_step", ["agree"]),
            (self.goal, "_write", [{"state": "agreed"}]),
            (self.agreed, "_refresh_health", []),
            (self.agreed.measure_ids, "_thaw_rules", []),
            (self.agreed.measure_ids, "_mark_for_recomputation", []),
            (self.agreed.measure_ids, "_latest_readings", []),
            (self.agreed.measure_ids, "_freeze_rules", []),
            (self.agreed.measure_ids, "_refresh_forecasts", []),
            (self.agreed.measure_ids, "_developments", [today]),
            (self.agreed.measure_ids, "_moments", []),
            (self.agreed.measure_ids, "_readings_domain", []),
            (self.targets["milestone"][1], "_report", [today]),
            (self.targets["target.change"][1], "_decide", ["approve", "Approved"]),
            (self.targets["target.change"][1], "_take_step", ["approve"]),
            (self.reading.indicator_id, "_rule", []),
            (self.reading.indicator_id, "_definition", []),
            (self.reading.indicator_id, "_preview", []),
            (self.appraisal, "_recount", []),
            (self.appraisal, "_sync_requests", []),
            (self.appraisal, "_lines_to_print", []),
            (request, "_submit", [{}]),
            (request, "_take_back", []),
            (request, "_forget", []),
            (request, "_pass_on", [self.colleague.id]),
            (request, "_form", [[]]),
            (request.browse(), "_cron_mark_overdue", []),
            (self.checkin, "_create_readings", []),
            (self.checkin, "_correct_readings", []),
            (self.checkin, "_keep_snapshot", []),
            (self.checkin, "_draft_correction", []),
            (self.checkin, "_take_over_files", []),
            (self.checkin.value_ids, "_report", []),
            (self.reading, "_rewrite", [[{"value": 9}]]),
            (self.reading.indicator_id, "_refresh", []),
            (self.reading.indicator_id, "_store_figures", [self.company.id, {}, {}]),
            (self.reading.indicator_id, "_sign_query", [{}]),
            (self.reading.indicator_id.browse(), "_cron_refresh_queries", []),
        ):
            for who in ("employee", "administrator"):
                with self.subTest(method=method, who=who):
                    self.assertTrue(callable(getattr(record, method)))
                    self.assertRefused(who, record, method, *args)

    def test_table_check_cannot_be_put_off(self):
        """A crooked table is refused, whatever the context says."""
        scale = self.env["hr.performance.scale"].create(
            {
                "name": "Scale",
                "level_ids": [
                    Command.create({"name": "Low", "value": 1, "score_min": 1}),
                    Command.create({"name": "High", "value": 9, "score_min": 9}),
                ],
            }
        )
        context = {"performance_table_check_later": True}
        crooked = {"name": "Crooked", "scale_id": scale.id, "value": 5, "score_min": 99}
        self.assertRefused(
            "officer", scale.level_ids.browse(), "create", crooked, context=context
        )
        self.assertRefused(
            "officer", scale.level_ids[:1], "write", {"score_min": 99}, context=context
        )
        self.assertRefused(
            "officer",
            scale,
            "write",
            {"level_ids": [Command.update(scale.level_ids[0].id, {"score_min": 99})]},
            context=context,
        )
        bands = self.ind_steps.band_ids
        crooked = {"indicator_id": self.ind_steps.id, "threshold": 95, "points": 1}
        self.assertRefused(
            "officer", bands.browse(), "create", crooked, context=context
        )
        self.assertRefused(
            "officer", bands[:1], "write", {"points": 500}, context=context
        )
        self.assertRefused(
            "officer",
            self.ind_steps,
            "write",
            {"band_ids": [Command.update(bands[0].id, {"points": 500})]},
            context=context,
        )


@tagged("post_install", "-at_install")
class TestSteps(RpcCommon):
    """Each step is taken by those it is for; nobody takes one for themselves."""

    EVERYBODY = (
        "employee",
        "manager",
        "director",
        "colleague",
        "officer",
        "administrator",
        "other_employee",
        "other_officer",
    )

    def assertTakers(self, takers, record, method, *args):
        """Exactly ``takers`` can call the step; each try is taken back."""
        able = set()
        for who in self.EVERYBODY:
            self.env.flush_all()
            savepoint = self.cr.savepoint()
            try:
                self.rpc(who, record, method, *args)
                able.add(who)
            except Refused:
                pass
            finally:
                self.env.transaction.clear()
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        self.assertEqual(able, set(takers), f"{record}.{method}")

    LINE = ("manager", "director", "officer", "administrator")

    def test_personal_goal(self):
        goal = self.make_goal(None, (self.ind_sum, 10))
        self.assertTakers(("employee", *self.LINE), goal, "action_propose")
        goal.action_propose()
        self.assertTakers(self.LINE, goal, "action_agree")
        self.assertTakers(self.LINE, goal, "action_send_back", "Why")
        self.assertTakers(self.LINE, goal, "action_cancel", "Why")
        goal.action_agree()
        self.assertTakers(
            ("employee", *self.LINE), goal, "action_request_change", "Why"
        )
        self.assertTakers(self.LINE, goal, "action_close", "achieved")
        goal.action_close("achieved")
        self.assertTakers(("administrator",), goal, "action_reopen", "Why")

    def test_own_goals_of_the_mighty(self):
        """Officer, administrator and managers are nobody's judge in their own case."""
        for who, judges in (
            ("officer", {"director", "administrator"}),
            ("administrator", {"director", "officer"}),
            ("manager", {"director", "officer", "administrator"}),
            ("director", {"officer", "administrator"}),
        ):
            goal = self.make_goal(self.people[who], (self.ind_sum, 10))
            goal.action_propose()
            self.assertTakers(judges, goal, "action_agree")
            goal.action_agree()
            self.assertTakers(judges, goal, "action_close", "achieved")
            self.assertTakers(judges, goal, "action_cancel", "Why")
            goal.action_cancel("Why")
            self.assertTakers({"administrator"} - {who}, goal, "action_reopen", "Why")

    def test_mixed_batch(self):
        """One's own goal does not slip through among those of others."""
        goals = self.make_goal(self.manager) | self.make_goal(self.employee)
        goals.action_propose()
        self.assertRefused("manager", goals, "action_agree")
        self.assertEqual(goals.mapped("state"), ["proposed", "proposed"])

    def test_department_goal(self):
        goal = self.make_goal(self.department_sub, (self.ind_sum, 10))
        goal.action_propose()
        self.assertTakers(
            ("director", "officer", "administrator"), goal, "action_agree"
        )

    def test_handing_the_goal_to_a_report_first(self):
        """Who gives a goal to a report, agrees and takes it back, has agreed for themselves."""
        goal = self.make_goal(self.manager)
        self.assertRefused(
            "manager", goal, "write", {"responsible_id": self.employee.id}
        )
        goal = self.make_goal(self.department_sub, responsible_id=self.employee.id)
        self.agree(goal)
        self.assertRefused(
            "manager", goal, "write", {"responsible_id": self.manager.id}
        )

    def test_checkin(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        Checkin = self.env["hr.performance.checkin"]
        checkin = (
            Checkin.with_user(self.employee_user).create({"goal_id": goal.id}).sudo()
        )
        self.assertTakers(("employee",), checkin, "action_post")
        checkin.with_user(self.employee_user).action_post()
        self.assertTakers(self.LINE, checkin, "action_acknowledge")
        # the manager's own statement on the goal: neither author nor owner acknowledge
        checkin = (
            Checkin.with_user(self.manager_user).create({"goal_id": goal.id}).sudo()
        )
        self.assertTakers(("manager",), checkin, "action_post")
        checkin.with_user(self.manager_user).action_post()
        self.assertTakers(
            ("director", "officer", "administrator"), checkin, "action_acknowledge"
        )
        self.assertTakers(
            ("director", "officer", "administrator"), checkin, "action_answer", "Well"
        )
        self.assertTakers(("manager",), checkin, "action_correct")

    def test_appraisal(self):
        appraisal = self.make_appraisal(open_it=False)
        self.assertTakers(self.LINE, appraisal, "action_open")
        appraisal.action_open()
        self.assertTakers((), appraisal, "action_assess")  # the review is not there yet
        for role in ("self", "manager"):
            self.answer_all(appraisal, role)
        self.assertTakers(("manager",), appraisal, "action_assess")
        self.assertTakers(
            ("officer", "administrator"), appraisal, "action_cancel", "Why"
        )
        appraisal.with_user(self.manager_user).action_assess()
        self.assertTakers(("officer", "administrator"), appraisal, "action_release")
        self.assertTakers(
            ("manager", "officer", "administrator"), appraisal, "action_reopen", "Why"
        )
        self.assertTakers((), appraisal, "action_acknowledge")
        appraisal.action_release()
        self.assertTakers(("employee",), appraisal, "action_acknowledge", True, "Fine")
        self.assertTakers(("officer", "administrator"), appraisal, "action_close")
        self.assertTakers(("administrator",), appraisal, "action_reopen", "Why")

    def test_own_appraisals_of_the_mighty(self):
        for who, releasers in (
            ("officer", {"administrator"}),
            ("administrator", {"officer"}),
        ):
            appraisal = self.make_appraisal(self.people[who], open_it=False)
            self.assertTakers({"director", *releasers}, appraisal, "action_open")
            appraisal.action_open()
            for role in ("self", "manager"):
                self.answer_all(appraisal, role)
            self.assertTakers(("director",), appraisal, "action_assess")
            appraisal.with_user(self.director_user).action_assess()
            self.assertTakers(releasers, appraisal, "action_release")
            appraisal.action_release()
            self.assertTakers(releasers, appraisal, "action_close")
            self.assertTakers(
                {"administrator"} - {who}, appraisal, "action_reopen", "Why"
            )

    def test_officer_makes_no_appraisal_of_their_own(self):
        appraisal = self.make_appraisal(self.colleague, open_it=False)
        self.assertRefused(
            "officer", appraisal, "write", {"employee_id": self.officer.id}
        )
        self.assertRefused(
            "officer",
            appraisal.browse(),
            "create",
            {"employee_id": self.officer.id, "cycle_id": self.cycle.id},
        )

    def test_nobody_manages_their_own_appraisal(self):
        appraisal = self.make_appraisal()
        self.assertRefused(
            "officer", appraisal, "write", {"manager_id": self.employee.id}
        )

    def test_review(self):
        appraisal = self.make_appraisal()
        for request in appraisal.request_ids:
            author = {"self": "employee", "manager": "manager"}[request.role]
            self.assertTakers((author,), request, "action_decline", "No time")
            answers = {
                str(item.id): {"level_id": appraisal.scale_id.level_ids[0].id}
                for item in appraisal.item_ids
                if item.kind == "rating"
            }
            self.assertTakers((author,), request, "write", {"draft": answers})
            request.with_user(request.reviewer_id.user_id).draft = answers
            self.assertTakers((author,), request, "action_submit")

    def test_a_reviewer_answers_only_what_is_asked(self):
        """Answers to items of another appraisal, and levels of another scale, are refused."""
        appraisal = self.make_appraisal()
        other = self.make_appraisal(self.colleague)
        request = appraisal.request_ids.filtered(lambda request: request.role == "self")
        foreign = other.item_ids.filtered(lambda item: item.kind == "rating")[:1]
        own = appraisal.item_ids.filtered(lambda item: item.kind == "rating")[:1]
        scale = self.env["hr.performance.scale"].create(
            {
                "name": "Another",
                "level_ids": [
                    Command.create({"name": "x", "value": 1, "score_min": 1})
                ],
            }
        )
        level = appraisal.scale_id.level_ids[0]
        for answers in (
            {str(foreign.id): {"level_id": level.id}},
            {str(own.id): {"level_id": scale.level_ids.id}},
            {str(own.id): "excellent"},
            [own.id],
        ):
            self.assertRefused("employee", request, "write", {"draft": answers})

    def test_cycle_and_indicator(self):
        officers = ("officer", "administrator")
        cycle = self.make_cycle("Another")
        self.assertTakers(officers, cycle, "action_next_stage")
        self.assertTakers(officers, cycle, "action_create_subperiods", "quarter")
        self.assertTakers(officers, cycle, "action_prepare_launch")
        self.assertTakers(officers, cycle, "action_launch_appraisals")
        self.assertTakers(officers, cycle, "action_close")
        cycle.action_close()
        self.assertTakers(("administrator",), cycle, "action_reopen", "Why")
        indicator = self.env["hr.performance.indicator"].create(
            {"name": "New", "company_id": self.company.id}
        )
        self.assertTakers(officers, indicator, "action_activate")
        self.assertTakers(officers, indicator, "action_retire")
        self.assertTakers(officers, indicator, "action_fill_bands")

    def test_launch_includes_the_officer(self):
        """An officer launches for everybody, themselves included, and gains nothing by it."""
        self.rpc("officer", self.cycle, "action_launch_appraisals")
        own = self.env["hr.performance.appraisal"].search(
            [("employee_id", "=", self.officer.id)]
        )
        self.assertEqual(own.state, "open")
        self.assertRefused("officer", own, "read", ["state"])
        # everybody has one now, the officer too: nothing to launch, nothing doubled
        self.assertRefused("officer", self.cycle, "action_launch_appraisals")

    def test_cycle_with_own_appraisal_stays_open(self):
        """An officer cannot close the cycle over an own unfinished appraisal."""
        self.make_appraisal(self.officer)
        self.assertRefused("officer", self.cycle, "action_close")

    # ------------------------------------------------------------------ dialogs

    def _wizard(self, who, model, values):
        wizard = self.env[f"hr.performance.{model}"]
        return wizard.browse(self.rpc(who, wizard, "create", values))

    def test_reason_dialog_calls_its_steps_only(self):
        goal = self.make_goal()
        goal.action_propose()
        for model, step in (
            ("hr.performance.goal", "unlink"),
            ("hr.performance.goal", "action_agree"),
            ("hr.performance.goal", "_take_step"),
            ("hr.performance.goal", "sudo"),
            ("hr.performance.goal", "message_post"),
            ("res.users", "action_reopen"),
            ("hr.performance.request", "action_submit"),
        ):
            values = {
                "res_model": model,
                "res_ids": goal.ids,
                "step": step,
                "reason": "Because",
            }
            with self.subTest(model=model, step=step):
                self.assertRefused(
                    "manager", self.env["hr.performance.reason"], "create", values
                )

    def test_reason_dialog_gives_no_rights(self):
        goal = self.make_goal()
        goal.action_propose()
        values = {
            "res_model": goal._name,
            "res_ids": goal.ids,
            "step": "action_cancel",
            "reason": "Because",
        }
        for who in ("employee", "colleague", "other_officer"):
            wizard = self._wizard(who, "reason", values)
            self.assertRefused(who, wizard, "action_confirm")
        self.assertEqual(goal.state, "proposed")
        # and nobody finishes the dialog of another
        wizard = self._wizard("colleague", "reason", values)
        self.assertRefused("manager", wizard, "action_confirm")
        self.assertEqual(goal.state, "proposed")

    def test_other_dialogs_give_no_rights(self):
        goal = self.agree(self.make_goal())
        appraisal = self.make_appraisal()
        for role in ("self", "manager"):
            self.answer_all(appraisal, role)
        level = appraisal.scale_id.level_ids[-1]
        for who, model, values in (
            ("employee", "goal.close", {"goal_ids": goal.ids, "decision": "achieved"}),
            ("colleague", "goal.close", {"goal_ids": goal.ids, "decision": "achieved"}),
            (
                "employee",
                "appraisal.assess",
                {
                    "appraisal_id": appraisal.id,
                    "level_id": level.id,
                    "override_reason": "I am worth it",
                },
            ),
            ("manager", "appraisal.acknowledge", {"appraisal_id": appraisal.id}),
            ("officer", "appraisal.acknowledge", {"appraisal_id": appraisal.id}),
            ("employee", "cycle.subperiods", {"cycle_id": self.cycle.id}),
            ("employee", "growth.goals", {"appraisal_id": appraisal.id}),
            ("colleague", "growth.goals", {"appraisal_id": appraisal.id}),
            ("director", "growth.goals", {"appraisal_id": appraisal.id}),
        ):
            with self.subTest(who=who, model=model):
                try:
                    wizard = self._wizard(who, model, values)
                except Refused:
                    continue
                self.assertRefused(who, wizard, "action_confirm")
        self.assertEqual(goal.state, "agreed")
        self.assertEqual(appraisal.state, "open")
        self.assertFalse(self.cycle.child_ids)


@tagged("post_install", "-at_install")
class TestInOtherNames(RpcCommon):
    """Nobody sets goals, reports or answers in the name of somebody else."""

    def _goal_values(self, **values):
        return {
            "name": "Forged",
            "cycle_id": self.cycle.id,
            "scope": "employee",
        } | values

    def test_goals_for_others(self):
        goals = self.env["hr.performance.goal"]
        for who, values in (
            ("employee", {"employee_id": self.colleague.id}),
            ("employee", {"employee_id": self.manager.id}),
            # the owner is oneself, the person somebody else
            (
                "employee",
                {"employee_id": self.colleague.id, "responsible_id": self.employee.id},
            ),
            (
                "manager",
                {"employee_id": self.officer.id, "responsible_id": self.employee.id},
            ),
            (
                "manager",
                {"employee_id": self.manager.id, "responsible_id": self.employee.id},
            ),
            ("employee", {"scope": "company"}),
            ("employee", {"scope": "company", "responsible_id": self.employee.id}),
            (
                "employee",
                {"scope": "department", "department_id": self.department_sub.id},
            ),
            (
                "employee",
                {
                    "scope": "department",
                    "department_id": self.department_sub.id,
                    "responsible_id": self.employee.id,
                },
            ),
            ("manager", {"scope": "department", "department_id": self.department.id}),
            (
                "manager",
                {"scope": "department", "department_id": self.department_sibling.id},
            ),
            ("manager", {"scope": "company"}),
            ("manager", {"employee_id": self.officer.id}),
            ("employee", {"employee_id": self.other_employee.id}),
            ("officer", {"employee_id": self.other_employee.id}),
        ):
            with self.subTest(who=who, values=values):
                self.assertRefused(who, goals, "create", self._goal_values(**values))

    def test_handing_over(self):
        goal = self.make_goal()
        for values in (
            {"employee_id": self.colleague.id},
            {"responsible_id": self.colleague.id},
            {"employee_id": self.colleague.id, "responsible_id": self.employee.id},
            {"scope": "company"},
            {"scope": "company", "responsible_id": self.employee.id},
            {"scope": "department", "department_id": self.department_sub.id},
            {"company_id": self.company_2.id},
        ):
            with self.subTest(values=values):
                self.assertRefused("employee", goal, "write", values)
                self.assertRefused("employee", goal, "copy", values)

    def test_measures_on_others_goals(self):
        own = self.make_goal(None, (self.ind_sum, 10))
        others = [
            self.make_goal(self.colleague),
            self.make_goal(self.colleague, visibility="everyone"),
            self.make_goal(self.company),
        ]
        for other in others:
            self.assertRefused(
                "employee", own.measure_ids, "write", {"goal_id": other.id}
            )
            self.assertRefused(
                "employee",
                own.measure_ids.browse(),
                "create",
                {"goal_id": other.id, "indicator_id": self.ind_sum.id, "target": 5},
            )

    def test_proposed_goal_is_with_the_manager(self):
        goal = self.make_goal(None, (self.ind_sum, 10))
        goal.action_propose()
        measure = goal.measure_ids
        self.assertRefused("employee", goal, "write", {"name": "Easier"})
        self.assertRefused("employee", measure, "write", {"target": 1})
        self.assertRefused("employee", measure, "unlink")
        self.assertRefused(
            "employee", goal, "write", {"measure_ids": [Command.delete(measure.id)]}
        )
        self.assertRefused("employee", goal, "unlink")

    def test_agreed_goal_stays(self):
        """What was agreed stays on record, also by way of a change or a cancellation."""
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        for who in ("employee", "manager", "officer"):
            self.assertRefused(who, goal, "write", {"name": "Easier"})
            self.assertRefused(who, goal, "write", {"active": False})
            self.assertRefused(who, goal.measure_ids, "write", {"target": 1})
            self.assertRefused(who, goal.measure_ids, "unlink")
            self.assertRefused(who, goal, "unlink")
        goal.action_request_change("Too hard")
        goal.action_send_back("Then write what you want")
        self.assertRefused("employee", goal, "unlink")
        goal.action_propose()
        goal.action_cancel("Never mind")
        for who in ("employee", "manager", "officer"):
            self.assertRefused(who, goal, "unlink")

    # ------------------------------------------------------------------ check-ins

    def _readable_goals_of_others(self):
        measure = (self.ind_sum, 10)
        return [
            self.agree(self.make_goal(self.company, measure)),
            self.agree(self.make_goal(self.department, measure)),
            self.agree(self.make_goal(self.colleague, measure, visibility="everyone")),
            self.agree(self.make_goal(self.colleague, measure)),
        ]

    def test_checkin_on_others_goals(self):
        checkins = self.env["hr.performance.checkin"]
        for goal in self._readable_goals_of_others():
            self.assertRefused("employee", checkins, "create", {"goal_id": goal.id})

    def test_moving_a_checkin_to_others_goals(self):
        """A draft begun on an own goal is not carried over to one of somebody else."""
        own = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        for goal in self._readable_goals_of_others():
            checkin = (
                self.env["hr.performance.checkin"]
                .with_user(self.employee_user)
                .create({"goal_id": own.id})
                .sudo()
            )
            self.assertRefused("employee", checkin, "write", {"goal_id": goal.id})
        self.assertEqual(checkin.goal_id, own)

    def test_checkin_after_losing_the_goal(self):
        """A draft from the days as manager is not posted any more afterwards."""
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        checkin = (
            self.env["hr.performance.checkin"]
            .with_user(self.manager_user)
            .create({"goal_id": goal.id})
            .sudo()
        )
        checkin.value_ids.value = 5
        self.employee.parent_id = self.director
        self.assertRefused("manager", checkin, "action_post")
        self.assertFalse(checkin.reading_ids)

    def test_author_of_a_checkin(self):
        """Whoever writes a check-in is its author, whatever they claim."""
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        checkins = self.env["hr.performance.checkin"]
        values = {"goal_id": goal.id, "employee_id": self.employee.id}
        for kwargs in ({}, {"context": {"default_employee_id": self.employee.id}}):
            try:
                checkin = checkins.browse(
                    self.rpc("manager", checkins, "create", values, **kwargs)
                )
            except Refused:
                continue
            self.assertEqual(checkin.employee_id, self.manager)
            try:
                self.rpc("manager", checkin, "write", {"employee_id": self.employee.id})
            except Refused:
                continue
            self.assertEqual(checkin.employee_id, self.manager)

    def test_values_in_others_checkins(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        checkins = self.env["hr.performance.checkin"]
        posted = (
            checkins.with_user(self.manager_user).create({"goal_id": goal.id}).sudo()
        )
        draft = (
            checkins.with_user(self.manager_user).create({"goal_id": goal.id}).sudo()
        )
        posted.with_user(self.manager_user).action_post()
        own = checkins.with_user(self.employee_user).create({"goal_id": goal.id}).sudo()
        for checkin in (posted, draft):
            self.assertRefused(
                "employee", own.value_ids, "write", {"checkin_id": checkin.id}
            )
            self.assertRefused(
                "employee",
                own.value_ids.browse(),
                "create",
                {
                    "checkin_id": checkin.id,
                    "measure_id": goal.measure_ids.id,
                    "value": 9,
                },
            )
            self.assertRefused("employee", checkin.value_ids, "write", {"value": 9})
            self.assertRefused("employee", checkin.value_ids, "unlink")

    def test_posted_stays(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        checkin = (
            self.env["hr.performance.checkin"]
            .with_user(self.employee_user)
            .create({"goal_id": goal.id})
            .sudo()
        )
        checkin.value_ids.value = 5
        checkin.with_user(self.employee_user).action_post()
        self.assertRefused(
            "employee", checkin, "write", {"assessment": "Never said it"}
        )
        self.assertRefused("employee", checkin, "unlink")
        self.assertRefused("employee", checkin.value_ids, "write", {"value": 9})
        self.assertRefused("employee", checkin.value_ids, "unlink")
        self.assertRefused("employee", checkin.reading_ids, "unlink")
        self.assertEqual(checkin.reading_ids.value, 5)

    # ------------------------------------------------------------------ readings

    def test_readings_of_others(self):
        readings = self.env["hr.performance.reading"]
        for who, holder in (
            ("employee", {"employee_id": self.colleague.id}),
            ("employee", {"department_id": self.department_sub.id}),
            ("employee", {}),
            ("manager", {"employee_id": self.officer.id}),
            ("manager", {"department_id": self.department_sub.id}),
            ("manager", {}),
            ("officer", {"employee_id": self.other_employee.id}),
            ("officer", {"company_id": self.company_2.id}),
        ):
            with self.subTest(who=who, holder=holder):
                self.assertRefused(
                    who,
                    readings,
                    "create",
                    {"indicator_id": self.ind_sum.id, "value": 9, **holder},
                )

    def test_moving_readings_to_others(self):
        reading = self.add_reading(self.ind_sum, 5)
        for values in (
            {"employee_id": self.colleague.id},
            {"employee_id": False},
            {"employee_id": False, "department_id": self.department_sub.id},
        ):
            with self.subTest(values=values):
                self.assertRefused("employee", reading, "write", values)

    def test_reading_counts_where_the_person_was(self):
        """Department and job of a person's reading follow from its date, for everybody."""
        readings = self.env["hr.performance.reading"]
        for who in ("employee", "officer"):
            values = {
                "indicator_id": self.ind_sum.id,
                "employee_id": self.employee.id,
                "department_id": self.department_sibling.id,
                "job_id": self.job_2.id,
                "value": 9,
            }
            try:
                reading = readings.browse(self.rpc(who, readings, "create", values))
            except Refused:
                continue
            self.assertEqual(reading.department_id, self.department_sub)
            self.assertEqual(reading.job_id, self.job)
        reading = self.add_reading(self.ind_sum, 5)
        with contextlib.suppress(Refused):
            self.rpc(
                "employee",
                reading,
                "write",
                {"department_id": self.department_sibling.id},
            )
        self.assertEqual(reading.department_id, self.department_sub)

    # ------------------------------------------------------------------ drafts

    def test_a_draft_is_not_pushed_onto_others(self):
        """Nobody fills in the form of somebody else."""
        requests = self.make_appraisal().request_ids
        own = requests.filtered(lambda request: request.role == "self")
        other = requests - own
        drafts = self.env["hr.performance.request.draft"]
        own.with_user(self.employee_user).draft = {}
        draft = drafts.search([("request_id", "=", own.id)])
        self.assertEqual(len(draft), 1)
        self.assertRefused("employee", draft, "write", {"request_id": other.id})
        self.assertRefused("employee", drafts, "create", {"request_id": other.id})
        self.assertRefused("employee", other, "write", {"draft": {}})


@tagged("post_install", "-at_install")
class TestQueries(RpcCommon):
    """Queries on Odoo's records: nobody measures, writes or learns more than they may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.query = {
            "name": "Partners",
            "company_id": cls.company.id,
            "frequency": "month",
            "source": "odoo",
            "query_model": "res.partner",
            "query_domain": "[]",
            "query_operation": "count",
            "query_date_field": "create_date",
            "query_holder": "user",
            "query_holder_path": "user_id",
        }
        indicators = cls.env["hr.performance.indicator"].with_user(cls.officer_user)
        cls.indicator = indicators.create(cls.query).sudo()
        cls.indicator.with_user(cls.officer_user).action_activate()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Measured", "user_id": cls.employee_user.id}
        )

    def fetched(self):
        return self.env["hr.performance.reading"].search(
            [("indicator_id", "=", self.indicator.id)]
        )

    def test_who_may_refresh(self):
        for who in ("employee", "manager", "director", "other_officer"):
            for method in ("action_refresh", "action_try_query"):
                with self.subTest(who=who, method=method):
                    self.assertRefused(who, self.indicator, method)
        self.assertFalse(self.fetched())
        message = self.rpc("officer", self.indicator, "action_refresh", "2020-01-01")
        self.assertEqual(message["tag"], "display_notification")
        self.assertTrue(self.fetched())

    def test_the_dialog_gives_no_rights(self):
        dialogs = self.env["hr.performance.indicator.refresh"]
        values = {"indicator_id": self.indicator.id, "date_from": "2020-01-01"}
        for who in ("employee", "manager"):
            with self.subTest(who=who):
                self.assertRefused(who, dialogs, "create", values)
                self.assertRefused(
                    who, dialogs, "onchange", [], values, ["date_from"], {"trial": {}}
                )
        # of another company: neither the figures nor the button
        self.assertRefused(
            "other_officer",
            dialogs,
            "onchange",
            [],
            values,
            ["date_from"],
            {"trial": {}},
        )
        with contextlib.suppress(Refused):
            dialog = dialogs.browse(
                self.rpc("other_officer", dialogs, "create", values)
            )
            self.assertRefused("other_officer", dialog, "read", ["trial"])
            self.assertRefused("other_officer", dialog, "action_confirm")
        self.assertFalse(self.fetched())

    def test_hostile_queries(self):
        indicators = self.env["hr.performance.indicator"]
        for values in (
            {"query_model": "hr.performance.request.draft"},
            {"query_model": "hr.performance.review"},
            {
                "query_model": "hr.performance.appraisal",
                "query_holder_path": "manager_id",
            },
            {"query_model": "ir.config_parameter"},
            {"query_model": "hr.employee"},
            {"query_domain": "[('id', 'in', self.env.cr.execute('SELECT 1'))]"},
            {"query_domain": "[('id', 'inselect', ('SELECT id FROM res_users', ()))]"},
            {"query_domain": "[('child_ids', 'any!', [('name', '!=', '')])]"},
            {"query_domain": "[" * 10000 + "]" * 10000},
            {"query_domain": "[(" + "-" * 3900 + "1, '=', 1)]"},
            {"query_date_field": "create_date) FROM res_users --"},
            {"query_operation": "sum", "query_field": "color:array_agg"},
            {"query_holder_path": "user_id.login"},
            {"query_holder_path": "write_uid.__dict__"},
            {"query_holder_path": ".".join(["parent_id"] * 2000)},
        ):
            with self.subTest(values=str(values)[:80]):
                self.assertRefused("officer", indicators, "create", self.query | values)
                self.assertRefused("officer", self.indicator, "write", values)
        for name, value in self.query.items():
            self.assertEqual(
                self.indicator[name].id
                if name == "company_id"
                else self.indicator[name],
                value,
            )

    def test_nobody_measures_in_another_s_name(self):
        indicators = self.env["hr.performance.indicator"]
        context = {"default_query_author_id": self.administrator_user.id}
        made = indicators.browse(
            self.rpc("officer", indicators, "create", self.query, context=context)
        )
        self.assertEqual(made.query_author_id, self.officer_user)
        self.assertRefused(
            "officer",
            made,
            "write",
            {"query_author_id": self.administrator_user.id, "query_domain": "[]"},
        )
        # who may read less cannot put into use what who may read more has written
        self.administrator_user.group_ids |= self.env.ref("hr.group_hr_user")
        query = self.query | {
            "query_model": "hr.version",
            "query_holder": "employee",
            "query_holder_path": "employee_id",
        }
        private = indicators.browse(
            self.rpc("administrator", indicators, "create", query)
        )
        self.assertRefused("officer", private, "action_activate")
        dialogs = self.env["hr.performance.indicator.refresh"]
        trial = self.rpc(
            "officer",
            dialogs,
            "onchange",
            [],
            {},
            [],
            {"indicator_id": {}, "date_from": {}, "date_to": {}, "trial": {}},
            context={"default_indicator_id": private.id},
        )["value"]["trial"]
        self.assertIn("Administrator", trial)
        self.assertNotIn("Employee", trial)
        self.assertEqual(private.query_author_id, self.administrator_user)
        self.assertEqual(private.state, "draft")

    def test_fetched_values_are_not_typed(self):
        self.indicator.with_user(self.officer_user).action_refresh("2020-01-01")
        reading = self.fetched()[:1]
        values = {
            "indicator_id": self.indicator.id,
            "employee_id": self.employee.id,
            "value": 9,
            "source": "odoo",
        }
        for who in ("employee", "officer", "administrator"):
            with self.subTest(who=who):
                corrected = {"value": 9, "correction_reason": "I know better"}
                self.assertRefused(who, reading, "write", corrected)
                self.assertRefused(who, reading, "write", {"source": "manual"})
                self.assertRefused(who, reading, "unlink")
                self.assertRefused(who, reading.browse(), "create", values)
                del values["source"]
                context = {"default_source": "odoo"}
                self.assertRefused(
                    who, reading.browse(), "create", values, context=context
                )
                values["source"] = "odoo"
