"""A whole appraisal in the browser: HR, the employee, three colleagues and the manager."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

PEOPLE = ("Hr", "Manager", "Employee", "Ann", "Ben", "Cem", "Dag")
PEERS = ("Ann", "Ben", "Cem")


class RoundCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Round Ltd"})
        cls.people = {}
        for name in PEOPLE:
            user = new_test_user(
                cls.env,
                login=f"round_{name.lower()}",
                name=f"Round {name}",
                groups="hr_performance.group_hr_performance_officer"
                if name == "Hr"
                else "base.group_user",
                company_id=cls.company.id,
            )
            cls.people[name] = cls.env["hr.employee"].create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "company_id": cls.company.id,
                    "date_version": "2020-01-01",
                }
            )
        cls._create_skills()
        team = cls.env["hr.employee"].union(
            *(cls.people[name] for name in ("Employee", *PEERS, "Dag"))
        )
        team.parent_id = cls.people["Manager"]
        (cls.people["Manager"] | cls.people["Hr"]).parent_id = False
        cls.people["Employee"].job_id = cls.job
        cls._create_form()
        today = fields.Date.today()
        cls.cycle = cls.env["hr.performance.cycle"].create(
            {
                "name": "The round",
                "company_id": cls.company.id,
                "period_type": "other",
                "date_start": today - timedelta(days=100),
                "date_end": today + timedelta(days=20),
                "template_id": cls.form.id,
                "scale_id": cls.scale.id,
                "anonymity_minimum": 3,
            }
        )
        cls.cycle.action_next_stage()
        cls._create_goal(today)

    @classmethod
    def _create_skills(cls):
        skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Round crafts",
                "skill_ids": [Command.create({"name": "Selling"})],
                "skill_level_ids": [
                    Command.create(
                        {
                            "name": name,
                            "level_progress": progress,
                            "default_level": progress == 20,
                        }
                    )
                    for name, progress in (
                        ("Beginner", 20),
                        ("Skilled", 60),
                        ("Master", 100),
                    )
                ],
            }
        )
        levels = skill_type.skill_level_ids.sorted("level_progress")
        cls.skill = skill_type.skill_ids
        cls.job = cls.env["hr.job"].create(
            {"name": "Seller", "company_id": cls.company.id}
        )
        values = {"skill_id": cls.skill.id, "skill_type_id": skill_type.id}
        cls.env["hr.job.skill"].create(
            values | {"job_id": cls.job.id, "skill_level_id": levels[1].id}
        )
        cls.env["hr.employee.skill"].create(
            values
            | {
                "employee_id": cls.people["Employee"].id,
                "skill_level_id": levels[0].id,
            }
        )

    @classmethod
    def _create_form(cls):
        cls.scale = cls.env.ref("hr_performance.scale_points").copy(
            {"name": "Round scale", "company_id": cls.company.id}
        )
        cls.scale.level_ids.sorted("value")[-1].evidence_required = True
        cls.form = cls.env["hr.performance.template"].create(
            {
                "name": "All around",
                "company_id": cls.company.id,
                "role_ids": [
                    Command.create({"role": "self", "weight": 0}),
                    Command.create({"role": "manager", "weight": 70}),
                    Command.create(
                        {
                            "role": "peer",
                            "weight": 30,
                            "is_anonymous": True,
                            "nomination": "employee",
                            "count_min": 3,
                            "count_max": 5,
                        }
                    ),
                ],
                "section_ids": [
                    Command.create(
                        {
                            "name": "Results",
                            "kind": "goals",
                            "sequence": 10,
                            "weight": 60,
                            "goal_rating": "rating",
                            "scale_id": cls.scale.id,
                        }
                    ),
                    Command.create(
                        {
                            "name": "How we work",
                            "kind": "criteria",
                            "sequence": 20,
                            "weight": 40,
                            "question_ids": [
                                Command.create(values)
                                for values in (
                                    {"name": "Listens", "kind": "rating"},
                                    {
                                        "name": "Works best",
                                        "kind": "choice",
                                        "weight": 0,
                                        "option_ids": [
                                            Command.create({"name": "Alone"}),
                                            Command.create({"name": "In a pair"}),
                                        ],
                                    },
                                    {
                                        "name": "Keeps promises",
                                        "kind": "yes_no",
                                        "weight": 0,
                                    },
                                    {
                                        "name": "One thing to keep",
                                        "kind": "text",
                                        "word_limit": 5,
                                    },
                                )
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Competencies",
                            "kind": "competencies",
                            "sequence": 30,
                            "weight": 0,
                        }
                    ),
                    Command.create(
                        {
                            "name": "For HR alone",
                            "kind": "questions",
                            "sequence": 40,
                            "weight": 0,
                            "sharing": "never",
                            "question_ids": [
                                Command.create(
                                    {
                                        "name": "Next role",
                                        "kind": "text",
                                        "required": False,
                                    }
                                )
                            ],
                        }
                    ),
                ],
            }
        )
        roles = {role.role: role for role in cls.form.role_ids}
        results, _how, skills, hr_alone = cls.form.section_ids.sorted("sequence")
        (results | skills).role_ids = roles["self"] | roles["manager"]
        hr_alone.role_ids = roles["manager"]

    @classmethod
    def _create_goal(cls, today):
        indicator = cls.env["hr.performance.indicator"].create(
            {"name": "Customers won", "code": "ROUND", "company_id": cls.company.id}
        )
        indicator.action_activate()
        employee = cls.people["Employee"]
        cls.goal = cls.env["hr.performance.goal"].create(
            {
                "name": "Win ten customers",
                "cycle_id": cls.cycle.id,
                "scope": "employee",
                "employee_id": employee.id,
                "measure_ids": [
                    Command.create({"indicator_id": indicator.id, "target": 10})
                ],
            }
        )
        cls.goal.action_propose()
        cls.goal.action_agree()
        cls.env["hr.performance.reading"].create(
            {
                "indicator_id": indicator.id,
                "employee_id": employee.id,
                "date": today - timedelta(days=70),
                "value": 9,
            }
        )
        checkin = cls.env["hr.performance.checkin"].create(
            {
                "goal_id": cls.goal.id,
                "employee_id": employee.id,
                "date": today - timedelta(days=70),
                "assessment": "Nine came from the fair.",
            }
        )
        checkin.state = "posted"
        cls.env["hr.performance.feedback"].create(
            {
                "employee_id": employee.id,
                "author_id": cls.people["Manager"].id,
                "date": today - timedelta(days=60),
                "text": "Calmed an angry customer.",
                "visibility": "managers",
                "state": "given",
            }
        )

    def walk(self, name, person, url="/odoo"):
        self.start_tour(
            url,
            f"hr_performance_round_{name}",
            login=f"round_{person.lower()}",
            timeout=180,
        )

    def request_of(self, role, person=None):
        domain = [("company_id", "=", self.company.id), ("role", "=", role)]
        if person:
            domain.append(("reviewer_id", "=", self.people[person].id))
        return self.env["hr.performance.request"].search(domain)

    def appraisal(self):
        self.env.invalidate_all()
        return self.env["hr.performance.appraisal"].search(
            [("employee_id", "=", self.people["Employee"].id)]
        )


@tagged("post_install", "-at_install")
class TestRound(RoundCase):
    def test_round(self):
        self.walk("hr_launches", "Hr")
        self.walk("employee_reviews", "Employee")
        self.walk("employee_proposes", "Employee")
        self.walk("manager_approves", "Manager")
        self.assertEqual(
            set(self.request_of("peer").reviewer_id.mapped("name")),
            {f"Round {name}" for name in PEERS},
        )
        for name in PEERS:
            self.walk("peer_reviews", name)
        self.walk("manager_reviews", "Manager")
        self.walk("hr_collects", "Hr")

        reviews = self.appraisal().review_ids.filtered("is_anonymous")
        self.assertEqual(len(reviews), 3)
        self.assertFalse(reviews.reviewer_id)
        self.assertFalse(
            self.env["hr.performance.request.draft"].search(
                [("request_id", "in", self.request_of("peer").ids)]
            )
        )

        self.walk("manager_decides", "Manager")
        appraisal = self.appraisal()
        self.assertEqual(appraisal.level_manager_id.name, "Outstanding")
        self.assertEqual(appraisal.override_reason, "Alone for three months.")
        self.walk("hr_releases", "Hr")
        self.walk("employee_answers", "Employee")
        appraisal = self.appraisal()
        self.assertEqual(appraisal.state, "acknowledged")
        self.assertEqual(appraisal.employee_statement, "Thank you all.")


@tagged("post_install", "-at_install")
class TestRoundOnAPhone(RoundCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_manager_and_colleague_on_a_phone(self):
        self.cycle.action_launch_appraisals()
        appraisal = self.appraisal()
        appraisal.action_ask("peer", [self.people["Ann"].id])
        for name, role, person in (
            ("phone_manager", "manager", "Manager"),
            ("phone_peer", "peer", "Ann"),
        ):
            request = self.request_of(role, person).filtered(
                lambda request: request.appraisal_id == appraisal
            )
            self.walk(name, person, f"/odoo/my-reviews/{request.id}")
            self.assertEqual(request.state, "done")
