"""n library goals for m people: who gets what, in batches, once."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon
from .rpc import Refused, RpcCommon


class AssignmentCommon(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.templates = cls.env["hr.performance.goal.template"].create(
            [
                {
                    "name": name,
                    "measure_ids": [
                        Command.create({"indicator_id": cls.ind_sum.id, "target": 20})
                    ],
                    "action_ids": [Command.create({"name": "Begin"})],
                    "company_id": cls.company.id,
                }
                for name in ("Win customers", "Keep customers")
            ]
        )
        cls.win, cls.keep = cls.templates

    @classmethod
    def make_assignment(cls, by="officer", templates=None, **values):
        templates = cls.templates if templates is None else templates
        return (
            cls.env["hr.performance.assignment"]
            .with_user(cls.users[by])
            .create(
                {
                    "name": "Goals of the team",
                    "cycle_id": cls.cycle.id,
                    "company_id": cls.company.id,
                    "line_ids": [
                        Command.create({"template_id": template.id})
                        for template in templates
                    ],
                }
                | values
            )
        )

    def goals(self):
        return self.env["hr.performance.goal"].search(
            [("template_id", "in", self.templates.ids)]
        )

    def got(self):
        """Who has which goal, as text."""
        return sorted(
            f"{goal.responsible_id.name}: {goal.name}" for goal in self.goals()
        )

    def problems(self, assignment):
        return {
            row["name"]: sorted(filter(None, row["problems"].values()))
            for row in assignment.preview["receivers"]
        }


@tagged("post_install", "-at_install")
class TestAssignment(AssignmentCommon):
    def test_goals_for_people(self):
        assignment = self.make_assignment(
            employee_ids=(self.employee | self.colleague).ids
        )
        self.assertEqual(assignment.preview["made"], 4)
        self.assertEqual(assignment.preview["skipped"], 0)
        assignment.action_start()
        self.assertEqual(assignment.batch_state, "done")
        self.assertEqual(assignment.goal_count, 4)
        self.assertEqual(
            self.got(),
            [
                "Colleague: Keep customers",
                "Colleague: Win customers",
                "Employee: Keep customers",
                "Employee: Win customers",
            ],
        )
        goals = self.goals()
        self.assertEqual(set(goals.mapped("state")), {"draft"})
        self.assertEqual(goals.cycle_id, self.cycle)
        self.assertEqual(goals.department_id, self.department_sub)
        self.assertEqual(goals.measure_ids.mapped("target"), [20] * 4)
        self.assertEqual(goals.action_ids.mapped("name"), ["Begin"] * 4)
        self.assertEqual(
            goals.action_ids.responsible_id, self.employee | self.colleague
        )

    def test_twice_makes_nothing_twice(self):
        self.make_assignment(employee_ids=self.employee.ids).action_start()
        again = self.make_assignment(employee_ids=(self.employee | self.colleague).ids)
        self.assertEqual(
            self.problems(again),
            {"Employee": ["has it already"] * 2, "Colleague": []},
        )
        again.action_start()
        self.assertEqual(len(self.goals()), 4)
        with self.refused("Goals of the team", "nothing"):
            self.make_assignment(employee_ids=self.employee.ids).action_start()

    def test_started_again_for_who_has_come(self):
        assignment = self.make_assignment(department_ids=self.department_sub.ids)
        assignment.action_start()
        self.assertEqual(len(self.goals()), 6)
        self.director.department_id = self.department_sub
        assignment.action_start()
        self.assertEqual(len(self.goals()), 8)

    def test_cancelled_goals(self):
        """The same assignment does not insist; another one may give the goal anew."""
        assignment = self.make_assignment(employee_ids=self.employee.ids)
        assignment.action_start()
        self.goals().action_cancel("Not wanted")
        with self.refused("nothing"):
            self.make_assignment(employee_ids=[]).action_start()
        assignment.invalidate_recordset()
        self.assertEqual(assignment.preview["made"], 0)
        again = self.make_assignment(employee_ids=self.employee.ids)
        self.assertEqual(again.preview["made"], 2)

    def test_a_goal_moved_to_another_period_is_made(self):
        """Else the scheduler would find it missing, make nothing, and begin again."""
        assignment = self.make_assignment(employee_ids=self.employee.ids)
        assignment.action_start()
        self.goals().cycle_id = self.make_cycle("Another year")
        self.assertEqual(assignment._count_batch(), 0)
        self.assertEqual(assignment._do_batch(10), 0)
        # a new assignment gives them again, in this period
        self.assertEqual(
            self.make_assignment(employee_ids=self.employee.ids)._count_batch(), 2
        )

    def test_departments_with_those_below(self):
        assignment = self.make_assignment(department_ids=self.department.ids)
        self.assertEqual(
            set(self.problems(assignment)),
            {"Director", "Manager", "Employee", "Colleague"},
        )

    def test_posts_in_departments(self):
        self.colleague.job_id = self.job_2
        self.env.flush_all()
        assignment = self.make_assignment(
            department_ids=self.department.ids, job_ids=self.job_2.ids
        )
        self.assertEqual(set(self.problems(assignment)), {"Colleague"})

    def test_named_people_come_on_top(self):
        assignment = self.make_assignment(
            department_ids=self.department_sub.ids, employee_ids=self.officer.ids
        )
        self.assertEqual(
            set(self.problems(assignment)),
            {"Officer", "Manager", "Employee", "Colleague"},
        )

    def test_conditions(self):
        assignment = self.make_assignment(domain="[('name', '=', 'Employee')]")
        self.assertEqual(set(self.problems(assignment)), {"Employee"})

    def test_conditions_are_literal(self):
        for text in ("[('name', '=', uid)]", "nonsense", "[('nothing', '=', 1)]", "7"):
            assignment = self.make_assignment(domain=text)
            self.assertIn("Who Match", assignment.preview.get("error", ""), text)
            with self.refused("Who Match", error=ValidationError):
                assignment.action_start()

    def test_conditions_do_not_ask_what_is_private(self):
        """A domain on people would otherwise tell who was born when."""
        assignment = self.make_assignment(domain="[('birthday', '>', '1990-01-01')]")
        with self.refused("Who Match", error=ValidationError):
            assignment.action_start()

    def test_who_is_not_there(self):
        self.colleague.departure_date = self.cycle.date_start.replace(
            year=self.year - 1
        )
        later = self.cycle.copy(
            {
                "date_start": self.day(1, 1).replace(year=2019),
                "date_end": self.day(12, 31).replace(year=2019),
            }
        )
        people = (self.employee | self.colleague).ids
        assignment = self.make_assignment(employee_ids=people)
        self.assertEqual(
            self.problems(assignment), {"Employee": [], "Colleague": ["has left"] * 2}
        )
        assignment = self.make_assignment(employee_ids=people, cycle_id=later.id)
        self.assertEqual(
            self.problems(assignment),
            dict.fromkeys(("Employee", "Colleague"), ["starts after the period"] * 2),
        )

    def test_goals_for_some_posts_and_departments(self):
        self.win.job_ids = self.job_2
        self.keep.department_ids = self.department
        self.officer.department_id = False
        self.administrator.department_id = self.department_sibling
        people = self.employee | self.officer | self.administrator
        assignment = self.make_assignment(employee_ids=people.ids)
        self.assertEqual(
            self.problems(assignment),
            {
                "Employee": ["has another post"],
                "Officer": ["has another post", "has no department"],
                "Administrator": ["has another post", "is in another department"],
            },
        )
        assignment.action_start()
        self.assertEqual(self.got(), ["Employee: Keep customers"])

    def test_goals_of_departments_and_the_company(self):
        self.win.scope = "department"
        self.keep.scope = "company"
        units = self.department | self.department_sibling
        self.make_assignment(department_ids=units.ids).action_start()
        self.assertEqual(
            sorted(
                self.goals().mapped(lambda goal: (goal.scope, goal.department_id.name))
            ),
            [("company", False), ("department", "Sales"), ("department", "Support")],
        )

    def test_goal_above_weight_and_state(self):
        above = self.make_goal(self.company)
        assignment = self.make_assignment(
            templates=self.win, employee_ids=self.employee.ids, goal_state="proposed"
        )
        assignment.line_ids.write({"parent_id": above.id, "weight": 25})
        assignment.action_start()
        goal = self.goals()
        self.assertEqual((goal.parent_id, goal.weight), (above, 25))
        self.assertEqual(goal.state, "proposed")
        self.as_(goal, "manager").action_agree()

    def test_who_starts_in_the_middle_of_the_period(self):
        """Goal and measures begin on the first day of work; it weighs by the days."""
        new = self.env["hr.employee"].create(
            {
                "name": "New one",
                "company_id": self.company.id,
                "date_version": self.day(7, 1),
            }
        )
        self.make_assignment(
            templates=self.win, employee_ids=(new | self.employee).ids
        ).action_start()
        days = {
            goal.employee_id: (goal.date_start, goal.measure_ids.date_start)
            for goal in self.goals()
        }
        self.assertEqual(
            days,
            {
                new: (self.day(7, 1), self.day(7, 1)),
                self.employee: (self.day(1, 1), self.day(1, 1)),
            },
        )

    def test_indicators_are_put_into_use(self):
        draft = self.env["hr.performance.indicator"].create({"name": "New one"})
        self.win.measure_ids.indicator_id = draft
        with self.refused("New one", "HR"):
            self.make_assignment(
                "manager", employee_ids=self.employee.ids
            ).action_start()
        self.make_assignment(employee_ids=self.employee.ids).action_start()
        self.assertEqual(draft.state, "active")

    def test_preview_names_goals_and_targets(self):
        preview = self.make_assignment(employee_ids=self.employee.ids).preview
        self.assertEqual(
            [(goal["name"], goal["measures"]) for goal in preview["goals"]],
            [
                (name, ["New customers: 0 → 20"])
                for name in ("Win customers", "Keep customers")
            ],
        )

    # ---------------------------------------------------------------- batches

    def test_killed_in_the_middle(self):
        """What is made stays, the cron goes on, nothing is made twice."""
        assignment = self.make_assignment(department_ids=self.department.ids)
        model = type(assignment)
        with patch.object(model, "_batch_size", 3):
            assignment.action_start()
            self.assertEqual(assignment.batch_state, "running")
            self.assertEqual((assignment.batch_done, assignment.batch_total), (3, 8))
            self.env.flush_all()
            with (
                patch.object(model, "_missing", side_effect=RuntimeError("Killed")),
                mute_logger("odoo.addons.hr_performance.models.batch_mixin"),
            ):
                assignment.sudo()._run_batch_or_explain()
            self.assertEqual(assignment.batch_state, "stopped")
            self.assertEqual(len(self.goals()), 3)
            assignment.action_start()
            self.assertEqual(len(self.goals()), 6)
            self.env.flush_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["hr.performance.batch.mixin"]._cron_run_batches()
            self.env.invalidate_all()
        self.assertEqual(assignment.batch_state, "done")
        self.assertEqual((assignment.batch_done, assignment.batch_total), (8, 8))
        self.assertEqual(len(self.got()), len(set(self.got())))
        self.assertEqual(len(self.got()), 8)

    def test_who_started_it_has_left(self):
        """It does not go on with the rights of who has none any more."""
        assignment = self.make_assignment(
            "manager", department_ids=self.department_sub.ids
        )
        with patch.object(type(assignment), "_batch_size", 3):
            assignment.action_start()
            self.manager_user.active = False
            assignment.sudo()._run_batch_or_explain()
        self.assertEqual(assignment.sudo().batch_state, "stopped")
        self.assertIn("Manager", assignment.sudo().batch_problem)
        self.assertEqual(len(self.goals()), 3)
        self.as_(assignment, "officer").action_start()
        self.assertEqual(assignment.sudo().batch_state, "done")
        self.assertEqual(len(self.goals()), 6)

    def test_somebody_else_writes_to_the_same_goals(self):
        """That is nothing to stop for: it is tried again in another transaction."""
        assignment = self.make_assignment(department_ids=self.department.ids)
        model = type(assignment)
        with patch.object(model, "_batch_size", 3):
            assignment.action_start()
            with patch.object(model, "_missing", side_effect=SerializationFailure()):
                self.assertFalse(assignment.sudo()._run_batch_or_explain())
            self.assertEqual(assignment.batch_state, "running")
            self.assertTrue(assignment.sudo()._run_batch_or_explain())
        self.assertEqual(len(self.goals()), 6)

    def test_the_background_works_in_the_company_of_the_work(self):
        self.officer_user.company_ids |= self.company_2
        assignment = self.make_assignment(
            company_id=self.company_2.id,
            cycle_id=self.cycle_2.id,
            employee_ids=(self.other_employee | self.other_officer).ids,
            templates=self.win.copy({"company_id": False}),
        )
        seen = []

        def look(self, limit):
            seen.append(self.env.company)
            return 0

        with patch.object(type(assignment), "_batch_size", 1):
            assignment.with_context(
                allowed_company_ids=(self.company_2 | self.company).ids
            ).action_start()
            with patch.object(type(assignment), "_do_batch", look):
                assignment.sudo()._run_batch_or_explain()
        self.assertEqual(seen, [self.company_2])

    def test_nothing_is_changed_while_it_runs(self):
        assignment = self.make_assignment(department_ids=self.department.ids)
        with patch.object(type(assignment), "_batch_size", 3):
            assignment.action_start()
        for change in (
            lambda: assignment.write({"employee_ids": self.officer.ids}),
            lambda: assignment.line_ids[0].write({"weight": 1}),
            lambda: assignment.line_ids.unlink(),
            lambda: assignment.unlink(),
            lambda: assignment.action_start(),
        ):
            with self.refused("running", error=UserError):
                change()

    def test_queries_do_not_grow_with_people(self):
        def count(people):
            assignment = self.make_assignment(employee_ids=people.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            assignment.action_start()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        def make(number):
            return self.env["hr.employee"].create(
                [
                    {
                        "name": f"Person {n}",
                        "company_id": self.company.id,
                        "date_version": self.day(1, 1),
                    }
                    for n in range(number)
                ]
            )

        few, many = make(5), make(60)
        count(make(2))  # fills caches of the registry
        self.assertLessEqual(count(many), count(few) + 12)

    # ---------------------------------------------------------------- who may

    def test_a_manager_assigns_to_the_line(self):
        assignment = self.make_assignment(
            "manager", department_ids=self.department_sub.ids
        )
        # the manager's own goals are the manager's to write
        self.assertEqual(
            self.problems(assignment), {"Manager": [], "Employee": [], "Colleague": []}
        )
        assignment.action_start()
        self.assertEqual(len(self.goals()), 6)

    def test_departments_beyond_the_line(self):
        assignment = self.make_assignment("manager", department_ids=self.department.ids)
        self.assertEqual(
            self.problems(assignment)["Director"], ["is not in your line"] * 2
        )
        assignment.action_start()
        self.assertNotIn(self.director, self.goals().responsible_id)

    def test_since_when_and_until_when_is_told_of_the_line_alone(self):
        """Who leaves, and when, is a private matter until it has happened."""
        for person in self.employee | self.officer:
            person.version_id.departure_date = self.day(12, 24)
        people = (self.employee | self.officer).ids
        days = {
            by: {
                row["name"]: bool(row["days"])
                for row in self.as_(
                    self.make_assignment(by, employee_ids=people), by
                ).preview["receivers"]
            }
            for by in ("manager", "colleague")
        }
        self.assertEqual(
            days,
            {
                "manager": {"Officer": False, "Employee": True},
                "colleague": {"Officer": False, "Employee": False},
            },
        )

    def test_units_of_others(self):
        self.win.scope = "department"
        self.keep.scope = "company"
        units = self.department_sub | self.department_sibling
        assignment = self.make_assignment("manager", department_ids=units.ids)
        self.assertEqual(
            {
                name: problems[:1]
                for name, problems in self.problems(assignment).items()
            },
            {
                "Sales / Sales North": [],
                "Support": ["is not one of your departments"],
                "Performance One": ["is for HR to set goals for"],
            },
        )
        assignment.action_start()
        self.assertEqual(self.goals().department_id, self.department_sub)

    def test_a_goal_above_that_is_hidden(self):
        secret = self.make_goal(self.officer)
        assignment = self.make_assignment("manager", employee_ids=self.employee.ids)
        assignment.line_ids.sudo().parent_id = secret
        with self.assertRaises(AccessError):
            self.as_(assignment, "manager").action_start()


@tagged("post_install", "-at_install")
class TestAssignmentAttacks(AssignmentCommon, RpcCommon):
    def test_outside_of_the_line(self):
        assignment = self.make_assignment("manager")
        self.rpc("manager", assignment, "write", {"employee_ids": self.officer.ids})
        with self.assertRaises(Refused) as refused:
            self.rpc("manager", assignment, "action_start")
        self.assertEqual(refused.exception.name, "odoo.exceptions.AccessError")
        self.assertFalse(self.goals())
        with self.assertRaisesRegex(AccessError, "Goals of the team.*Officer.*ask HR"):
            self.as_(assignment, "manager").action_start()

    def test_the_rules_refuse_even_if_the_words_did_not(self):
        assignment = self.make_assignment("manager", employee_ids=self.officer.ids)
        with (
            patch.object(type(assignment), "_outside", lambda *args: {}),
            self.assertRaises(AccessError),
        ):
            assignment.action_start()

    def test_forged_progress(self):
        assignment = self.make_assignment("manager", employee_ids=self.officer.ids)
        for values in (
            {"batch_state": "running"},
            {"batch_user_id": self.officer_user.id},
            {"batch_done": 3},
            {"batch_problem": "None"},
        ):
            with self.subTest(values), self.assertRaises(Refused) as refused:
                self.rpc("manager", assignment, "write", values)
            self.assertEqual(refused.exception.name, "odoo.exceptions.AccessError")
        with self.assertRaises(Refused):
            self.rpc(
                "manager",
                self.env["hr.performance.assignment"],
                "create",
                [
                    {
                        "name": "Forged",
                        "cycle_id": self.cycle.id,
                        "batch_state": "running",
                        "batch_user_id": self.officer_user.id,
                    }
                ],
            )

    def test_others_assignments(self):
        assignment = self.make_assignment(employee_ids=self.employee.ids)
        for method in ("action_start", "action_view_goals", "unlink"):
            with self.subTest(method), self.assertRaises(Refused):
                self.rpc("manager", assignment, method)

    def test_another_company(self):
        with self.assertRaises(UserError):
            self.make_assignment(employee_ids=self.other_employee.ids)
