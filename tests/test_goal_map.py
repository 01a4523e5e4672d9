"""The map and moving goals on it: what is drawn, what it costs, what is refused."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon

#: what the cards of the map show
CARD = (
    *("name", "color", "expected", "link", "scope", "state", "is_time_part", "figure"),
    *("progress", "health", "weight", "uncovered_text"),
    *("organisation_child_ids", "time_child_ids"),
)
SPECIFICATION = {name: {} for name in CARD} | {
    name: {"fields": {"display_name": {}}}
    for name in ("responsible_id", "parent_id", "cycle_id")
}


class MapCase(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cycle.action_create_subperiods("quarter")
        cls.quarter = cls.cycle.child_ids.sorted("date_start")[0]
        cls.top = cls.make_goal(cls.company, name="Top")
        cls.middle = cls.make_goal(cls.department, name="Middle", parent_id=cls.top.id)
        cls.bottom = cls.make_goal(name="Bottom", parent_id=cls.middle.id)
        cls.part = cls.make_goal(
            cls.company, name="Q1", parent_id=cls.top.id, cycle_id=cls.quarter.id
        )

    def roots(self, who, name="is_map_root"):
        goals = self.as_(self.env["hr.performance.goal"], who)
        return goals.search([(name, "=", True)]).with_env(self.env)

    def level(self, domain, who="employee", child="organisation_child_ids"):
        """One level of the map, as the browser asks for it."""
        goals = self.as_(self.env["hr.performance.goal"], who)
        return goals.hierarchy_read(domain, SPECIFICATION, "parent_id", child)


@tagged("post_install", "-at_install")
class TestGoalMap(MapCase):
    def test_what_carries_a_tree_is_a_root(self):
        lonely = self.make_goal(self.department_sibling, name="Lonely")
        mine = self.make_goal(name="Mine")
        self.assertEqual(self.roots("employee"), self.top | mine)
        self.assertEqual(self.roots("manager"), self.top)
        below = self.make_goal(self.colleague, parent_id=lonely.id)
        self.assertEqual(self.roots("manager"), self.top | lonely)
        # what hangs below a cancelled goal begins anew, for whom it is about
        lonely.action_cancel("Not needed")
        self.assertEqual(self.roots("colleague"), self.top | below)
        self.assertEqual(self.roots("manager"), self.top)
        self.assertFalse(self.roots("other_employee"))

    def test_own_goals_are_found_below_one_that_is_hidden(self):
        hidden = self.make_goal(self.director, name="Hidden")
        self.bottom.sudo().parent_id = hidden
        self.assertEqual(self.roots("employee"), self.top | self.bottom)
        # alone on the map, without a way up that would end in a refusal
        (row,) = self.level([("id", "=", self.bottom.id)])
        self.assertEqual((row["id"], row["parent_id"]), (self.bottom.id, False))
        rows = self.level([("id", "=", self.bottom.id)], "director")
        self.assertEqual({row["id"] for row in rows}, {self.bottom.id, hidden.id})

    def test_two_dimensions(self):
        self.assertEqual(self.top.organisation_child_ids, self.middle)
        self.assertEqual(self.top.time_child_ids, self.part)
        self.assertEqual(self.roots("employee", "is_time_root"), self.top)
        for child, below in (
            ("organisation_child_ids", self.middle),
            ("time_child_ids", self.part),
        ):
            rows = self.level([("id", "=", self.top.id)], child=child)
            self.assertEqual({row["id"] for row in rows}, {self.top.id, below.id})

    def test_each_level_costs_the_same_for_50_and_500_goals(self):
        counts = {}
        for width in (50, 500):
            above = self.make_goal(self.department, name="Wide", parent_id=self.top.id)
            for scope in ("department", "employee"):
                self.env["hr.performance.goal"].create(
                    [
                        {
                            "name": f"Goal {number}",
                            "cycle_id": self.cycle.id,
                            "scope": scope,
                            "department_id": self.department_sub.id,
                            "employee_id": self.employee.id,
                            "visibility": "everyone",
                            "parent_id": above.id,
                            "measure_ids": [
                                (0, 0, {"indicator_id": self.ind_sum.id, "target": 10})
                            ],
                        }
                        for number in range(width // 2)
                    ]
                )
            for who in ("employee", "officer"):
                domain = [("parent_id", "=", above.id)]
                self.level(domain, who)  # caches of the registry
                goals = self.as_(self.env["hr.performance.goal"], who)
                before = self.env.cr.sql_log_count
                rows = goals.hierarchy_read(
                    domain, SPECIFICATION, "parent_id", "organisation_child_ids"
                )
                self.assertEqual(len(rows), width)
                counts[who, width] = self.env.cr.sql_log_count - before
        for who in ("employee", "officer"):
            self.assertEqual(counts[who, 50], counts[who, 500], counts)
            self.assertLessEqual(counts[who, 50], 40, counts)


@tagged("post_install", "-at_install")
class TestMoving(MapCase):
    def test_who_may_move_what(self):
        other = self.make_goal(self.department_sub, name="Other")
        self.as_(self.bottom, "employee").parent_id = other.id
        self.bottom.action_propose()
        for who in ("employee", "colleague"):
            with self.refused("", error=AccessError):
                self.as_(self.bottom, who).parent_id = self.middle.id
        self.bottom.action_agree()
        with self.refused("request a change", error=AccessError):
            self.as_(self.bottom, "employee").link = "supports"
        # what it demands stays agreed
        self.as_(self.bottom, "manager").parent_id = self.middle.id
        self.assertEqual(self.bottom.state, "agreed")

    def test_nobody_hangs_a_goal_below_one_they_cannot_see(self):
        hidden = self.make_goal(self.director, name="Hidden")
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.refused("", error=AccessError):
                self.as_(self.bottom, "employee").parent_id = hidden.id
            with self.refused("", error=AccessError):
                self.as_(self.env["hr.performance.goal"], "employee").create(
                    {
                        "name": "New",
                        "cycle_id": self.cycle.id,
                        "employee_id": self.employee.id,
                        "parent_id": hidden.id,
                    }
                )

    def test_the_goal_above_covers_the_period(self):
        """A quarter contributes to the year and not the other way round."""
        year = self.make_goal(self.department_sub, name="Whole year")
        with self.refused("Whole year", "Q1", "support", error=ValidationError):
            year.parent_id = self.part
        year.write({"parent_id": self.part.id, "link": "supports"})
        with self.refused("Whole year", error=ValidationError):
            year.link = "contributes"

    def test_a_closed_cycle_does_not_move(self):
        self.cycle.action_close()
        with self.refused("closed", error=UserError):
            self.bottom.parent_id = self.top


@tagged("post_install", "-at_install")
class TestMapTour(MapCase, HttpCase):
    def test_unfold_switch_and_drag(self):
        target = self.make_goal(
            self.department_sibling, name="Target", parent_id=self.top.id
        )
        self.make_goal(self.company, name="Second")  # a single one comes unfolded
        self.start_tour(
            "/odoo/goal-map", "hr_performance_goal_map", login="perf_officer"
        )
        self.assertEqual(self.bottom.parent_id, target)
