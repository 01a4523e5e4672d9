"""What people try on the double cascade: others' goals, dialogue, plans, leave and lists.

Every attack goes through JSON-RPC as the attacker's own logged-in user.
"""

from odoo.fields import Command
from odoo.tests import tagged

from .rpc import Refused, RpcCommon

SECRET = "SECRET-4711"
GOAL = "hr.performance.goal"


@tagged("post_install", "-at_install")
class TestHiddenGoals(RpcCommon):
    """A goal of the manager, agreed, hidden to employee, colleague and other companies."""

    OUTSIDERS = ("employee", "colleague", "other_employee", "other_officer")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden = cls.agree(
            cls.make_goal(
                cls.manager,
                (cls.ind_sum, 4711),
                name=SECRET,
                contribution=SECRET,
            )
        )
        cls.as_(cls.hidden, "manager").action_request_change(SECRET)
        cls.env.flush_all()

    def test_its_methods(self):
        today = str(self.day(6))
        for method, *args in (
            ("action_propose_selected",),
            ("action_agree_selected",),
            ("action_refuse_change", "No"),
            ("action_look",),
            ("action_contribute",),
            ("action_cascade",),
            ("action_copy_into",),
            ("action_hand_out",),
            ("action_hand_over", self.employee.id, today),
            ("action_save_to_library",),
            ("action_view_earlier_lessons",),
            ("action_close", "achieved", "Mine"),
            ("action_reopen", "Mine"),
        ):
            for who in self.OUTSIDERS:
                with self.subTest(method=method, who=who):
                    self.assertRefused(who, self.hidden, method, *args)
        self.assertEqual(self.hidden.state, "proposed")

    def test_its_records(self):
        """What hangs on it is neither read, searched, grouped nor counted."""
        action = self.env["hr.performance.action"].create(
            {"goal_id": self.hidden.id, "name": SECRET}
        )
        findings = self.env["hr.performance.alignment"].search(
            [("employee_id", "=", self.manager.id)]
        )
        self.assertTrue(findings)
        for records in (action, self.hidden.revision_ids, findings):
            model = records.browse()
            for who in self.OUTSIDERS:
                with self.subTest(model=model._name, who=who):
                    self.assertRefused(who, records, "read", ["display_name"])
                    domain = [("id", "in", records.ids)]
                    self.assertEqual(self.rpc(who, model, "search_count", domain), 0)
                    self.assertFalse(
                        self.rpc(
                            who, model, "formatted_read_group", domain, ["goal_id"]
                        )
                    )
            self.assertEqual(
                self.rpc(
                    "director", model, "search_count", [("id", "in", records.ids)]
                ),
                len(records),
            )

    def test_searches_on_it(self):
        """No field can be asked whether it says what it says."""
        goals = self.hidden.browse()
        for domain in (
            [("name", "=", SECRET)],
            [("code", "=", self.hidden.code)],
            [("contribution", "=", SECRET)],
            [("revision_ids.reason", "=", SECRET)],
            [("change_id.reason", "=", SECRET)],
            [("measure_ids.target", "=", 4711)],
        ):
            for who in self.OUTSIDERS:
                with self.subTest(domain=domain, who=who):
                    self.assertEqual(self.rpc(who, goals, "search_count", domain), 0)
        self.assertTrue(
            self.rpc("director", goals, "search_count", [("name", "=", SECRET)])
        )

    def test_the_map(self):
        for who, names in (("employee", 0), ("other_officer", 0), ("director", 1)):
            rows = self.rpc(
                who,
                self.hidden.browse(),
                "hierarchy_read",
                [("id", "=", self.hidden.id)],
                {"name": {}, "parent_id": {"fields": {"display_name": {}}}},
                "parent_id",
                "organisation_child_ids",
            )
            self.assertEqual(len(rows), names, who)

    def test_the_map_names_no_hidden_goal_above(self):
        below = self.make_goal(None, parent_id=self.hidden.id)
        rows = self.rpc(
            "employee",
            below.browse(),
            "hierarchy_read",
            [("id", "=", below.id)],
            {"name": {}, "parent_id": {"fields": {"display_name": {}}}},
            "parent_id",
        )
        self.assertEqual([row["id"] for row in rows], below.ids)
        self.assertNotIn(SECRET, str(rows))

    def test_no_form_tells_its_name(self):
        """Naming it on any form or record shows nothing of it."""
        for model, name, value in self._links():
            # all fields, and that one alone: another one may be what is refused
            for spec in (
                self._everything(model),
                {name: {"fields": {"display_name": {}}}},
            ):
                for how in ("typed", "default", "created"):
                    with self.subTest(model=model._name, field=name, how=how):
                        self.assertNotIn(
                            SECRET, self._told(how, model, name, value, spec)
                        )

    def test_empty_forms_open(self):
        """Whatever a client asks of a new form, it is no error of the server."""
        for name in ("action", "target.change"):
            model = self.env[f"hr.performance.{name}"]
            spec = self._everything(model)
            with self.subTest(name):
                form = self.rpc("employee", model, "onchange", [], {}, [], spec)
                self.assertFalse(form["value"]["goal_id"])

    def _models(self):
        """The models of which employees make records."""
        access = self.env["ir.model.access"].with_user(self.employee_user)
        return [
            self.env[name]
            for name in sorted(self.registry)
            if name.startswith("hr.performance.")
            and not self.env[name]._abstract
            and access.check(name, "create", False)
        ]

    def _links(self):
        """``(model, field, value)``: every way to name the goal on what people make."""
        for model in self._models():
            for name, field in model._fields.items():
                if field.comodel_name == GOAL and name not in ("child_ids",):
                    yield (
                        model,
                        name,
                        self.hidden.id
                        if field.type == "many2one"
                        else [Command.set(self.hidden.ids)],
                    )

    def _everything(self, model, depth=1):
        """A specification that reads all there is, names of what is linked included."""
        spec = {}
        for name, field in model._fields.items():
            if field.groups or field.type == "binary":
                continue
            spec[name] = {}
            if field.type == "many2one":
                spec[name] = {"fields": {"display_name": {}}}
            elif field.relational and depth:
                comodel = self.env[field.comodel_name]
                spec[name] = {"fields": {"display_name": {}}}
                if comodel._name.startswith("hr.performance."):
                    spec[name] = {"fields": self._everything(comodel, depth - 1)}
            elif field.relational:
                del spec[name]
        return spec

    def _told(self, how, model, name, value, spec):
        """What the server answers; nothing where it refuses."""
        try:
            if how == "typed":
                return str(
                    self.rpc(
                        "employee", model, "onchange", [], {name: value}, [name], spec
                    )
                )
            if how == "default":
                context = {f"default_{name}": value, "active_id": self.hidden.id}
                return str(
                    self.rpc(
                        "employee", model, "onchange", [], {}, [], spec, context=context
                    )
                )
            made = self.rpc("employee", model, "create", [{name: value}])
            return str(self.rpc("employee", model.browse(made), "web_read", spec))
        except Refused:
            return ""

    def test_dialogs_about_it(self):
        """A dialog is made of what it is about; of hidden goals it is not made at all."""
        measure = self.hidden.measure_ids
        for model, values in (
            (
                "goal.hand.over",
                {"goal_id": self.hidden.id, "employee_id": self.employee.id},
            ),
            ("measure.judge", {"measure_id": measure.id, "reason": "x", "points": 1}),
            ("goal.close", {"goal_ids": self.hidden.ids}),
        ):
            dialog = self.env[f"hr.performance.{model}"]
            with self.subTest(model):
                self.assertRefused("employee", dialog, "create", [values])


@tagged("post_install", "-at_install")
class TestOthersWork(RpcCommon):
    """Nobody puts something into what another has planned, or moves it to others."""

    def test_lines_of_an_assignment(self):
        """What an officer starts runs with the officer's rights."""
        template = self.env["hr.performance.goal.template"].create({"name": "Library"})
        values = {"name": "Mine", "cycle_id": self.cycle.id}
        model = self.env["hr.performance.assignment"]
        theirs = (
            self.as_(model, "officer")
            .create(values | {"employee_ids": self.colleague.ids})
            .sudo()
        )
        own = model.browse(self.rpc("employee", model, "create", [values]))
        lines = self.env["hr.performance.assignment.line"]
        line = lines.browse(
            self.rpc(
                "employee",
                lines,
                "create",
                [{"assignment_id": own.id, "template_id": template.id}],
            )
        )
        self.assertRefused("employee", line, "write", {"assignment_id": theirs.id})
        self.assertRefused(
            "employee", theirs, "write", {"line_ids": [Command.link(line.id)]}
        )
        self.assertRefused(
            "employee",
            lines,
            "create",
            [{"assignment_id": theirs.id, "template_id": template.id}],
        )
        self.assertFalse(theirs.line_ids)

    def test_parts_go_to_no_other_company(self):
        """An officer of one company writes nothing into what another one goes by."""
        values = {
            "name": "A rule",
            "check": "words_found",
            "message": "x",
            "reason": "x",
            "example_better": "x",
        }
        rules = self.env["hr.performance.smart.rule"].create(
            [
                values | {"code": f"A{company.id}", "company_id": company.id}
                for company in (self.company, self.company_2)
            ]
        )
        templates = self.env["hr.performance.goal.template"].create(
            [
                {"name": "Library", "company_id": company.id}
                for company in (self.company, self.company_2)
            ]
        )
        cycles = self.cycle | self.cycle_2
        for model, name, wholes, rest in (
            ("level.mix", "cycle_id", cycles, {"scope": "company"}),
            ("smart.words", "rule_id", rules, {"lang": "en_US", "words": "x"}),
            (
                "goal.template.measure",
                "template_id",
                templates,
                {"indicator_id": self.ind_sum.id, "target": 1},
            ),
            ("goal.template.action", "template_id", templates, {"name": "x"}),
        ):
            with self.subTest(model):
                parts = self.env[f"hr.performance.{model}"]
                part = parts.create({name: wholes[0].id} | rest)
                self.assertRefused("officer", part, "write", {name: wholes[1].id})
                self.assertRefused(
                    "officer", parts, "create", [{name: wholes[1].id} | rest]
                )
                self.assertEqual(part[name], wholes[0])
        self.assertRefused("officer", self.cycle_2, "action_standard_level_mix")
        self.assertRefused("manager", self.cycle, "action_standard_level_mix")
        self.assertFalse(self.cycle_2.level_mix_ids)

    def test_the_plan_of_a_cascade(self):
        goal = self.make_goal(self.department_sub, (self.ind_sum, 10))
        action = self.as_(goal, "manager").action_cascade()
        cascade = self.env["hr.performance.cascade"].browse(action["res_id"])
        measure, line = cascade.measure_ids, cascade.line_ids[:1]
        cell = {"line": line.id, "period": 0, "value": 9}
        for who in ("employee", "colleague", "director", "other_officer"):
            for records, method, *args in (
                (cascade, "read", ["name"]),
                (cascade, "preview"),
                (cascade, "grid"),
                (cascade, "action_next"),
                (cascade, "action_back"),
                (cascade, "action_start"),
                (cascade, "action_view_goals"),
                (cascade, "unlink"),
                (measure, "grid"),
                (measure, "grid_save", "target", [cell]),
                (measure, "grid_choose", "method", "typed"),
                (measure, "grid_forget"),
                (line, "write", {"name": "Mine"}),
            ):
                with self.subTest(who=who, method=method):
                    self.assertRefused(who, records, method, *args)
        self.assertFalse(measure.typed)
        self.assertEqual(cascade.step, "tasks")
        # what the plan is about and how far it is, nobody types in
        for values in (
            {"source_ids": [Command.clear()]},
            {"batch_state": "done"},
            {"company_id": self.company_2.id},
            {"line_ids": [Command.create({"name": "x", "scope": "company"})]},
        ):
            with self.subTest(values):
                self.assertRefused("manager", cascade, "write", values)


@tagged("post_install", "-at_install")
class TestPrivateFacts(RpcCommon):
    """When somebody leaves or is away is known to that person, the line and HR."""

    def test_a_preview_tells_nothing_of_outsiders(self):
        self.colleague.departure_date = self.day(6, 17)
        template = self.env["hr.performance.goal.template"].create({"name": "Library"})
        values = {
            "name": "x",
            "cycle_id": self.cycle.id,
            "employee_ids": self.colleague.ids,
            "line_ids": [Command.create({"template_id": template.id})],
        }
        model = self.env["hr.performance.assignment"]
        for who, knows in (("manager", True), ("employee", False)):
            made = model.browse(self.rpc(who, model, "create", [values]))
            preview = self.rpc(who, made, "read", ["preview"])[0]["preview"]
            with self.subTest(who):
                self.assertEqual("06/17" in str(preview["receivers"]), knows)

    def test_what_is_not_for_everybody_on_a_public_goal(self):
        """Who wrote, and what the last step was, is part of the dialogue."""
        goal = self.agree(
            self.make_goal(None, (self.ind_sum, 120), visibility="everyone")
        )
        self.as_(goal, "employee").action_request_change(SECRET)
        self.as_(goal, "employee").name = "Another name"
        self.assertEqual(goal.pen_id, self.employee_user)
        for name in ("pen_id", "revision_id"):
            with self.subTest(name):
                self.assertRefused("colleague", goal, "read", [name])
                self.assertRefused(
                    "colleague", goal.browse(), "search", [(name, "!=", False)]
                )


@tagged("post_install", "-at_install")
class TestAgreedStays(RpcCommon):
    """An open change is a request: it takes nothing out of sight of who decides."""

    def test_what_was_agreed_is_not_archived(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        self.rpc("employee", goal, "action_request_change", "Too much")
        for who in ("employee", "manager"):
            self.assertRefused(who, goal, "write", {"active": False})
            self.assertRefused(who, goal, "action_archive")
        self.assertTrue(goal.active)
        draft = self.make_goal()
        self.rpc("employee", draft, "action_archive")
        self.assertFalse(draft.active)

    def test_the_pen_is_taken_whatever_way_a_measure_comes(self):
        """A measure in the context's goal is the writer's, not the one's who wrote last."""
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        self.rpc("employee", goal, "action_request_change", "Another figure")
        self.rpc("employee", goal, "write", {"name": "By the employee"})
        self.rpc(
            "manager",
            goal.measure_ids.browse(),
            "create",
            [{"indicator_id": self.ind_last.id, "target": 7}],
            context={"default_goal_id": goal.id},
        )
        self.assertEqual(goal.pen_id, self.manager_user)
        written = goal.revision_ids.filtered(lambda one: one.step == "write")
        self.assertEqual(written.user_id, self.employee_user)
        self.assertEqual(len(written.content["measures"]), 1)

    def test_a_measure_moved_here_is_on_record(self):
        """What another goal loses and this one gains is put down to who moved it."""
        goals = self.agree(
            self.make_goal(None, (self.ind_sum, 10))
            | self.make_goal(None, (self.ind_last, 10))
        )
        for goal in goals:
            self.rpc("employee", goal, "action_request_change", "Another figure")
            self.rpc("employee", goal, "write", {"name": "By the employee"})
        self.rpc("manager", goals[0].measure_ids, "write", {"goal_id": goals[1].id})
        self.assertEqual(goals.mapped("pen_id"), self.manager_user)

    def test_no_way_out_into_a_closed_period(self):
        """There nobody could decide on it any more."""
        closed = self.make_cycle("Closed")
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        closed.action_close()
        self.rpc("employee", goal, "action_request_change", "Another period")
        draft = self.make_goal()
        for record in (goal, draft):
            self.assertRefused("employee", record, "write", {"cycle_id": closed.id})
            self.assertEqual(record.cycle_id, self.cycle)
