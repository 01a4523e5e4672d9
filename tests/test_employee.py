from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestEmployee(PerformanceCommon):
    def public(self, employee, name):
        return self.as_(self.env["hr.employee.public"].browse(employee.id), name)

    def test_counts_leave_out_what_is_cancelled(self):
        self.make_goal()
        self.agree(self.make_goal())
        self.make_goal().action_cancel("No")
        self.make_goal(self.colleague)
        self.make_goal(self.department_sub)
        self.make_appraisal().action_cancel("On leave")
        self.make_appraisal()
        self.assertEqual(self.employee.performance_goal_count, 2)
        self.assertEqual(self.employee.performance_appraisal_count, 1)
        self.assertEqual(self.department_sub.performance_goal_count, 1)
        self.assertEqual(self.department.performance_goal_count, 0)
        nobody = self.env["hr.employee"].new({"name": "Not saved"})
        self.assertEqual(nobody.performance_goal_count, 0)

    def test_no_number_tells_of_what_one_may_not_see(self):
        """Two personal goals, one of them visible to everyone; one appraisal, open."""
        self.make_goal()
        self.make_goal(visibility="everyone")
        self.make_appraisal()
        for name, goals, appraisals in (
            ("employee", 2, 0),  # the own appraisal is not released yet
            ("manager", 2, 1),
            ("director", 2, 1),
            ("officer", 2, 1),
            ("colleague", 1, 0),
        ):
            with self.subTest(name):
                profile = self.public(self.employee, name)
                self.assertEqual(profile.performance_goal_count, goals)
                self.assertEqual(profile.performance_appraisal_count, appraisals)
        with self.assertRaises(AccessError):
            self.public(self.employee, "other_officer").read(["name"])

    def test_the_public_profile_opens_goals_and_appraisals(self):
        goal = self.make_goal()
        profile = self.public(self.employee, "employee")
        action = profile.action_view_performance_goals()
        found = self.env[action["res_model"]].with_user(self.employee_user)
        self.assertEqual(found.search(action["domain"]), goal)
        appraisal = self.make_appraisal()
        profile = self.public(self.employee, "manager")
        action = profile.action_view_performance_appraisals()
        found = self.env[action["res_model"]].with_user(self.manager_user)
        self.assertEqual(found.search(action["domain"]), appraisal)

    def test_every_field_of_the_private_face_is_public_or_for_hr(self):
        """The canary of hr: one missing mirror breaks the reads of everybody."""
        private = self.env["hr.employee"]._fields
        public = self.env["hr.employee.public"]._fields
        for name, field in private.items():
            if name.startswith("performance_") or "performance" in str(field._modules):
                with self.subTest(name):
                    self.assertTrue(field.groups or name in public)
                    if name in public:
                        self.assertEqual(field.type, public[name].type)

    def test_a_plain_user_reads_all_they_may_of_an_employee(self):
        for name in ("employee", "colleague"):
            with self.subTest(name):
                values = self.as_(self.employee, name).read()[0]
                self.assertIn("performance_goal_count", values)
                self.assertTrue(self.public(self.employee, name).read())
                rows = self.as_(self.env["hr.employee"], name).web_search_read(
                    [("id", "=", self.employee.id)],
                    {"name": {}, "performance_goal_ids": {}},
                )
                self.assertEqual(rows["length"], 1)

    def test_goals_of_the_person_under_the_readers_rules(self):
        secret = self.make_goal()
        shown = self.make_goal(visibility="everyone")
        profile = self.public(self.employee, "colleague")
        self.assertEqual(profile.performance_goal_ids.ids, shown.ids)
        profile = self.public(self.employee, "manager")
        self.assertEqual(set(profile.performance_goal_ids.ids), {secret.id, shown.id})

    def test_menus_for_leaders_are_for_leaders(self):
        menus = self.env["ir.ui.menu"]
        theirs = [
            self.env.ref(f"hr_performance.menu_{name}").id
            for name in ("team", "reporting", "cascades", "assignments", "risk_matrix")
        ]
        for name, leads in (
            ("employee", False),
            ("colleague", False),
            ("manager", True),
            ("director", True),
            ("officer", True),
        ):
            with self.subTest(name):
                hidden = self.as_(menus, name)._load_menus_blacklist()
                for menu in theirs:
                    self.assertEqual(menu not in hidden, leads)

    def test_circles_of_managers_end(self):
        """Odoo allows them; the walk must come back, and nobody leads themselves."""
        self.director.parent_id = self.employee
        goal = self.make_goal()
        mine = self.as_(goal, "employee")
        self.assertTrue(mine.is_mine)
        self.assertFalse(mine.is_in_my_team)
        self.assertTrue(self.as_(goal, "director").is_in_my_team)
        own = self.make_goal(self.director)
        self.assertTrue(self.as_(own, "employee").is_in_my_team)

    def test_a_new_manager_sees_at_once_the_former_one_no_longer(self):
        goal = self.make_goal()
        self.assertTrue(self.as_(goal, "manager").name)
        self.employee.parent_id = self.colleague
        self.assertTrue(self.as_(goal, "colleague").name)
        # the manager still leads the colleague and so the line below
        self.assertTrue(self.as_(goal, "manager").name)
        self.employee.parent_id = self.officer
        with self.assertRaises(AccessError):
            self.as_(goal, "manager").read(["name"])
        with self.assertRaises(AccessError):
            self.as_(goal, "colleague").read(["name"])
