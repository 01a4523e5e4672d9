"""What many records share when they are made at once, and what they never share."""

from datetime import datetime
from itertools import count
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import goal_making
from ..models.measure import RESULT_FIELDS
from .common import PerformanceCommon

#: what no two records share, and what says when they were made
NEVER_SHARED = {"id", "goal_id", "code", "create_date", "write_date"}
MODELS = (
    "hr.performance.goal",
    "hr.performance.measure",
    "hr.performance.action",
)


@tagged("post_install", "-at_install")
class TestBulk(PerformanceCommon):
    def vals(self, *names):
        return [
            {"name": name, "cycle_id": self.cycle.id, "employee_id": self.employee.id}
            for name in names
        ]

    def test_nobody_writes_under_another_name(self):
        """As in all of Odoo: who has made a record, and when, is not typed in."""
        forged = {"create_uid": self.colleague_user.id, "create_date": "2001-01-01"}
        goals = self.as_(self.env["hr.performance.goal"], "employee").create(
            [vals | forged for vals in self.vals("One", "Two")]
        )
        action = self.as_(self.env["hr.performance.action"], "employee").create(
            {"name": "Do it", "goal_id": goals[0].id} | forged
        )
        for made in (*goals, action):
            self.assertEqual(made.create_uid, self.employee_user)
            self.assertGreater(made.create_date.year, 2001)

    def test_another_addons_default_is_asked_for_each(self):
        """It may take the next number of a sequence; this addon's own ones do not."""
        goals = self.env["hr.performance.goal"]
        field = goals._fields["contribution"]
        numbers = count(1)
        with (
            patch.object(field, "default", lambda model: f"No. {next(numbers)}"),
            patch.object(field, "_module", "another_addon"),
        ):
            made = goals.create(self.vals("One", "Two"))
        self.assertEqual(len(set(made.mapped("contribution"))), 2)
        self.assertIsNotNone(goals._leading(frozenset()))


@tagged("post_install", "-at_install")
class TestMadeAlike(PerformanceCommon):
    """Of goals that are the same for many, all but the first are made like that one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["hr.performance.goal.template"].create(
            {
                "name": "Win customers",
                "description": "<p>More of <b>them</b></p>",
                "measure_ids": [
                    Command.create(
                        {"indicator_id": cls.ind_sum.id, "target": 20, "weight": 70}
                    ),
                    Command.create({"indicator_id": cls.ind_average.id, "target": 3}),
                ],
                "action_ids": [
                    Command.create({"name": "Begin"}),
                    Command.create({"name": "End", "days_from": "end"}),
                ],
            }
        )
        cls.quarter = cls.make_cycle(
            "First quarter",
            period_type="quarter",
            date_end=cls.day(3, 31),
            parent_id=cls.cycle.id,
        )
        cls.above = cls.make_goal(cls.colleague, progress_source="both")
        cls.everybody = (
            cls.employee
            | cls.manager
            | cls.colleague
            | cls.director
            | cls.administrator
            | cls.officer
        )
        # the first one has a department, nothing to tell and no leave; these have not
        cls.officer.department_id = False
        cls.add_reading(cls.ind_sum, 5, cls.manager)
        cls.add_reading(cls.ind_average, 2, cls.director)
        cls.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": cls.colleague.resource_id.id,
                "calendar_id": cls.colleague.resource_calendar_id.id,
                "date_from": datetime.combine(cls.day(1, 10), datetime.min.time()),
                "date_to": datetime.combine(cls.day(9, 1), datetime.max.time()),
            }
        )

    def vals_list(self, people=None, cycle=None, **values):
        cycle = cycle or self.quarter
        shared = self.template._goal_values(cycle, cycle.date_start, cycle.date_end)
        return [
            shared
            | {"employee_id": person.id, "origin": f"test:{values}:{person.id}"}
            | values
            for person in people or self.everybody
        ]

    def make(self, vals_list, by="officer"):
        """Make them, and return how many were made like another one."""
        goals = self.as_(self.env["hr.performance.goal"], by)
        model = type(goals)
        alike = []

        def insert_like(records, like, own):
            alike.append(len(like))
            return original(records, like, own)

        original = model._insert_like
        with patch.object(model, "_insert_like", insert_like):
            made = goals._make_missing(vals_list)
        self.assertEqual(
            made.sudo().mapped("origin"), [vals["origin"] for vals in vals_list]
        )
        goals.env.flush_all()
        return sum(alike)

    def create_each(self, vals_list):
        """Create them as any goal is, one by one."""
        goals = self.as_(self.env["hr.performance.goal"], "officer").sudo()
        for vals in vals_list:
            goals.with_context(
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                tracking_disable=True,
            ).create(vals)
        goals.env.flush_all()

    def rows_after(self, work, *args):
        """All that is stored of the goals that ``work`` makes, and above them."""
        with self.env.cr.savepoint() as savepoint:
            work(*args)
            self.env.flush_all()
            goals = self.env["hr.performance.goal"].search(
                [("origin", "=like", "test:%")]
            )
            rows = [
                self.rows(records.sorted(lambda record: self.place(record)))
                for records in (
                    goals,
                    goals.measure_ids,
                    goals.action_ids,
                    self.above,
                    self.above.measure_ids,
                )
            ]
            paths = [
                goal.parent_path == f"{goal.parent_id.parent_path or ''}{goal.id}/"
                for goal in goals
            ]
            linked = [
                (self.place(measure), measure.input_ids.ids)
                for measure in goals.measure_ids.sorted(self.place)
            ]
            followers = goals.message_follower_ids.ids
            messages = goals.message_ids.mapped("body")
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertTrue(all(paths))
        return rows, linked, followers, messages

    def place(self, record):
        goal = record if record._name == MODELS[0] else record.goal_id
        same = (
            record.browse()
            if record == goal
            else goal[
                "measure_ids" if record._name == MODELS[1] else "action_ids"
            ].sorted("id")
        )
        return goal.origin or "", [*same].index(record) if same else 0

    def rows(self, records):
        names = sorted(
            name
            for name, field in records._fields.items()
            if field.store
            and field.column_type
            and name not in NEVER_SHARED
            and name != "parent_path"
        )
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(records._table),
                records.ids,
            )
        )
        by_id = {row.pop("id"): row for row in rows}
        return [by_id[record.id] for record in records]

    def test_field_by_field_the_same_as_created(self):
        """With leave, readings, and without a department; below a goal, and not."""
        for vals_list, alike in (
            (self.vals_list(cycle=self.cycle), 5),
            (self.vals_list(parent_id=self.above.id, state="proposed"), 5),
            (
                self.vals_list(
                    self.everybody.sorted("id", reverse=True), link="supports"
                ),
                5,
            ),
            # the first one has readings
            (self.vals_list(self.manager | self.employee | self.director), 2),
        ):
            found = []
            made = self.rows_after(
                lambda vals_list=vals_list, found=found: found.append(
                    self.make(vals_list)
                )
            )
            self.assertEqual(found, [alike])
            self.assertEqual(made, self.rows_after(self.create_each, vals_list))
            values = made[0][0]
            self.assertEqual(len(values), len(vals_list))
            self.assertIn(None, {row["progress"] for row in values})
            self.assertGreater(len({row["progress"] for row in values}), 1)
            if "parent_id" in vals_list[0]:
                self.assertIn(True, {row["is_time_part"] for row in values})
                self.assertGreater(len({row["pro_rata"] for row in values}), 1)
                self.assertTrue(made[0][3][0]["progress"])

    def test_what_runs_at_once_is_created(self):
        vals_list = self.vals_list(state="agreed", measure_ids=[])
        self.assertEqual(self.make(vals_list), 0)

    def test_mixed_kinds_stay_in_order(self):
        """One person's goals come in the order given, whoever has the first of a kind."""
        other = self.template.copy({"name": "Keep customers"})
        self.template, other = other, self.template
        vals_list = []
        for person in self.everybody:
            if person == self.employee:
                vals_list += self.vals_list(person)
                continue
            vals_list += self.vals_list(person)
            shared = other._goal_values(
                self.quarter, self.quarter.date_start, self.quarter.date_end
            )
            vals_list.append(
                shared | {"employee_id": person.id, "origin": f"test:2:{person.id}"}
            )
        self.assertEqual(self.make(vals_list), 8)
        goals = self.env["hr.performance.goal"].search(
            [("origin", "=like", "test:%")], order="id"
        )
        for person, of_person in goals.grouped("employee_id").items():
            self.assertEqual(
                of_person.mapped("name"),
                ["Keep customers", "Win customers"][
                    : 1 if person == self.employee else 2
                ],
            )
        self.assertEqual(len(set(goals.mapped("code"))), 11)

    def test_the_rules_are_asked_of_all(self):
        """A manager's own people come first; the director is not one of them."""
        with self.refused(error=AccessError):
            self.make(
                self.vals_list(self.employee | self.colleague | self.director),
                "manager",
            )

    def test_another_company_is_refused(self):
        with self.refused("another company"):
            self.make(
                self.vals_list(self.employee | self.colleague | self.other_employee)
            )

    def test_an_owner_who_is_not_the_person_is_refused(self):
        """What the constraints say of the first, they are asked of each."""
        with self.refused("Owner"):
            self.make(self.vals_list(responsible_id=self.employee.id))

    def test_a_default_that_somebody_saved_counts(self):
        self.env["ir.default"].set(
            "hr.performance.goal", "department_id", self.department_sibling.id
        )
        vals_list = self.vals_list()
        self.assertEqual(self.make(vals_list), 0)
        goals = self.env["hr.performance.goal"].search([("origin", "=like", "test:%")])
        self.assertEqual(goals.department_id, self.department_sibling)

    def test_another_addon_is_asked_for_each(self):
        """One that overrides how goals are made, or adds what follows or is demanded."""
        goals = self.env["hr.performance.goal"]
        model = type(goals)
        self.assertTrue(goals._is_made_here_alone())
        created = []

        def create(records, vals_list):
            created.extend(vals["origin"] for vals in vals_list)
            return original(records, vals_list)

        original = model.create
        create.__module__ = "odoo.addons.another_addon.models.goal"
        vals_list = self.vals_list()
        # as an addon's own class, or as automation rules put it into ours
        with patch.object(model, "create", create):
            self.assertFalse(goals._is_made_here_alone())
            self.assertEqual(self.make(vals_list), 0)
        self.assertEqual(created, [vals["origin"] for vals in vals_list])
        field = goals._fields["contribution"]
        for name, value in (
            ("default", lambda model: "No. 1"),
            ("required", True),
            ("compute", "_compute_it"),
        ):
            with (
                patch.object(field, "_modules", ("another_addon",)),
                self.subTest(name),
            ):
                self.assertTrue(goals._is_made_here_alone())
                with patch.object(field, name, value):
                    self.assertFalse(goals._is_made_here_alone())
            with patch.object(field, "manual", True), patch.object(field, name, value):
                self.assertFalse(goals._is_made_here_alone())
        check = model._check_weight

        def check_weight(records):
            return check(records)

        check_weight.__module__ = create.__module__
        with patch.object(model, "_check_weight", check_weight):
            self.assertFalse(goals._is_made_here_alone())

    def test_what_follows_from_the_holder(self):
        """A stored field that follows from it has to be known where goals are made alike.

        Is it found out for each in ``goal_making``, or the same for all of a kind?
        """
        field = self.env["hr.performance.goal"]._fields["employee_id"]
        found = {
            (dependent.model_name, dependent.name)
            for dependent in self.registry.get_dependent_fields(field)
            if dependent.column_type
            and dependent.store
            and dependent.model_name in MODELS
        }
        goal, measure, action = MODELS
        known = {
            *((goal, name) for name in (*goal_making.AHEAD, *goal_making.AFTERWARDS)),
            *((measure, name) for name in (*RESULT_FIELDS, "status")),
            (action, "responsible_id"),
            # through results, or through goals and posts that are above
            *(
                (goal, name)
                for name in ("progress", "coverage", "score", "health", "health_date")
            ),
            # once it is agreed; one that is made so is like no other
            *((goal, name) for name in ("checkin_due", "stale_on", "escalate_on")),
            (goal, "holding"),
            (measure, "target_by_days"),
            # through risks, of which a new goal that is made like another has none
            *(
                (goal, name)
                for name in ("risk_zone", "has_high_risk", "open_risk_count")
            ),
            # through the company, which is that of the first
            (measure, "company_id"),
            (action, "company_id"),
        }
        self.assertEqual(found, known)
