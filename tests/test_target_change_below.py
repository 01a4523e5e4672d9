"""A new target is asked for one level below as well, in proportion."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .rpc import RpcCommon
from .test_target_change import ChangeCommon

JULY = date(2027, 7, 1)


@tagged("post_install", "-at_install")
class TestTargetChangeBelow(ChangeCommon):
    """North has 120, which fall to 60 on 1 July: half, one level below as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.half = cls.make_cycle(
            "H2",
            period_type="half",
            parent_id=cls.cycle_2027.id,
            date_start=date(2027, 6, 1),
            date_end=date(2027, 12, 31),
        )
        cls.top = cls.agreed_goal((cls.ind_sum, 120), cls.department_sub)
        cls.ann, cls.bo = (
            cls.agreed_goal(
                (cls.ind_sum, target), person, parent_id=cls.top.id, name=person.name
            )
            for person, target in ((cls.employee, 60), (cls.colleague, 41))
        )
        cls.part = cls.agree(
            cls.make_goal(
                cls.department_sub,
                (cls.ind_sum, 70),
                cycle_id=cls.half.id,
                parent_id=cls.top.id,
            )
        )
        cls.deeper = cls.agreed_goal((cls.ind_sum, 10), parent_id=cls.ann.id)
        # none of these takes part
        cls.make_goal(
            None, (cls.ind_sum, 5), parent_id=cls.top.id, cycle_id=cls.cycle_2027.id
        )
        cls.agreed_goal((cls.ind_sum, 5), parent_id=cls.top.id, link="supports")
        cls.agreed_goal((cls.ind_ratio, 5), parent_id=cls.top.id)
        cls.agreed_goal(
            (cls.ind_sum, 5), parent_id=cls.top.id, date_end=date(2027, 6, 30)
        )
        cls.change = cls.request(
            60, JULY, "director", measure_id=cls.top.measure_ids.id
        )

    def count(self, who):
        return self.as_(self.change, who).below_count

    def test_one_level_in_proportion_and_nothing_twice(self):
        self.assertEqual(self.count("director"), 0)  # nothing is decided
        with self.refused("nothing to request"):
            self.as_(self.change, "director").action_request_below()
        self.approve(self.change, "director")
        self.assertEqual(self.count("director"), 3)
        action = self.as_(self.change, "director").action_request_below()
        requests = self.env["hr.performance.target.change"].search(action["domain"])
        self.assertEqual(requests, self.change.follower_ids)
        # 60 · 60/120, 70 · 60/120, and 41 · 60/120 = 20.5 without decimals
        self.assertEqual(
            {change.goal_id: change.target for change in requests},
            {self.ann: 30, self.part: 35, self.bo: 21},
        )
        self.assertEqual(set(requests.mapped("state")), {"requested"})
        self.assertEqual(set(requests.mapped("date_from")), {JULY})
        self.assertEqual(set(requests.mapped("reason")), {self.change.reason})
        self.assertEqual(requests.create_uid, self.director_user)
        self.assertEqual(
            self.ann.activity_ids.user_id, self.manager_user, "whoever decides is asked"
        )
        self.assertEqual(self.count("director"), 0)
        with self.refused("requested already"):
            self.as_(self.change, "director").action_request_below()
        # what was refused is not asked for again
        self.as_(requests[0], "manager").action_refuse("It stays")
        self.assertEqual(self.count("director"), 0)

    def test_each_approver_passes_it_on(self):
        self.approve(self.change, "director")
        self.as_(self.change, "director").action_request_below()
        below = self.ann.measure_ids.change_ids
        self.assertEqual(self.as_(below, "manager").below_count, 0)
        self.approve(below, "manager")
        self.as_(below, "manager").action_request_below()
        self.assertEqual(self.deeper.measure_ids.change_ids.target, 5)

    def test_a_change_of_its_own_from_that_day_moves_on(self):
        """60, by its own change 80 from that day, of which half are 40."""
        own = self.request(80, JULY, measure_id=self.ann.measure_ids.id)
        self.approve(own)
        self.approve(self.change, "director")
        self.as_(self.change, "manager").action_request_below()
        below = self.change.follower_ids.filtered(
            lambda change: change.goal_id == self.ann
        )
        self.assertEqual((below.former_target, below.target), (60, 40))

    def test_by_who_may_request_there(self):
        self.approve(self.change, "director")
        # all may read the unit's change; each requests for their own goals alone
        for who, count in (("employee", 1), ("colleague", 1), ("officer", 3)):
            self.assertEqual(self.count(who), count, who)
        self.as_(self.change, "colleague").action_request_below()
        self.assertEqual(self.change.follower_ids.goal_id, self.bo)
        self.assertEqual(self.count("manager"), 2)
        own = self.request(30, JULY, measure_id=self.ann.measure_ids.id)
        self.approve(own)
        with self.assertRaises(AccessError):
            self.as_(own, "colleague").action_request_below()

    def test_of_nothing_there_is_no_proportion(self):
        top = self.agreed_goal(
            {"indicator_id": self.ind_sum.id, "baseline": 5, "target": 0},
            self.department_sub,
        )
        self.agreed_goal((self.ind_sum, 60), parent_id=top.id)
        change = self.request(60, JULY, measure_id=top.measure_ids.id, who="director")
        self.approve(change, "director")
        with self.refused("no proportion"):
            self.as_(change, "director").action_request_below()


@tagged("post_install", "-at_install")
class TestTargetChangeBelowRpc(ChangeCommon, RpcCommon):
    def test_what_it_follows_is_not_typed_in(self):
        change = self.request()
        other = self.request(90)
        self.env.flush_all()
        for values in ({"follows_id": other.id}, {"follower_ids": [(4, other.id)]}):
            self.assertRefused("employee", change, "write", values)
        self.rpc("manager", change, "action_approve")
        for who in ("employee", "colleague"):
            self.assertRefused(who, change, "action_request_below")
