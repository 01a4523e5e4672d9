"""The alignment report: what it finds, what it leaves alone, and who reads it."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import PerformanceCommon


class AlignmentCase(PerformanceCommon):
    def findings(self, kind, who="officer", **values):
        domain = [("kind", "=", kind), *((n, "=", v) for n, v in values.items())]
        model = self.env["hr.performance.alignment"]
        return self.as_(model, who).search(domain)

    def found(self, kind, who="officer"):
        return self.findings(kind, who).goal_id.with_env(self.env)


@tagged("post_install", "-at_install")
class TestAlignment(AlignmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = cls.make_goal(cls.company, name="Top")
        cls.middle = cls.make_goal(cls.department, name="Middle", parent_id=cls.top.id)
        cls.bottom = cls.make_goal(name="Bottom", parent_id=cls.middle.id)

    def test_nothing_below(self):
        lonely = self.make_goal(self.department_sub, parent_id=self.top.id)
        self.assertEqual(self.found("nothing_below"), lonely)
        below = self.make_goal(self.colleague, parent_id=lonely.id)
        self.assertFalse(self.found("nothing_below"))
        below.action_cancel("Not needed")
        self.assertEqual(self.found("nothing_below"), lonely)
        lonely.action_cancel("Not needed")
        self.assertFalse(self.found("nothing_below"))

    def test_a_part_in_time_does_not_pass_a_goal_on(self):
        self.cycle.action_create_subperiods("quarter")
        lonely = self.make_goal(self.department_sub, parent_id=self.top.id)
        part = self.make_goal(
            self.department_sub,
            parent_id=lonely.id,
            cycle_id=self.cycle.child_ids[0].id,
        )
        self.assertTrue(part.is_time_part)
        self.assertEqual(self.found("nothing_below"), lonely)

    def test_goals_of_a_former_post_weigh_no_more(self):
        """Who moved in May has those of the next post instead: 100 % on each day."""
        with freeze_time(self.day(6, 1)):
            posts = self.make_goal(self.job) | self.make_goal(self.job_2)
            self.agree(posts)
            self.employee.create_version(
                {"date_version": self.day(5, 1), "job_id": self.job_2.id}
            )
            posts.action_hand_out()
            held = posts.held_goal_ids.filtered(
                lambda goal: goal.employee_id == self.employee
            )
            self.assertEqual(held.mapped("weight"), [100, 100])
            self.bottom.weight = 0
            self.assertFalse(self.findings("weights", employee_id=self.employee.id))
            held[0].copy({"employee_id": self.employee.id, "weight": 7})
            self.assertEqual(
                self.findings("weights", employee_id=self.employee.id).amount, 107
            )

    def test_leads_nowhere(self):
        self.assertFalse(self.found("leads_nowhere"))
        drifting = self.make_goal(self.colleague)
        self.assertEqual(self.found("leads_nowhere"), drifting)
        self.middle.action_cancel("Not needed")
        self.assertEqual(self.found("leads_nowhere"), drifting | self.bottom)
        self.assertIn(
            "cancelled",
            self.findings("leads_nowhere", goal_id=self.bottom.id).explanation,
        )

    def test_without_goals(self):
        people = self.findings("without_goals").employee_id.with_env(self.env)
        everybody = (
            self.director | self.manager | self.colleague | self.officer
        ) | self.administrator
        self.assertEqual(people, everybody)
        self.make_goal(self.colleague)
        people = self.findings("without_goals").employee_id.with_env(self.env)
        self.assertEqual(people, everybody - self.colleague)
        # a goal of the post is one of whoever holds it: of manager and colleague
        self.make_goal(self.job)
        people = self.findings("without_goals").employee_id.with_env(self.env)
        self.assertEqual(people, everybody - self.colleague - self.manager)

    def test_weights(self):
        """60 + 30 = 90 is found, 60 + 40 is not; cancelled and OKR goals do not count."""
        self.bottom.weight = 60
        other = self.make_goal(weight=30)
        finding = self.findings("weights")
        self.assertEqual(finding.employee_id, self.employee)
        self.assertEqual(finding.amount, 90)
        other.weight = 40
        self.make_goal(method="okr")
        self.make_goal().action_cancel("Not needed")
        self.assertFalse(self.findings("weights"))

    def test_report_and_hint_say_the_same_of_weights(self):
        """What nobody has set counts alike; a third of 33.33 is near enough to 100."""
        rules = self.env["hr.performance.smart.rule"]
        rules.search([("code", "!=", "WEIGHTS_OFF")]).active = False
        goals = self.bottom | self.make_goal() | self.make_goal()
        self.make_goal(method="okr")
        for weights, total in (
            ((100, 100, 100), None),
            ((33.33, 33.33, 33.33), None),
            ((50, 30, 20), None),
            ((100, 100, 50), 250),
            ((50, 50, 50), 150),
            ((100, 0, 0), None),
        ):
            with self.subTest(weights):
                for goal, weight in zip(goals, weights, strict=True):
                    goal.weight = weight
                self.assertEqual(
                    self.findings("weights").mapped("amount"), [total] if total else []
                )
                hints = self.as_(goals, "employee").mapped("smart_hints")
                self.assertEqual(
                    [hint["message"] for found in hints for hint in found or []],
                    [f"The weights of all goals in the same hands add up to {total} %."]
                    * 3
                    if total
                    else [],
                )

    def test_too_many(self):
        self.company.performance_max_goals = 2
        for _number in range(2):
            self.make_goal()
        finding = self.findings("too_many")
        self.assertEqual((finding.employee_id, finding.amount), (self.employee, 3))
        self.assertIn("more than 2", finding.explanation)
        self.company.performance_max_goals = 3
        self.assertFalse(self.findings("too_many"))

    def test_one_indicator_in_opposite_directions(self):
        price = self.ind_last
        high = self.make_goal(self.department, (price, 20), parent_id=self.top.id)
        down = {"indicator_id": price.id, "baseline": 20, "target": 10}
        self.assertFalse(self.found("contradiction"))
        low = self.make_goal(self.department_sibling, down, parent_id=self.top.id)
        finding = self.findings("contradiction")
        self.assertEqual((finding.goal_id, finding.other_goal_id), (high, low))
        self.assertIn("opposite", finding.explanation)
        low.action_cancel("Not needed")
        # the same unit weighs both itself, a person is no unit
        self.make_goal(self.department, down, parent_id=self.top.id)
        self.make_goal(None, down, parent_id=self.middle.id)
        self.assertFalse(self.found("contradiction"))

    def test_an_indicator_and_its_counter(self):
        """One unit sells cheap, another builds costly quality."""
        cheap, quality = self.ind_sum, self.ind_ratio
        cheap.counter_id = quality
        sales = self.make_goal(self.department, (cheap, 20), parent_id=self.top.id)
        self.assertFalse(self.found("contradiction"))
        works = self.make_goal(
            self.department_sibling, (quality, 20), parent_id=self.top.id
        )
        finding = self.findings("contradiction")
        self.assertEqual((finding.goal_id, finding.other_goal_id), (sales, works))
        self.assertIn("counter", finding.explanation)
        # said once where each is the other's counter
        quality.counter_id = cheap
        self.assertEqual(len(self.findings("contradiction")), 1)
        # whoever minds both minds the balance, on either side
        for unit, indicator in (
            (self.department, quality),
            (self.department_sibling, cheap),
        ):
            both = self.make_goal(unit, (indicator, 20), parent_id=self.top.id)
            self.assertFalse(self.findings("contradiction"))
            both.action_cancel("Not needed")

    def test_owner_left(self):
        self.assertFalse(self.found("owner_left"))
        self.employee.active = False
        self.assertEqual(self.found("owner_left"), self.bottom)

    def test_level_mix(self):
        growth, process = self.ind_average, self.ind_last
        growth.kind, process.kind = "growth", "process"
        self.cycle.action_create_subperiods("quarter")
        quarter = self.cycle.child_ids[0]
        company = self.make_goal(self.company, (self.ind_sum, 1), (process, 1))
        okr = self.make_goal(self.company, (process, 1), method="okr")
        person = self.make_goal(
            None, (growth, 1), (self.ind_sum, 1), cycle_id=quarter.id
        )
        self.assertFalse(self.findings("level_mix"))
        # company: results · post and person: processes and growth
        self.cycle.action_standard_level_mix()
        found = self.findings("level_mix")
        self.assertEqual(
            {(row.goal_id.id, row.indicator_id.id) for row in found},
            {
                (company.id, process.id),
                (okr.id, False),
                (person.id, self.ind_sum.id),
            },
        )
        # the nearest cycle with lines decides
        self.assertEqual(quarter.level_mix_cycle_id, self.cycle)
        self.env["hr.performance.level.mix"].create(
            {"cycle_id": quarter.id, "scope": "employee"}
        )
        self.assertEqual(quarter.level_mix_cycle_id, quarter)
        self.assertEqual(
            self.findings("level_mix").goal_id.with_env(self.env), company | okr
        )

    def test_uncovered(self):
        goal = self.make_goal(self.company, (self.ind_sum, 120))
        self.make_goal(self.department, (self.ind_sum, 110), parent_id=goal.id)
        finding = self.findings("uncovered")
        self.assertEqual(finding.goal_id, goal)
        self.assertIn("110 of 120", finding.explanation)

    def test_ended_and_not_closed(self):
        """Whose own end is past, in a period that goes on."""
        with freeze_time(self.day(6)):
            goal = self.agree(self.make_goal(date_end=self.day(4, 30)))
            running = self.agree(self.make_goal(date_end=self.day(6)))
            self.make_goal(date_end=self.day(4, 30))  # a draft
            self.assertEqual(self.found("ended"), goal)
            finding = self.findings("ended")
            self.assertIn(f"04/30/{self.year}", finding.explanation)
            self.assertEqual(finding.action_resolve()["res_id"], goal.id)
            goal.action_close("achieved")
            self.assertFalse(self.findings("ended"))
        with freeze_time(self.day(6, 16)):
            self.assertEqual(self.found("ended"), running)

    def test_more_assigned_than_the_target(self):
        """110 below a target of 120, which falls to 60 for the last 184 of 365 days.

        (181·120 + 184·60)/365 = 89.75…: 110 of 90.
        """
        cycle = self.make_cycle(
            "2027", date_start=date(2027, 1, 1), date_end=date(2027, 12, 31)
        )
        goal = self.agree(
            self.make_goal(self.department, (self.ind_sum, 120), cycle_id=cycle.id)
        )
        below = self.make_goal(
            self.department_sub,
            (self.ind_sum, 110),
            parent_id=goal.id,
            cycle_id=cycle.id,
        )
        self.assertEqual(self.found("uncovered"), goal)
        self.assertFalse(self.found("exceeded"))
        change = self.env["hr.performance.target.change"].create(
            {
                "measure_id": goal.measure_ids.id,
                "target": 60,
                "date_from": date(2027, 7, 1),
                "reason": "A customer went bankrupt",
            }
        )
        change.sudo().action_approve()
        self.assertFalse(self.found("uncovered"))
        finding = self.findings("exceeded")
        self.assertEqual(finding.goal_id, goal)
        self.assertIn("110 of 90", finding.explanation)
        # 90 of 89.75 shows as 90 of 90
        below.measure_ids.target = 90
        self.assertFalse(self.found("exceeded"))
        # of a saving of 120, -130 is more than there is and -110 less
        goal = self.make_goal(self.company, (self.ind_sum, -120))
        below = self.make_goal(self.department, (self.ind_sum, -130), parent_id=goal.id)
        self.assertEqual(self.found("exceeded"), goal)
        below.measure_ids.target = -110
        self.assertFalse(self.found("exceeded"))
        self.assertEqual(self.found("uncovered"), goal)

    def test_too_much_where_less_is_better_is_no_rest_to_assign(self):
        self.ind_sum.direction = "lower"
        goal = self.make_goal(
            self.company,
            {"indicator_id": self.ind_sum.id, "baseline": 40, "target": 36},
        )
        self.make_goal(
            self.department,
            {"indicator_id": self.ind_sum.id, "baseline": 40, "target": 38},
            parent_id=goal.id,
        )
        self.assertEqual(self.found("exceeded"), goal)
        self.assertFalse(self.found("uncovered"))

    def test_what_is_over_is_left_alone(self):
        drifting = self.agree(self.make_goal(self.colleague))
        self.assertEqual(self.found("leads_nowhere"), drifting)
        drifting.action_close("dropped")
        self.assertFalse(self.found("leads_nowhere"))
        lonely = self.make_goal(self.department_sub)
        self.assertIn(lonely, self.found("nothing_below"))
        self.cycle.action_close()
        self.assertFalse(self.findings("nothing_below"))

    def test_every_finding_says_what_to_do_and_opens_it(self):
        self.company.performance_max_goals = 1
        self.make_goal(self.colleague)
        self.make_goal(self.colleague, weight=50)
        findings = self.as_(self.env["hr.performance.alignment"], "officer").search([])
        self.assertGreaterEqual(len(set(findings.mapped("kind"))), 4)
        self.assertEqual(len(set(findings.ids)), len(findings))
        for finding in findings:
            with self.subTest(finding.kind):
                self.assertTrue(finding.explanation)
                action = finding.action_resolve()
                self.assertEqual(action["res_model"], "hr.performance.goal")
                if finding.kind == "weights":
                    goals = self.env["hr.performance.goal"].search(action["domain"])
                    self.assertTrue(goals)
        person = findings.filtered(lambda row: row.kind == "without_goals")[0]
        context = person.action_resolve()["context"]
        form = Form(self.env["hr.performance.goal"].with_context(**context))
        self.assertEqual(form.employee_id.id, person.employee_id.id)


@tagged("post_install", "-at_install")
class TestAlignmentPrivacy(AlignmentCase):
    def test_who_reads_what(self):
        self.company.performance_max_goals = 1
        hidden = self.make_goal(name="Hidden", weight=50)
        public = self.make_goal(name="Public", visibility="everyone")
        unit = self.make_goal(self.department_sub, name="Unit")
        for who, leading_nowhere, sets, people in (
            ("colleague", public | unit, False, False),
            ("employee", hidden | public | unit, True, False),
            ("manager", hidden | public | unit, True, True),
            ("director", hidden | public | unit, True, True),
            ("other_employee", hidden.browse(), False, False),
            ("other_officer", hidden.browse(), False, False),
        ):
            with self.subTest(who):
                goals = self.found("leads_nowhere", who)
                self.assertEqual(goals, leading_nowhere)
                for kind in ("weights", "too_many"):
                    rows = self.findings(kind, who, scope="employee")
                    self.assertEqual(bool(rows), sets, kind)
                mine = self.findings(
                    "without_goals", who, employee_id=self.colleague.id
                )
                self.assertEqual(bool(mine), people)

    def test_nothing_leaks_by_groups_export_or_names(self):
        hidden = self.make_goal(name="Hidden")
        model = self.as_(self.env["hr.performance.alignment"], "colleague")
        about = [("employee_id", "=", self.employee.id)]
        self.assertFalse(model.search_count(about))
        self.assertFalse(
            model.formatted_read_group(about, ["kind"], ["__count", "amount:sum"])
        )
        self.assertFalse(model.search([("goal_id.name", "ilike", "Hidden")]))
        self.colleague_user.group_ids += self.env.ref("base.group_allow_export")
        found = model.search([]).export_data(["kind", "goal_id/name", "explanation"])
        self.assertNotIn("Hidden", str(found))
        ids = self.findings("leads_nowhere", "officer", goal_id=hidden.id).ids
        self.assertTrue(ids)
        self.assertFalse(model.search([("id", "in", ids)]))
        with self.assertRaises(AccessError):
            model.browse(ids).read(["explanation"])

    def test_a_hidden_target_is_not_told_by_the_report(self):
        goal = self.make_goal(self.department_sub, (self.ind_sum, 100))
        self.make_goal(None, (self.ind_sum, 20), parent_id=goal.id)
        self.assertTrue(self.findings("uncovered", "director"))
        self.assertFalse(self.findings("uncovered", "colleague"))
