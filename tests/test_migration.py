"""What databases of former versions hold still explains itself and still counts."""

import importlib.util
import json
from datetime import date

from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..engine.derivation import recompute
from .common import PerformanceCommon
from .test_appraisal import AppraisalCase


@tagged("post_install", "-at_install")
class TestMigration(PerformanceCommon):
    """To 1.1: rules knew their aggregation, rollup and scoring, derivations one target."""

    #: what a rule said of its scoring then
    SCORING = (
        "scoring_rule",
        "direction",
        "floor",
        "cap",
        "band_basis",
        "below_bands",
        "bands",
    )

    def migrate(self):
        self.env.flush_all()
        run_migration("19.0.1.1.0", "pre", self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def set_back(self, measures):
        """Give stored rules and derivations the shape they had in 1.0."""
        for measure in measures:
            rule = self.former_rule(measure.rule)
            derivation = measure.derivation or None
            if derivation:
                derivation = derivation | {"rule": self.former_rule(derivation["rule"])}
                del derivation["next_band"], derivation["targets"]
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE hr_performance_measure SET rule = %s, derivation = %s"
                " WHERE id = %s",
                [
                    json.dumps(rule) if rule else None,
                    json.dumps(derivation) if derivation else None,
                    measure.id,
                ],
            )
        self.env.invalidate_all()

    def former_rule(self, rule):
        if not rule:
            return rule
        scoring = {name: rule["scoring"][name] for name in self.SCORING}
        return {
            "aggregation": rule["aggregation"],
            "rollup": rule["rollup"],
            "scoring": scoring,
        }

    def results(self, measures):
        return [
            (measure.actual, measure.score, measure.status, measure.explanation)
            for measure in measures
        ]

    def test_a_settled_goal_still_explains_itself(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10), (self.ind_steps, 9)))
        for indicator, value in ((self.ind_sum, 4), (self.ind_steps, 8.2)):
            self.add_reading(indicator, value)
        before = self.results(goal.measure_ids)
        self.assertIn("80.0 points", before[1][3])
        goal.action_close("partly")
        self.cycle.action_close()
        self.set_back(goal.measure_ids)
        self.migrate()
        self.assertEqual(self.results(goal.measure_ids), before)
        self.assertEqual(
            goal.measure_ids[0].derivation["targets"], [[f"{self.year}-01-01", 10]]
        )

    def test_a_frozen_rule_still_counts(self):
        """And what it froze it keeps: sums, though the definition takes the highest."""
        goal = self.agree(self.make_goal(self.department_sub, (self.ind_sum, 10)))
        exact = self.agree(self.make_goal(self.department_sub, (self.ind_ratio, 10)))
        draft = self.make_goal(None, (self.ind_sum, 10))
        self.ind_ratio.rollup = "none"
        exact.action_request_change("Of the unit alone")
        exact.action_agree()
        for indicator in (self.ind_sum, self.ind_ratio):
            self.add_reading(indicator, 4)
            self.add_reading(indicator, 1, self.department_sub)
        measures = (goal | exact | draft).measure_ids
        before = self.results(measures)
        self.assertEqual([row[0] for row in before], [5, 1, 4])
        self.set_back(measures)
        self.migrate()
        self.assertEqual(self.results(measures), before)
        self.assertFalse(draft.measure_ids.rule)
        self.assertEqual(goal.measure_ids.rule["id"], self.ind_sum.id)
        self.assertEqual(goal.measure_ids.rule["version"], 1)
        # the definitions move, the agreements do not
        self.ind_sum.write({"aggregation": "max", "amber_limit": 9, "red_limit": 8})
        self.ind_ratio.rollup = "sum"
        measures.browse(measures.ids)._mark_for_recomputation()
        for indicator in (self.ind_sum, self.ind_ratio):
            self.add_reading(indicator, 2)
            self.add_reading(indicator, 3, self.department_sub)
        self.assertEqual(goal.measure_ids.actual, 10)
        self.assertEqual(exact.measure_ids.actual, 4)
        self.assertEqual(goal.score, 100)
        self.assertTrue(goal.measure_ids.explanation)

    def test_what_has_no_value_stays_so(self):
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        self.set_back(goal.measure_ids)
        self.migrate()
        self.assertFalse(goal.measure_ids.derivation)
        self.assertIsNone(goal.measure_ids.score)
        self.assertIn("nothing has been reported", goal.measure_ids.explanation)

    def test_own_codes_make_room_for_the_library(self):
        """Whatever the company, and whoever else is renamed."""
        library = self.env.ref("hr_performance.indicator_sick_days")
        own = self.env["hr.performance.indicator"].create(
            [
                {"name": "Own", "company_id": self.company.id},
                {"name": "Also own", "company_id": self.company_2.id},
                {"name": "Was there", "code": "SICK_DAYS_OWN"},
                {"name": "No clash", "code": "OURS"},
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_performance_indicator SET code = 'SICK_DAYS' WHERE id = ANY(%s)",
            [own[:2].ids],
        )
        with self.assertLogs("pre_migration", "WARNING") as logs:
            self.migrate()
        self.assertEqual(
            own.mapped("code"),
            ["SICK_DAYS_OWN2", "SICK_DAYS_OWN3", "SICK_DAYS_OWN", "OURS"],
        )
        self.assertEqual(library.code, "SICK_DAYS")
        (library | own)._check_code()
        self.assertEqual(len(logs.output), 2)
        self.assertIn("SICK_DAYS_OWN2", logs.output[0])


@tagged("post_install", "-at_install")
class TestMigrationToPosts(PerformanceCommon):
    """To 1.2: goals have dates, a share of the period and posts."""

    def test_goals_were_held_for_the_whole_period(self):
        goal = self.make_goal(None, (self.ind_sum, 10))
        appraisal = self.make_appraisal()
        self.env.flush_all()
        self.env.cr.execute(
            """
            ALTER TABLE hr_performance_goal
                   DROP COLUMN job_id, DROP COLUMN pro_rata, DROP COLUMN holding;
            ALTER TABLE hr_performance_appraisal_item DROP COLUMN pro_rata;
            """
        )
        self.env.invalidate_all()
        run_migration("19.0.1.2.0", "pre", self.env.cr, "19.0.1.1.0")
        self.assertEqual((goal.pro_rata, goal.holding, goal.job_id.id), (1, 1, False))
        self.assertEqual(set(appraisal.item_ids.mapped("pro_rata")), {1})
        leave = self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.employee.resource_id.id,
                "date_from": f"{self.year}-03-01 00:00:00",
                "date_to": f"{self.year}-06-30 23:59:59",
            }
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_performance_goal SET pro_rata = 1")
        self.env.invalidate_all()
        run_migration("19.0.1.2.0", "post", self.env.cr, "19.0.1.1.0")
        self.assertTrue(leave)
        self.assertLess(goal.pro_rata, 1)


@tagged("post_install", "-at_install")
class TestMigrationToOwed(PerformanceCommon):
    """To 1.3: what is asked of people is derived, and a ledger knows what they were told."""

    def migrate(self, stage):
        self.env.flush_all()
        run_migration("19.0.1.3.0", stage, self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()

    def test_nobody_is_told_twice(self):
        goal = self.make_goal(self.employee, (self.ind_sum, 10))
        self.as_(goal, "employee").action_propose()
        told = goal.activity_ids
        self.assertEqual(len(told), 1)
        own = goal.activity_schedule(
            "hr_performance.mail_activity_goal_agree", user_id=self.users["officer"].id
        )
        double = own.copy()
        own.automated = False
        # as it was: activities, and nothing that knows of them
        self.env["hr.performance.notice"].search([]).unlink()
        (told | double).automated = True
        double.date_deadline = told.date_deadline
        double.user_id = told.user_id
        self.migrate("post")
        self.assertEqual(goal.activity_ids, own | double)
        notice = self.env["hr.performance.notice"].search([("res_id", "=", goal.id)])
        self.assertEqual(notice.mapped("kind"), ["goal_agree"])
        self.assertEqual(notice.activity_id, double)
        goal._sync_owed()
        self.assertEqual(goal.activity_ids, own | double)
        self.as_(goal, "manager").action_agree()
        self.assertEqual(goal.activity_ids, own)

    def test_a_proposal_waits_since_it_was_made(self):
        goal = self.make_goal(self.employee, (self.ind_sum, 10))
        draft = self.make_goal(self.employee, (self.ind_sum, 10))
        self.as_(goal, "employee").action_propose()
        self.env.flush_all()
        self.env.cr.execute(
            """
            ALTER TABLE hr_performance_goal DROP COLUMN proposed_date;
            UPDATE hr_performance_goal_revision SET date = '2020-02-29 12:00:00';
            """
        )
        self.migrate("pre")
        self.assertEqual(goal.proposed_date, date(2020, 2, 29))
        self.assertFalse(draft.proposed_date)


@tagged("post_install", "-at_install")
class TestMigrationToForms(AppraisalCase):
    """To 1.4: derivations are trees that can be worked out again."""

    def settle_as_before(self, appraisal):
        """Give the derivation the shape it had in 1.3; without shares, in 1.1."""
        tree = appraisal.derivation["parts"][0]["node"]
        sections = []
        for section in tree["parts"]:
            (mean,) = section["node"]["parts"]
            sections.append(
                {
                    "name": section["name"],
                    "weight": section["weight"],
                    "mean": mean["node"]["value"],
                    "scale": section["node"]["scale"],
                    "score": section["node"]["value"],
                    "coverage": mean["node"]["coverage"],
                    "items": [
                        {
                            "id": one["item_id"],
                            "name": one["name"],
                            "weight": one["weight"],
                            "score": one["node"]["value"],
                        }
                        for one in mean["node"]["parts"]
                    ],
                }
            )
        self.store(appraisal, {"score": tree["value"], "sections": sections})

    def store(self, appraisal, derivation):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_performance_appraisal SET derivation = %s WHERE id = %s",
            [json.dumps(derivation), appraisal.id],
        )
        self.env.invalidate_all()

    def migrate(self):
        self.env.flush_all()
        run_migration(
            "19.0.1.4.0", "post", self.env.cr, "19.0.1.3.0", name="derivation"
        )
        self.env.invalidate_all()

    def test_reviews_under_way_go_on_as_before(self):
        running, settled = self.cycle.template_id, self.cycle.template_id.copy()
        self.make_appraisal()
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_performance_appraisal SET is_collecting = FALSE")
        run_migration("19.0.1.4.0", "post", self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertFalse(running.is_blind)
        self.assertTrue(settled.is_blind)
        appraisals = running.env["hr.performance.appraisal"].search([])
        self.assertEqual(
            appraisals.filtered("is_collecting"),
            appraisals.filtered(lambda one: one.state == "open"),
        )

    def test_former_derivations_become_trees(self):
        self.score_goal(77.7, weight=100 / 3)
        appraisal = self.assessed(points=81.3)
        score, level = appraisal.score, appraisal.level_suggested_id
        self.settle_as_before(appraisal)
        empty = self.make_appraisal(self.colleague)
        self.store(empty, {"score": None, "sections": []})
        self.migrate()
        tree = appraisal.derivation
        self.assertEqual(recompute(tree), tree)
        self.assertEqual(tree["parts"][0]["node"]["value"], score)
        self.assertEqual(tree["levels"][tree["value"]]["id"], level.id)
        self.assertEqual(len(tree["parts"][0]["node"]["parts"]), 2)
        self.assertFalse(empty.derivation)
        # once is enough
        self.migrate()
        self.assertEqual(appraisal.derivation, tree)

    def test_a_scale_that_has_changed_since_moves_no_figure(self):
        appraisal = self.assessed()
        score = appraisal.score
        self.settle_as_before(appraisal)
        self.env.cr.execute(
            """
            UPDATE hr_performance_scale SET value_max = 200;
            UPDATE hr_performance_scale_level SET score_min = score_min + 30;
            """
        )
        self.migrate()
        tree = appraisal.derivation
        self.assertEqual(recompute(tree), tree)
        self.assertEqual(tree["parts"][0]["node"]["value"], score)
        self.assertIsNone(tree["value"])
        leaves = [one["node"]["rule"] for one in tree["parts"][0]["node"]["parts"]]
        self.assertEqual(set(leaves), {"input"})


@tagged("post_install", "-at_install")
class TestMigrationAnonymity(PerformanceCommon):
    """To 1.4: rules that let in fewer people, drafts that know the login of their author."""

    def test_rules_and_drafts(self):
        request = self.make_appraisal().request_ids.filtered(
            lambda one: one.role == "self"
        )
        request.with_user(self.employee_user).draft = {}
        draft = self.env["hr.performance.request.draft"].search([])
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_performance_request_draft SET user_id = NULL")
        self.env.invalidate_all()
        rule = self.env.ref("hr_performance.request_draft_rule_author")
        run_migration("19.0.1.4.0", "pre", self.env.cr, "19.0.1.3.0", name="anonymity")
        self.env.invalidate_all()
        # the data files make them again
        self.assertFalse(rule.exists())
        self.env.registry.clear_cache()
        for name in ("request_rule_read", "answer_rule_read"):
            self.assertFalse(
                self.env.ref(f"hr_performance.{name}", raise_if_not_found=False)
            )
        self.assertEqual(draft.user_id, self.employee_user)


def run_migration(version, stage, cr, installed, name="migration"):
    """Run a migration script of this addon, as an upgrade does."""
    path = file_path(f"hr_performance/migrations/{version}/{stage}-{name}.py")
    spec = importlib.util.spec_from_file_location(f"{stage}_migration", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.migrate(cr, installed)
