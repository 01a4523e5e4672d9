"""Agreeing on many goals at once, and the agreement on paper."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PerformanceCommon
from .rpc import RpcCommon

REPORT = "hr_performance.report_goal_agreement"


@tagged("post_install", "-at_install")
class TestManyAtOnce(PerformanceCommon):
    def test_those_that_can_be_are_agreed_on(self):
        ready = self.make_goal() | self.make_goal(self.colleague)
        ready.action_propose()
        draft = self.make_goal(name="Still a draft")
        mine = self.make_goal(self.manager, name="My own")
        mine.action_propose()
        notice = self.as_(ready | draft | mine, "manager").action_agree_selected()
        self.assertEqual(ready.mapped("state"), ["agreed", "agreed"])
        self.assertEqual((draft.state, mine.state), ("draft", "proposed"))
        notice = notice["params"]
        self.assertEqual(notice["title"], "Goals agreed: 2")
        self.assertIn("Still a draft, My own", notice["message"])
        self.assertEqual(notice["type"], "warning")

    def test_all_of_them(self):
        goals = self.make_goal() | self.make_goal(self.colleague)
        notice = self.as_(goals, "manager").action_propose_selected()["params"]
        self.assertEqual(goals.mapped("state"), ["proposed", "proposed"])
        self.assertEqual(
            (notice["title"], notice["message"], notice["type"]),
            ("Goals proposed: 2", "", "success"),
        )


@tagged("post_install", "-at_install")
class TestAgreementOnPaper(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goals = cls.agree(
            cls.make_goal(
                None,
                {"indicator_id": cls.ind_sum.id, "baseline": 5, "target": 120},
                name="Win customers",
                weight=60,
            )
            | cls.make_goal(None, (cls.ind_last, 40), name="Lower the stock", weight=40)
        )
        cls.draft = cls.make_goal(name="Not agreed yet")
        cls.unit = cls.agree(cls.make_goal(cls.department_sub, name="Goal of the unit"))

    def text(self, goals, who="manager"):
        html = self.as_(self.env["ir.actions.report"], who)._render_qweb_html(
            REPORT, goals.ids
        )[0]
        return " ".join(html.decode().split())

    def test_one_goal_stands_for_the_whole_agreement(self):
        text = self.text(self.goals[0])
        for words in (
            "Win customers",
            "Lower the stock",
            "60 %",
            "40 %",
            "Linear: the way from baseline to target; 0 to 120 points",
            "Sales North, Consultant",
            "Not part of this agreement",
            "Not agreed yet",
            "Agreed on",
        ):
            with self.subTest(words):
                self.assertIn(words, text)
        self.assertNotIn("Goal of the unit", text)
        self.assertEqual(text.count("<h2>Goal agreement</h2>"), 1)

    def test_an_agreement_for_each_person_and_unit(self):
        theirs = self.agree(self.make_goal(self.colleague, name="Of a colleague"))
        both = self.goals | theirs | self.unit
        agreements = self.as_(both, "manager")._agreements()
        self.assertEqual(
            [(agreement["scope"], agreement["goals"]) for agreement in agreements],
            [
                ("employee", self.goals),
                ("employee", theirs),
                ("department", self.unit),
            ],
        )
        self.assertEqual(self.text(both).count("<h2>Goal agreement</h2>"), 3)

    def test_what_is_being_changed_is_not_agreed(self):
        self.goals[0].action_request_change("The market fell")
        agreement = self.as_(self.goals[0], "employee")._agreements()[0]
        self.assertEqual(agreement["goals"], self.goals[1])
        self.assertEqual(agreement["others"], self.goals[0] | self.draft)

    def test_nothing_agreed(self):
        goal = self.make_goal(self.colleague, name="Only a draft")
        with self.refused("Nothing is agreed yet", "Only a draft", self.cycle.name):
            self.as_(goal, "manager")._agreements()

    def test_a_hidden_goal_above_stays_hidden(self):
        hidden = self.make_goal(self.manager, name="SECRET-4711")
        self.goals[0].parent_id = hidden
        self.assertIn("SECRET", self.text(self.goals[0], "manager"))
        self.assertNotIn("SECRET", self.text(self.goals[0], "employee"))

    def test_from_the_employee_and_from_my_performance(self):
        for who, sees in (
            ("employee", True),
            ("manager", True),
            ("director", True),
            ("officer", True),
            ("colleague", False),
        ):
            with self.subTest(who):
                person = self.as_(
                    self.env["hr.employee.public"].browse(self.employee.id), who
                )
                self.assertEqual(person.performance_agreement_count, 2 if sees else 0)
                if sees:
                    action = person.action_print_goal_agreement()
                    self.assertEqual(action["report_name"], REPORT)
                else:
                    with self.refused("no agreed goals"):
                        person.action_print_goal_agreement()
        mine = self.as_(self.goals.browse(), "employee").action_print_mine()
        self.assertEqual(mine["context"]["active_ids"], self.goals.ids)

    def test_only_the_line_prints(self):
        self.goals.visibility = "everyone"
        with self.assertRaises(AccessError):
            self.text(self.goals[0], "colleague")
        self.assertIn("Goal of the unit", self.text(self.unit, "colleague"))


@tagged("post_install", "-at_install")
class TestAgreementAttacks(RpcCommon):
    def test_a_colleague_prints_nothing(self):
        goal = self.agree(self.make_goal(name="SECRET-4711", visibility="everyone"))
        self.env.flush_all()
        self.login("colleague")
        answer = self.url_open(f"/report/html/{REPORT}/{goal.id}")
        self.assertNotEqual(answer.status_code, 200)
        self.login("employee")
        answer = self.url_open(f"/report/html/{REPORT}/{goal.id}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("SECRET-4711", answer.text)
