"""Appraisals for many people: who gets which, once, as if opened one by one."""

from contextlib import ExitStack
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import PerformanceCommon

#: what no two records share, and what says when they were made
NEVER_SHARED = {"id", "appraisal_id", "create_date", "write_date"}
MODELS = ("item_ids", "request_ids", "nomination_ids")


class LaunchCommon(PerformanceCommon):
    @classmethod
    def make_launch(cls, by="officer", **values):
        return (
            cls.env["hr.performance.launch"]
            .with_user(cls.users[by])
            .create({"cycle_id": cls.cycle.id, "company_id": cls.company.id} | values)
        )

    def launched(self):
        return self.env["hr.performance.appraisal"].search(
            [("cycle_id", "=", self.cycle.id)]
        )

    def people_of(self, launch):
        """``{name: problem}`` of the preview."""
        self.assertNotIn("error", launch.preview)
        return {row["name"]: row["problem"] for row in launch.preview["people"]}


@tagged("post_install", "-at_install")
class TestWho(LaunchCommon):
    def test_nobody_chosen_is_everybody(self):
        launch = self.make_launch()
        self.assertEqual(launch.template_id, self.cycle.template_id)
        self.assertEqual(launch.purpose, "annual")
        self.assertIn(self.cycle.name, launch.name)
        self.assertEqual(launch.preview["made"], 6)
        launch.action_start()
        self.assertEqual(launch.batch_state, "done")
        self.assertEqual(launch.appraisal_count, 6)
        self.assertEqual(self.launched().launch_id, launch.sudo())
        self.assertEqual(set(self.launched().mapped("state")), {"open"})

    def test_departments_posts_conditions_names_and_exclusions(self):
        self.colleague.job_id = self.job_2
        self.env.flush_all()
        for values, expected in (
            ({"department_ids": self.department_sub.ids}, "Manager Employee Colleague"),
            ({"job_ids": self.job_2.ids}, "Colleague"),
            (
                {"department_ids": self.department.ids, "job_ids": self.job.ids},
                "Manager Employee",
            ),
            ({"domain": "[('name', '=', 'Employee')]"}, "Employee"),
            ({"employee_ids": self.officer.ids}, "Officer"),
            (
                {
                    "department_ids": self.department_sub.ids,
                    "employee_ids": self.officer.ids,
                    "excluded_ids": (self.colleague | self.director).ids,
                },
                "Manager Employee Officer",
            ),
            (
                {"excluded_ids": self.director.ids},
                "Manager Employee Colleague Officer Administrator",
            ),
        ):
            with self.subTest(expected):
                self.assertEqual(
                    set(self.people_of(self.make_launch(**values))),
                    set(expected.split()),
                )

    def test_the_day_of_joining(self):
        new = self.env["hr.employee"].create(
            {
                "name": "New one",
                "company_id": self.company.id,
                "date_version": self.day(3, 1),
            }
        )
        late = self.make_launch(entered_from=self.day(3, 1))
        self.assertEqual(set(self.people_of(late)), {"New one"})
        before = self.make_launch(entered_to=self.day(2, 28))
        self.assertNotIn("New one", self.people_of(before))
        # named ones come on top
        self.assertIn(
            "New one",
            self.people_of(
                self.make_launch(entered_to=self.day(2, 28), employee_ids=new.ids)
            ),
        )
        with self.refused("Joined Until", error=ValidationError):
            self.make_launch(entered_from=self.day(3), entered_to=self.day(2))

    def test_what_stands_in_the_way(self):
        self.colleague.departure_date = self.cycle.date_start.replace(
            year=self.year - 1
        )
        self.director.current_version_id.date_version = self.day(1).replace(
            year=self.year + 1
        )
        self.make_appraisal(self.manager)
        people = self.manager | self.colleague | self.employee | self.director
        launch = self.make_launch(employee_ids=people.ids)
        self.assertEqual(
            self.people_of(launch),
            {
                "Colleague": "has left",
                "Manager": "has one already",
                "Director": "starts after the period",
                "Employee": "",
            },
        )
        self.assertEqual(launch.preview["skipped"], 3)
        launch.action_start()
        self.assertEqual(self.launched().employee_id, self.manager | self.employee)

    def test_who_is_asked_and_what_is_missing(self):
        self.agree(self.make_goal(self.employee, (self.ind_sum, 10)))
        form = self.cycle.template_id.copy({"name": "Round"})
        form.role_ids = [
            Command.create(
                {
                    "role": "peer",
                    "weight": 50,
                    "is_anonymous": True,
                    "merge_into": "report",
                }
            ),
            Command.create({"role": "report", "weight": 50, "is_anonymous": True}),
        ]
        launch = self.make_launch(
            template_id=form.id, employee_ids=(self.employee | self.director).ids
        )
        rows = {row["name"]: row for row in launch.preview["people"]}
        self.assertEqual(rows["Employee"]["form"], "Round")
        self.assertEqual(
            rows["Employee"]["asked"], ["Employee", "Manager: Manager", "Colleague: 1"]
        )
        # one colleague; nobody below, so nothing is promised to them
        [missing] = rows["Employee"]["missing"]
        self.assertIn("Colleague", missing)
        self.assertIn("Team member", missing)
        self.assertEqual(rows["Director"]["asked"], ["Employee", "Team member: 3"])
        self.assertEqual(
            rows["Director"]["missing"][:2], ["no manager", "no agreed goals"]
        )
        self.assertIn({"text": "no manager", "count": 1}, launch.preview["missing"])

    def test_an_anonymous_second_manager_is_one_alone(self):
        form = self.cycle.template_id.copy({"name": "From above"})
        form.role_ids = [Command.create({"role": "second", "is_anonymous": True})]
        preview = self.make_launch(template_id=form.id).preview
        missing = {row["name"]: row["missing"] for row in preview["people"]}
        told = "Second manager: fewer than 3, their answers are not shown"
        self.assertIn(told, missing["Employee"])
        # above the manager's manager there is nobody
        self.assertNotIn(told, missing["Manager"])

    def test_the_best_form_for_each(self):
        """Without a form on the launch, posts and levels decide."""
        special = self.cycle.template_id.copy(
            {
                "name": "For managers",
                "job_ids": self.job.ids,
                "company_id": self.company.id,
            }
        )
        self.employee.job_id = False
        self.env.flush_all()
        launch = self.make_launch(
            template_id=False, employee_ids=(self.employee | self.manager).ids
        )
        launch.action_start()
        forms = {one.employee_id: one.template_id for one in self.launched()}
        self.assertEqual(forms[self.manager], special)
        self.assertNotEqual(forms[self.employee], special)

    def test_a_phase_is_another_purpose(self):
        """Who has the mid-year one gets the year-end one all the same, and vice versa."""
        form = self.cycle.template_id.copy({"name": "Half-way", "purpose": "mid_year"})
        phase = self.env["hr.performance.cycle.phase"].create(
            {"cycle_id": self.cycle.id, "purpose": "mid_year", "template_id": form.id}
        )
        self.make_launch().action_start()
        launch = self.make_launch(phase_id=phase.id)
        self.assertEqual(launch.template_id, form)
        launch.action_start()
        self.assertEqual(len(self.launched()), 12)
        again = self.make_launch(phase_id=phase.id)
        self.assertEqual(again.preview["made"], 0)
        other = self.make_cycle("Another")
        with self.refused("phase", error=ValidationError):
            launch.sudo().write({"cycle_id": other.id, "phase_id": phase.id})

    # ---------------------------------------------------------------- refusals

    def test_conditions_are_literal(self):
        for text in ("[('name', '=', uid)]", "nonsense", "[('birthday', '!=', 1)]"):
            launch = self.make_launch(domain=text)
            self.assertIn("Who Match", launch.preview.get("error", ""), text)
            with self.refused("Who Match", error=ValidationError):
                launch.action_start()

    def test_only_officers_launch(self):
        launch = self.make_launch()
        for name in ("employee", "manager", "director", "other_officer"):
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    self.as_(launch, name).action_start()
                with self.assertRaises(AccessError):
                    self.make_launch(name)
        self.assertFalse(self.launched())

    def test_another_company_is_refused(self):
        with self.assertRaises(AccessError):
            self.make_launch(company_id=self.company_2.id, cycle_id=self.cycle_2.id)
        for values in (
            {"cycle_id": self.cycle_2.id},
            {"employee_ids": self.other_employee.ids},
        ):
            # the officer may not even name them; whoever may is told that it is wrong
            with self.subTest(values), self.assertRaises(AccessError):
                self.make_launch(**values)
            self.officer_user.company_ids |= self.company_2
            with self.subTest(values), self.refused("another company"):
                self.make_launch(**values)
            self.officer_user.company_ids -= self.company_2

    def test_what_only_methods_set(self):
        launch = self.make_launch()
        for name, value in (("batch_state", "done"), ("batch_user_id", 1)):
            with self.subTest(name), self.assertRaises(AccessError):
                launch.write({name: value})
        appraisal = self.make_appraisal(open_it=False)
        for name, value in (
            ("launch_id", launch.id),
            ("schedule_date", "2026-01-01"),
            ("is_collecting", True),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(appraisal, "officer").write({name: value})

    def test_without_scale_or_anybody(self):
        cycle = self.make_cycle("Bare", scale_id=False)
        with self.refused("“Bare”", "Scale"):
            self.make_launch(cycle_id=cycle.id).action_start()
        with self.refused("Nobody", self.company.name):
            self.make_launch(
                excluded_ids=self.env["hr.employee"]
                .search([("company_id", "=", self.company.id)])
                .ids
            ).action_start()
        self.cycle.action_close()
        with self.refused("is closed"):
            self.make_launch().action_start()


@tagged("post_install", "-at_install")
class TestRepeat(LaunchCommon):
    def test_late_joiners_with_one_click(self):
        launch = self.make_launch()
        launch.action_start()
        first = self.launched()
        with self.refused("already", "Nothing was launched"):
            self.make_launch().action_start()
        newcomer = self.env["hr.employee"].create(
            {
                "name": "Newcomer",
                "company_id": self.company.id,
                "date_version": self.day(2),
            }
        )
        launch = self.as_(launch, "officer")
        self.assertEqual(launch.preview["made"], 1)
        launch.action_start()
        self.assertEqual((self.launched() - first).employee_id, newcomer)
        self.assertEqual(launch.batch_done, 7)

    def test_what_was_cancelled_comes_from_another_launch_only(self):
        launch = self.make_launch(employee_ids=self.employee.ids)
        launch.action_start()
        self.launched().action_cancel("On leave")
        self.assertEqual(self.as_(launch, "officer").preview["made"], 0)
        self.make_launch(employee_ids=self.employee.ids).action_start()
        self.assertEqual(len(self.launched()), 2)

    def test_killed_in_the_middle(self):
        """What was committed stays, the next call makes the rest, nothing twice."""
        launch = self.make_launch()
        model = type(launch)
        request_model = type(self.env["hr.performance.request"])
        with patch.object(model, "_batch_size", 2):
            launch.action_start()
            self.assertEqual((launch.batch_state, launch.batch_done), ("running", 2))
            self.env.flush_all()
            # the process dies when the appraisals of a batch are there and requests are not
            with (
                patch.object(
                    request_model, "_make", side_effect=RuntimeError("Killed")
                ),
                mute_logger("odoo.addons.hr_performance.models.batch_mixin"),
            ):
                launch.sudo()._run_batch_or_explain()
            self.assertEqual(launch.batch_state, "stopped")
            self.assertEqual(len(self.launched()), 2)
            launch.action_start()
            self.env.flush_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["hr.performance.batch.mixin"]._cron_run_batches()
            self.env.invalidate_all()
        self.assertEqual((launch.batch_state, launch.batch_done), ("done", 6))
        appraisals = self.launched()
        self.assertEqual(len(appraisals), 6)
        self.assertEqual(len(appraisals.employee_id), 6)
        for appraisal in appraisals:
            self.assertEqual(len(appraisal.item_ids), 6)
            self.assertEqual(
                appraisal.request_ids.mapped("role"),
                ["self", "manager"] if appraisal.manager_id else ["self"],
            )

    def test_a_draft_that_asked_a_former_manager_is_opened(self):
        with freeze_time(self.day(7, 1)):
            self.employee.parent_id = self.director
            self.env.flush_all()
        draft = self.launched()
        self.assertEqual((draft.employee_id, draft.state), (self.employee, "draft"))
        launch = self.make_launch(employee_ids=(self.employee | self.colleague).ids)
        self.assertEqual(launch.preview["made"], 2)
        launch.action_start()
        self.assertEqual(self.launched().launch_id, launch.sudo())
        self.assertEqual(len(self.launched()), 2)
        self.assertEqual(draft.state, "open")
        self.assertEqual(
            draft.request_ids.reviewer_id, self.employee | self.manager | self.director
        )

    def test_the_cycle_shows_first_who_gets_what(self):
        cycle = self.as_(self.cycle, "officer")
        action = cycle.action_prepare_launch()
        launch = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(launch.template_id, self.cycle.template_id)
        self.assertFalse(self.launched())
        self.assertEqual(cycle.action_prepare_launch()["res_id"], launch.id)
        self.as_(launch, "officer").action_start()
        self.assertEqual(len(self.launched()), launch.appraisal_count)

    def test_the_cycle_shows_the_one_that_runs(self):
        cycle = self.as_(self.cycle, "officer")
        with patch.object(type(self.env["hr.performance.launch"]), "_batch_size", 2):
            action = cycle.action_launch_appraisals()
            self.assertEqual(action["res_model"], "hr.performance.launch")
            self.assertEqual(cycle.action_launch_appraisals(), action)
        self.assertEqual(len(self.launched()), 2)

    def test_big_launches_leave_activities_to_the_background(self):
        cron = self.env.ref("hr_performance.ir_cron_tell")
        triggers = self.env["ir.cron.trigger"]
        launch = self.make_launch()
        with patch.object(type(self.env["hr.performance.request"]), "_owed_at_once", 3):
            launch.action_start()
        requests = self.launched().request_ids
        self.assertFalse(requests.activity_ids)
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self.env["hr.performance.owed"]._sync_some()
        self.assertEqual(len(requests.activity_ids), len(requests))


@tagged("post_install", "-at_install")
class TestSame(LaunchCommon):
    """Rows that are worked out before say what create and open would say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle.write(
            {
                "self_review_deadline": cls.day(11, 1),
                "manager_review_deadline": cls.day(1, 1),
                "feedback_deadline": cls.day(12, 1),
            }
        )
        cls.agree(
            cls.make_goal(cls.employee, (cls.ind_sum, 10), weight=60)
            | cls.make_goal(cls.employee, (cls.ind_last, 10), method="okr")
            | cls.make_goal(cls.colleague, (cls.ind_sum, 20))
        )
        cls.add_reading(cls.ind_sum, 9)
        cls.form = cls.cycle.template_id.copy({"name": "Full"})
        cls.form.role_ids = [
            Command.create({"role": "second", "weight": 20}),
            Command.create({"role": "peer", "weight": 20, "is_anonymous": True}),
            Command.create({"role": "report", "weight": 20, "is_anonymous": True}),
        ]

    def plain(self, vals_list):
        """Create and open each by itself, all with Odoo's own ``create``."""
        appraisals = (
            self.env["hr.performance.appraisal"].with_user(self.officer_user).sudo()
        )
        with ExitStack() as stack:
            for name in (
                "appraisal",
                "appraisal.item",
                "request",
                "nomination",
            ):
                stack.enter_context(
                    patch.object(
                        type(self.env[f"hr.performance.{name}"]),
                        "_is_made_here_alone",
                        lambda model: False,
                    )
                )
            for vals in vals_list:
                appraisals.create(vals).action_open()
        # or figures would be written in the name of whoever comes next
        appraisals.env.flush_all()

    def open_together(self, vals_list):
        """Create drafts, and open all of them by one step, as for many."""
        appraisals = (
            self.env["hr.performance.appraisal"].with_user(self.officer_user).sudo()
        )
        with (
            patch("odoo.addons.hr_performance.models.appraisal.MANY", 1),
            patch("odoo.addons.hr_performance.models.appraisal_making.MANY", 1),
            patch("odoo.addons.hr_performance.models.workflow_mixin.MANY", 1),
        ):
            appraisals.create(vals_list).action_open()
        appraisals.env.flush_all()

    def bulk(self, vals_list):
        self.env["hr.performance.appraisal"].with_user(self.officer_user).sudo()._make(
            vals_list
        )

    def rows(self, records):
        names = sorted(
            name
            for name, field in records._fields.items()
            if field.store and field.column_type and name not in NEVER_SHARED
        )
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT id, %s FROM %s WHERE id = ANY(%s) ORDER BY id",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(records._table),
                records.ids,
            )
        )
        return rows

    def stored(self, work, vals_list):
        """All that is stored of what ``work`` makes."""
        with self.env.cr.savepoint() as savepoint:
            work(vals_list)
            self.env.flush_all()
            self.env.invalidate_all()
            appraisals = self.launched().sorted(lambda one: one.employee_id.id)
            found = []
            for appraisal in appraisals:
                numbers = {
                    item.id: number
                    for number, item in enumerate(appraisal.item_ids.sorted("id"))
                }
                for records in (appraisal, *(appraisal[name] for name in MODELS)):
                    for row in self.rows(records):
                        row.pop("id")
                        # the ids of the items differ, and nothing else
                        if row.get("derivation"):
                            row["derivation"] = self.renumbered(
                                row["derivation"], numbers
                            )
                        found.append((records._name, row))
            activities = sorted(
                (one.res_model, one.user_id.id, str(one.date_deadline))
                for one in appraisals.request_ids.activity_ids
            )
            savepoint.rollback()
        self.env.invalidate_all()
        return sorted(found, key=repr), activities

    def renumbered(self, node, numbers):
        if isinstance(node, dict):
            return {
                key: numbers.get(value, value)
                if key in ("id", "item_id")
                else self.renumbered(value, numbers)
                for key, value in node.items()
            }
        if isinstance(node, list):
            return [self.renumbered(one, numbers) for one in node]
        return node

    def test_field_by_field(self):
        everybody = self.env["hr.employee"].search(
            [("company_id", "=", self.company.id)]
        )
        # one who appraises themselves under another name
        double = self.env["hr.employee"].create(
            {"name": "Second job", "company_id": self.company.id}
        )
        double.parent_id = double
        for form in (self.cycle.template_id, self.form):
            vals_list = [
                {
                    "employee_id": person.id,
                    "cycle_id": self.cycle.id,
                    "template_id": form.id,
                }
                for person in everybody | double
            ]
            with self.subTest(form.name):
                opened, _activities = self.stored(self.open_together, vals_list)
                made, activities = self.stored(self.bulk, vals_list)
                self.assertEqual(opened, made)
                expected, wanted = self.stored(self.plain, vals_list)
                self.assertEqual(len(made), len(expected))
                for one, other in zip(made, expected, strict=True):
                    self.assertEqual(one, other)
                self.assertEqual(activities, wanted)
                scores = {
                    row["score"] for name, row in made if name.endswith("appraisal")
                }
                self.assertGreater(len(scores), 1)

    def test_whoever_launches_follows_all_but_their_own(self):
        launch = self.make_launch().with_context({"lang": "en_US", "tz": "UTC"})
        launch.action_start()
        partner = self.officer_user.partner_id
        for appraisal in self.launched():
            mine = appraisal.employee_id == self.officer
            self.assertEqual(
                appraisal.message_partner_ids, partner.browse() if mine else partner
            )
        other = self.launched().filtered(lambda one: one.employee_id != self.officer)
        plain = self.env["mail.followers"].search(
            [("res_model", "=", other._name), ("res_id", "in", other.ids)]
        )
        self.env["mail.followers"].sudo()._insert_followers(
            self.cycle._name, self.cycle.ids, partner.ids
        )
        usual = self.cycle.message_follower_ids.filtered(
            lambda one: one.partner_id == partner
        )
        self.assertEqual(plain.subtype_ids, usual.subtype_ids)

    def test_of_oneself_alone_and_with_nothing_on_it(self):
        """Nobody follows, and a form of goals has no line for who has none."""
        form = self.cycle.template_id.copy({"name": "Goals alone"})
        form.section_ids.filtered(lambda one: one.kind != "goals").unlink()
        launch = self.make_launch(template_id=form.id, employee_ids=self.officer.ids)
        launch.with_context({"lang": "en_US", "tz": "UTC"}).action_start()
        self.assertRecordValues(
            self.launched(), [{"employee_id": self.officer.id, "state": "open"}]
        )
        self.assertFalse(self.launched().item_ids)
        self.assertEqual(len(self.launched().request_ids), 2)

    def test_another_addon_is_asked(self):
        """Where one has a say in how they are made, they are created."""
        appraisals = self.env["hr.performance.appraisal"]
        model = type(appraisals)
        self.assertTrue(appraisals._is_made_here_alone())
        for name in ("hr.performance.appraisal.item", "hr.performance.request"):
            self.assertTrue(self.env[name]._is_made_here_alone(), name)
        created = []

        def create(records, vals_list):
            created.extend(vals_list)
            return original(records, vals_list)

        original = model.create
        create.__module__ = "odoo.addons.another_addon.models.appraisal"
        with patch.object(model, "create", create):
            self.make_launch().action_start()
        self.assertEqual(len(created), 6)
        self.assertEqual(set(self.launched().mapped("state")), {"open"})
        self.assertEqual(len(self.launched().item_ids), 39)

    def test_who_cannot_answer_is_said_of_many_as_of_one(self):
        """Colleagues without a user are named below each appraisal."""
        lonely = self.env["hr.employee"].create(
            [
                {"name": name, "company_id": self.company.id, "parent_id": boss.id}
                for name, boss in (("One", self.manager), ("Two", self.director))
            ]
        )
        values = {"template_id": self.form.id, "employee_ids": self.people_ids()}
        bodies = []
        for many in (0, 100):
            with (
                self.env.cr.savepoint() as savepoint,
                patch(
                    "odoo.addons.hr_performance.models.appraisal_reviewers.MANY", many
                ),
            ):
                self.make_launch(**values).action_start()
                bodies.append(
                    sorted(
                        message.body
                        for message in self.launched().message_ids
                        if "no user" in message.body
                    )
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(bodies[0], bodies[1])
        self.assertTrue(any(lonely[0].name in body for body in bodies[0]))

    def people_ids(self):
        return (self.employee | self.colleague | self.director | self.officer).ids

    def test_a_second_one_is_refused_by_name(self):
        self.make_appraisal()
        with self.refused(self.employee.name, "already"):
            self.bulk([{"employee_id": self.employee.id, "cycle_id": self.cycle.id}])


@tagged("post_install", "-at_install")
class TestMany(LaunchCommon):
    """What ten thousand people cost is found out with five and fifty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.many = cls.env["hr.employee"].create(
            [
                {
                    "name": f"Person {number}",
                    "company_id": cls.company.id,
                    "parent_id": cls.manager.id,
                    "date_version": "2020-01-01",
                }
                for number in range(55)
            ]
        )
        for person in cls.many[3:5] | cls.many[40:]:
            cls.agree(cls.make_goal(person, (cls.ind_sum, 10)))
        cls.env.flush_all()

    def test_launching_costs_the_same_queries(self):
        # caches of the registry
        self.make_launch(employee_ids=self.employee.ids).action_start()
        counts = []
        request = type(self.env["hr.performance.request"])
        for people in (self.many[:5], self.many[5:]):
            launch = self.make_launch(employee_ids=people.ids)
            with patch.object(request, "_owed_at_once", 0):
                counts.append(self.queries(launch.action_start))
        self.assertEqual(len(self.launched()), 56)
        self.assertLessEqual(counts[1] - counts[0], 4, counts)
        self.assertLessEqual(counts[1], 150, counts)
        # so does looking at what would be made
        counts = [
            self.queries(
                lambda people=people: self.make_launch(employee_ids=people.ids).preview
            )
            for people in (self.many[:5], self.many[5:])
        ]
        self.assertLessEqual(counts[1] - counts[0], 2, counts)

    def test_steps_of_many_cost_the_same_queries(self):
        self.make_launch(employee_ids=self.many.ids).action_start()
        appraisals = self.launched()
        appraisals.write({"state": "assessed", "is_collecting": False})
        self.env.flush_all()
        counts = []
        with (
            patch("odoo.addons.hr_performance.models.appraisal.MANY", 1),
            patch("odoo.addons.hr_performance.models.appraisal_making.MANY", 1),
            patch("odoo.addons.hr_performance.models.workflow_mixin.MANY", 1),
            patch.object(type(appraisals), "_owed_at_once", 0),
        ):
            for some in (appraisals[:3], appraisals[3:8], appraisals[8:]):
                some = self.as_(some, "officer")
                counts.append(self.queries(some.action_release))
        self.assertEqual(set(appraisals.mapped("state")), {"released"})
        self.assertTrue(all(appraisals.mapped("released_date")))
        self.assertEqual(counts[1], counts[2], counts)
        self.assertLessEqual(counts[2], 20, counts)

    def test_steps_of_many_write_what_steps_of_one_write(self):
        """Row for row, in all that is stored of them and of their requests."""
        self.make_launch(employee_ids=self.many[:6].ids).action_start()
        appraisals = self.launched()
        names = [
            name
            for name, field in appraisals._fields.items()
            if field.store and field.column_type and name != "write_date"
        ]
        self.assertTrue(appraisals._is_written_here_alone())
        found = []
        for many in (1, 100):
            with (
                self.env.cr.savepoint() as savepoint,
                patch("odoo.addons.hr_performance.models.appraisal.MANY", many),
                patch("odoo.addons.hr_performance.models.appraisal_making.MANY", many),
                patch("odoo.addons.hr_performance.models.workflow_mixin.MANY", many),
            ):
                officer = self.as_(appraisals, "officer")
                found.append([])
                for step in ("assess", "release", "close", "reopen"):
                    officer.sudo()._take_step(step, released_date=self.day(12))
                    officer.env.flush_all()
                    officer.env.invalidate_all()
                    found[-1].append(
                        [
                            (
                                {name: row[name] for name in names},
                                row.request_ids.mapped("state"),
                            )
                            for row in officer.sudo()
                        ]
                    )
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0][1][0][0]["state"], "released")
        self.assertEqual(found[0][1][0][1], ["not_started"] * 2)
        self.assertEqual(found[0][3][0][1], ["to_do"] * 2)

    def test_roles_of_all_are_those_of_each(self):
        self.make_launch().action_start()
        appraisals = self.launched()
        appraisals.filtered(
            lambda one: one.employee_id == self.colleague
        ).manager_id = self.officer
        appraisals.filtered(
            lambda one: one.employee_id == self.manager
        ).confidential = True
        for name in self.users:
            mine = self.as_(appraisals, name)._filtered_access("read")
            each = {one.id: one._performance_roles() for one in mine}
            with patch("odoo.addons.hr_performance.models.appraisal.MANY", 1):
                self.assertEqual(mine._roles_by_id(), each, name)

    def test_many_at_once_are_refused_as_one_is(self):
        self.make_launch().action_start()
        appraisals = self.launched()
        appraisals.write({"state": "assessed", "is_collecting": False})
        with (
            patch("odoo.addons.hr_performance.models.appraisal.MANY", 1),
            patch("odoo.addons.hr_performance.models.workflow_mixin.MANY", 1),
        ):
            for name in (*self.users, "officer"):
                # the officer's own one is among them; an administrator's as well
                with self.subTest(name), self.assertRaises(AccessError):
                    self.as_(appraisals, name).action_release()
            others = appraisals.filtered(lambda one: one.employee_id != self.officer)
            self.as_(others, "officer").action_release()
            with self.refused("is in state"):
                self.as_(others, "officer").action_release()
