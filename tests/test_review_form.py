"""The review form: what it shows, which answers it takes, and what stands beside it."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_appraisal import AppraisalCase


@tagged("post_install", "-at_install")
class TestReviewForm(AppraisalCase):
    """A form with one question of each kind, a competency and a goal that is rated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outstanding.evidence_required = True
        cls.template = cls.env["hr.performance.template"].create(
            {
                "name": "All kinds",
                "role_ids": [
                    Command.create({"role": "self", "weight": 0}),
                    Command.create({"role": "manager", "weight": 100}),
                    Command.create({"role": "peer", "is_anonymous": True}),
                ],
                "section_ids": [
                    Command.create(
                        {
                            "name": "Goals",
                            "kind": "goals",
                            "sequence": 1,
                            "goal_rating": "rating",
                            "scale_id": cls.scale.id,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Questions",
                            "kind": "questions",
                            "sequence": 2,
                            "question_ids": [
                                Command.create(values)
                                for values in (
                                    {"name": "Rate", "kind": "rating"},
                                    {
                                        "name": "Choose",
                                        "kind": "choice",
                                        "option_ids": [
                                            Command.create({"name": "A", "value": 70}),
                                            Command.create({"name": "B"}),
                                        ],
                                    },
                                    {"name": "Yes or no", "kind": "yes_no"},
                                    {"name": "Say", "kind": "text", "word_limit": 3},
                                    {
                                        "name": "Perhaps",
                                        "kind": "text",
                                        "required": False,
                                    },
                                )
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Between us",
                            "kind": "questions",
                            "sequence": 3,
                            "weight": 0,
                            "sharing": "never",
                            "question_ids": [
                                Command.create(
                                    {
                                        "name": "Potential",
                                        "kind": "text",
                                        "required": False,
                                    }
                                )
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Skills",
                            "kind": "competencies",
                            "sequence": 4,
                        }
                    ),
                ],
            }
        )
        _goals, _questions, between_us, skills = cls.template.section_ids
        between_us.role_ids = cls.template.role_ids.filtered(
            lambda role: role.role == "manager"
        )
        cls.cycle.template_id = cls.template
        skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "Crafts",
                "skill_ids": [Command.create({"name": "Selling"})],
                "skill_level_ids": [
                    Command.create(
                        {
                            "name": name,
                            "level_progress": progress,
                            "default_level": first,
                        }
                    )
                    for name, progress, first in (
                        ("Beginner", 20, True),
                        ("Skilled", 60, False),
                        ("Master", 100, False),
                    )
                ],
            }
        )
        cls.beginner, cls.skilled, cls.master = skill_type.skill_level_ids.sorted(
            "level_progress"
        )
        cls.selling = skill_type.skill_ids
        cls.skills = skills

    def setUp(self):
        super().setUp()
        self.goal = self.score_goal(90)
        self.appraisal = self.make_appraisal()
        items = self.appraisal.item_ids
        items.filtered(lambda item: item.kind == "skill").unlink()
        items.create(
            {
                "appraisal_id": self.appraisal.id,
                "section_id": self.skills.id,
                "name": "Selling",
                "kind": "skill",
                "skill_id": self.selling.id,
                "expected_level_id": self.skilled.id,
                "current_level_id": self.beginner.id,
                "required": True,
            }
        )
        self.item = {item.name: item for item in self.appraisal.item_ids}
        self.item["Goal"] = self.appraisal.item_ids.filtered("goal_id")
        self.item["Goal"].suggested_level_id = self.meets

    def request_as(self, role):
        request = self.request_of(self.appraisal, role)
        return self.as_(request, request.reviewer_id.user_id)

    def complete(self, **changes):
        """A finished draft; ``changes`` by the item's name replace its answer."""
        options = self.item["Choose"].question_id.option_ids
        answers = {
            "Goal": {"level_id": self.meets.id},
            "Rate": {"level_id": self.exceeds.id},
            "Choose": {"option_id": options[0].id},
            "Yes or no": {"yes_no": "yes"},
            "Say": {"text": "In three words"},
            "Selling": {"skill_level_id": self.skilled.id, "text": "Sold the fair."},
        } | changes
        return {str(self.item[name].id): answer for name, answer in answers.items()}

    # ---------------------------------------------------------------- the form

    def test_the_form_shows_each_kind(self):
        form = self.request_as("manager").form
        items = {
            item["name"]: item
            for section in form["sections"]
            for item in section["items"]
        }
        self.assertEqual(
            [section["name"] for section in form["sections"]],
            ["Goals", "Questions", "Between us", "Skills"],
        )
        goal = items[self.item["Goal"].name]
        self.assertTrue(goal["is_rated"])
        self.assertEqual(goal["suggested_level_id"], self.meets.id)
        self.assertEqual(
            [option["name"] for option in items["Choose"]["options"]], ["A", "B"]
        )
        self.assertEqual(items["Say"]["word_limit"], 3)
        self.assertEqual(
            [level["name"] for level in items["Selling"]["levels"]],
            ["Beginner", "Skilled", "Master"],
        )
        self.assertEqual(items["Selling"]["expected"], "Skilled")
        self.assertEqual(items["Selling"]["current"], "Beginner")
        levels = form["sections"][1]["levels"]
        self.assertTrue(levels[-1]["evidence_required"])
        self.assertTrue(all(level["description"] for level in levels))

    def test_a_section_is_asked_of_its_roles(self):
        names = [s["name"] for s in self.request_as("self").form["sections"]]
        self.assertEqual(names, ["Goals", "Questions", "Skills"])
        with self.refused("has no item"):
            self.request_as("self").draft = {
                str(self.item["Potential"].id): {"text": "Mine"}
            }

    def test_goals_are_asked_of_those_alone_who_know_them(self):
        # the colleague has the same manager
        request = self.request_of(self.appraisal, "peer")

        def sections():
            form = self.as_(request, "colleague").form
            return [section["name"] for section in form["sections"]]

        # the goal is between the person and the line
        self.assertEqual(sections(), ["Questions", "Skills"])
        self.goal.visibility = "everyone"
        self.assertEqual(sections(), ["Goals", "Questions", "Skills"])
        self.goal.visibility = "line"
        self.template.section_ids[0].role_ids = self.template.role_ids
        self.assertEqual(sections(), ["Goals", "Questions", "Skills"])

    def test_the_form_says_who_reads_it(self):
        tags = {
            role: {
                section["name"]: section["tag"]["kind"]
                for section in self.request_as(role).form["sections"]
            }
            for role in ("self", "manager")
        }
        self.assertEqual(set(tags["self"].values()), {"own"})
        self.assertEqual(tags["manager"]["Questions"], "named")
        self.assertEqual(tags["manager"]["Between us"], "never")
        tag = self.template.section_ids[1]._tag("peer", True, "Eli", 4)
        self.assertEqual(tag["kind"], "together")
        self.assertIn("from 4 answers on; fewer are read by nobody", tag["text"])

    def test_nobody_elses_form_before_it_is_done(self):
        request = self.request_of(self.appraisal, "self")
        self.assertFalse(self.as_(request, "manager").form)
        self.assertFalse(self.as_(request, "manager").get_evidence())
        # of anonymous roles never
        asked = self.request_of(self.appraisal, "peer")
        for name in ("employee", "manager", "officer", "administrator"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(asked, name).get_evidence()
        self.assertTrue(self.as_(asked, "colleague").get_evidence()["items"])

    def test_progress_counts_what_is_asked(self):
        request = self.request_as("manager")
        # the goal, six questions, the competency
        self.assertEqual((request.answered_count, request.item_count), (0, 8))
        request.draft = self.complete()
        self.assertEqual((request.answered_count, request.item_count), (6, 8))

    # ---------------------------------------------------------------- answers

    def test_what_is_answered_is_kept_with_what_it_counts(self):
        request = self.request_as("manager")
        request.draft = self.complete()
        request.action_submit()
        self.env.invalidate_all()
        answers = {
            answer.item_id.name: answer
            for answer in self.appraisal.review_ids.answer_ids
        }
        self.assertEqual(answers["Rate"].value, self.exceeds.value)
        self.assertEqual(answers["Choose"].value, 70)
        self.assertEqual(answers["Choose"].option_id.name, "A")
        self.assertEqual(answers["Yes or no"].value, self.scale.value_max)
        self.assertEqual(answers["Yes or no"].yes_no, "yes")
        self.assertEqual(answers["Selling"].skill_level_id, self.skilled)
        self.assertEqual(answers["Selling"].value, 60)
        self.assertIsNone(answers["Say"].value)
        self.assertEqual(answers[self.item["Goal"].name].level_id, self.meets)

    def test_no_counts_as_the_bottom_and_an_option_without_value_not_at_all(self):
        options = self.item["Choose"].question_id.option_ids
        request = self.request_as("manager")
        request.draft = self.complete(
            **{
                "Yes or no": {"yes_no": "no", "dont_know": True},
                "Choose": {"option_id": options[1].id},
            }
        )
        request.action_submit()
        self.env.invalidate_all()
        answers = {a.item_id.name: a for a in self.appraisal.review_ids.answer_ids}
        self.assertEqual(answers["Yes or no"].value, self.scale.value_min)
        self.assertFalse(answers["Yes or no"].dont_know)
        self.assertIsNone(answers["Choose"].value)

    def test_a_review_taken_back_is_the_same_draft(self):
        request = self.request_as("manager")
        request.draft = self.complete()
        before = {
            key: {name: value for name, value in answer.items() if value}
            for key, answer in request.draft.items()
        }
        request.action_submit()
        self.request_of(self.appraisal, "manager").sudo()._take_back()
        draft = self.request_as("manager").draft
        self.assertEqual(
            {
                key: {name: value for name, value in answer.items() if value}
                for key, answer in draft.items()
            },
            before,
        )

    def test_a_draft_holds_only_what_the_form_offers(self):
        other = self.env["hr.performance.template.question"].create(
            {
                "section_id": self.template.section_ids[1].id,
                "name": "Later",
                "kind": "choice",
                "option_ids": [Command.create({"name": name}) for name in "CD"],
            }
        )
        request = self.request_as("manager")
        for name, answer in (
            ("Choose", {"option_id": other.option_ids[0].id}),
            ("Choose", {"level_id": self.meets.id}),
            ("Rate", {"option_id": other.option_ids[0].id}),
            ("Rate", {"level_id": True}),
            ("Rate", {"level_id": str(self.meets.id)}),
            ("Yes or no", {"yes_no": "perhaps"}),
            ("Selling", {"skill_level_id": 0.5}),
            ("Selling", {"skill_level_id": 2**31 - 1}),
            ("Say", {"level_id": self.meets.id}),
            ("Say", {"text": ["a"]}),
            ("Say", {"text": "x" * 30_000}),
            ("Say", {"script": "x"}),
        ):
            with (
                self.subTest(name=name, answer=str(answer)[:60]),
                self.refused(f"“{name}”"),
            ):
                request.draft = {str(self.item[name].id): answer}
        self.env.invalidate_all()
        self.assertFalse(request.draft)

    def test_all_that_is_missing_is_said_at_once(self):
        request = self.request_as("manager")
        request.draft = {str(self.item["Rate"].id): {"level_id": self.outstanding.id}}
        with self.refused(
            "“Rate”: “Outstanding” needs an example",
            "“Choose” is not answered yet. Choose an answer",
            "“Yes or no” is not answered",
            "“Say” is not answered yet. Write a few words",
            "“Selling” is not answered yet. Choose a level",
        ):
            request.action_submit()

    def test_what_has_to_be_said_in_words(self):
        request = self.request_as("manager")
        for name, answer, words in (
            (
                "Rate",
                {"level_id": self.outstanding.id, "text": " "},
                "needs an example",
            ),
            ("Goal", {"level_id": self.exceeds.id}, "Say why"),
            ("Selling", {"skill_level_id": self.master.id}, "Say what shows it"),
            ("Say", {"text": "In four words now"}, "at most 3"),
            ("Say", {"text": "赢得二十个新客户吗"}, "at most 3"),
        ):
            request.draft = self.complete(**{name: answer})
            with self.subTest(name), self.refused(self.item[name].name, words):
                request.action_submit()
        # a level of the profile that stays needs no words, an override has its reason
        request.draft = self.complete(
            Selling={"skill_level_id": self.beginner.id},
            Goal={"level_id": self.exceeds.id, "text": "Alone for three months."},
            Rate={"dont_know": True},
        )
        request.action_submit()
        self.assertEqual(request.state, "done")


@tagged("post_install", "-at_install")
class TestReviewEvidence(AppraisalCase):
    """Beside the form: the whole period, under the reader's own rules."""

    def evidence(self, appraisal, role, user=None):
        request = self.request_of(appraisal, role)
        return self.as_(request, user or request.reviewer_id.user_id).get_evidence()

    def say(self, goal, month, text):
        checkin = self.env["hr.performance.checkin"].create(
            {
                "goal_id": goal.id,
                "employee_id": goal.employee_id.id,
                "date": self.day(month, 10),
                "assessment": text,
            }
        )
        checkin.state = "posted"
        return checkin

    def feedback(self, month, visibility, author=None, **values):
        return self.env["hr.performance.feedback"].create(
            {
                "employee_id": self.employee.id,
                "author_id": (author or self.manager).id,
                "date": self.day(month, 5),
                "text": f"Seen in {month} by {visibility}",
                "visibility": visibility,
                "state": "given",
                **values,
            }
        )

    def test_goals_with_what_they_came_to(self):
        # late in the year, on whichever day the tests run
        self.startPatcher(freeze_time(self.day(11, 26)))
        goal = self.score_goal(90)
        appraisal = self.make_appraisal()
        item = appraisal.item_ids.filtered("goal_id")
        for role in ("self", "manager"):
            found = self.evidence(appraisal, role)["items"][str(item.id)]["goal"]
            self.assertEqual(found["id"], goal.id)
            self.assertEqual(found["points"], 90)
            [measure] = found["measures"]
            self.assertIn("90 / 100", measure["figure"])
            self.assertTrue(measure["curve"]["lines"])
            self.assertIn("90", measure["explanation"])

    def test_a_manager_outside_the_line_sees_results_and_no_talk(self):
        goal = self.score_goal(90)
        self.say(goal, 1, "Between us two")
        appraisal = self.make_appraisal()
        self.as_(appraisal, "officer").manager_id = self.director
        self.employee.parent_id = self.officer
        self.as_(appraisal, "officer").manager_id = self.colleague
        evidence = self.evidence(appraisal, "manager")
        [found] = evidence["goals"]
        self.assertEqual(found["points"], 90)
        self.assertFalse(found["measures"][0]["curve"])
        self.assertFalse(found["measures"][0]["explanation"])
        self.assertFalse(evidence["entries"])
        # no longer asked, no longer shown: only what the appraisal tells
        self.answer_all(appraisal, "manager")
        self.assertFalse(self.evidence(appraisal, "manager")["goals"])

    def test_the_talk_is_of_the_whole_period_and_the_readers_own(self):
        # late in the year, on whichever day the tests run
        self.startPatcher(freeze_time(self.day(11, 26)))
        goal = self.score_goal(90)
        self.say(goal, 1, "It begins")
        self.feedback(1, "managers")
        self.feedback(1, "person")
        self.feedback(1, "line")
        appraisal = self.make_appraisal()

        def texts(role):
            found = self.evidence(appraisal, role)
            self.assertEqual(found["months"][0]["key"], f"{self.year}-01")
            return {entry["text"] for entry in found["entries"]}

        # the manager has written all three, and reads what the author reads
        self.assertEqual(
            texts("self"),
            {"It begins", "Seen in 1 by person", "Seen in 1 by line"},
        )
        self.as_(appraisal, "officer").manager_id = self.director
        self.assertEqual(
            texts("manager"),
            {"It begins", "Seen in 1 by managers", "Seen in 1 by line"},
        )

    def test_the_last_appraisal_only_to_who_may_read_it(self):
        former = self.make_cycle(
            "Before",
            date_start=self.day(1, 1).replace(year=self.year - 1),
            date_end=self.day(12, 31).replace(year=self.year - 1),
        )
        before = self.make_appraisal(cycle_id=former.id)
        self.answer_all(before, "manager", self.exceeds)
        self.as_(before, "manager").action_assess(self.exceeds.id, "A fine year")
        appraisal = self.make_appraisal()
        item = appraisal.item_ids.filtered(lambda i: i.name == "Cooperation")
        # not released yet
        self.assertEqual(self.evidence(appraisal, "self")["last"], {})
        self.as_(before, "officer").action_release()
        for role in ("self", "manager"):
            found = self.evidence(appraisal, role)
            self.assertEqual(found["last"]["name"], "Before")
            self.assertEqual(found["last"]["level"], "Exceeds expectations")
            [voice] = found["items"][str(item.id)]["last"]
            self.assertEqual(voice["choices"][0]["name"], "Exceeds expectations")
        self.as_(appraisal, "officer").manager_id = self.officer
        self.employee.parent_id = self.director
        request = self.request_of(appraisal, "manager")
        self.assertEqual(request.reviewer_id, self.officer)

    def test_skills_beside_what_the_post_asks_for(self):
        skill_type = self.env["hr.skill.type"].create(
            {
                "name": "Crafts",
                "skill_ids": [Command.create({"name": n}) for n in ("A", "B")],
                "skill_level_ids": [
                    Command.create(
                        {"name": "One", "level_progress": 20, "default_level": True}
                    ),
                    Command.create({"name": "Two", "level_progress": 80}),
                ],
            }
        )
        one, two = skill_type.skill_level_ids.sorted("level_progress")
        known, asked = skill_type.skill_ids
        for model, owner, skill, level in (
            ("hr.employee.skill", {"employee_id": self.employee.id}, known, one),
            ("hr.job.skill", {"job_id": self.job.id}, known, two),
            ("hr.job.skill", {"job_id": self.job.id}, asked, one),
        ):
            self.env[model].create(
                {
                    **owner,
                    "skill_id": skill.id,
                    "skill_type_id": skill_type.id,
                    "skill_level_id": level.id,
                }
            )
        appraisal = self.make_appraisal()
        self.assertEqual(
            [
                (skill["name"], skill["current"], skill["expected"])
                for skill in self.evidence(appraisal, "self")["skills"]
            ],
            [("A", "One", "Two"), ("B", "", "One")],
        )

    def test_voices_of_a_role_without_names_are_one(self):
        appraisal = self.make_appraisal()
        item = appraisal.item_ids.filtered(lambda i: i.name == "Cooperation")
        for number, level in enumerate((self.meets, self.exceeds, self.meets)):
            self.env["hr.performance.review"].create(
                {
                    "appraisal_id": appraisal.id,
                    "role": "peer",
                    "is_anonymous": True,
                    "answer_ids": [
                        Command.create(
                            {
                                "item_id": item.id,
                                "level_id": level.id,
                                "value": level.value,
                                "text": f"{'cab'[number]} text",
                            }
                        )
                    ],
                }
            )
        [voice] = appraisal.review_ids.answer_ids._voices()[item]
        self.assertEqual(voice["count"], 3)
        self.assertEqual(
            voice["choices"],
            [
                {"name": "Exceeds expectations", "count": 1},
                {"name": "Meets expectations", "count": 2},
            ],
        )
        self.assertEqual(voice["texts"], ["a text", "b text", "c text"])
        self.assertEqual(voice["who"], "")

    # ---------------------------------------------------------------- queries

    def queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def test_opening_costs_the_same_for_few_and_for_many(self):
        """3 and 12 goals, 5 and 50 check-ins, 2 and 20 notes."""
        # late in the year, on whichever day the tests run
        self.startPatcher(freeze_time(self.day(11, 26)))

        def cost(employee, goals, checkins):
            mine = [self.score_goal(number, employee) for number in range(goals)]
            for number in range(checkins):
                self.say(mine[number % goals], number % 3 + 1, f"Word {number}")
            for number in range(checkins // 2):
                self.feedback(number % 3 + 1, "line", employee_id=employee.id)
            appraisal = self.make_appraisal(employee)
            request = self.request_of(appraisal, "manager")
            request = request.with_user(self.manager_user)
            counts = []
            for work in (
                lambda: request.form,
                request.get_evidence,
                lambda: request.answered_count,
            ):
                self.queries(work)  # caches of the registry
                counts.append(self.queries(work))
            self.assertEqual(len(request.get_evidence()["goals"]), goals)
            return counts

        few = cost(self.employee, 3, 5)
        many = cost(self.colleague, 12, 50)
        # reading much sets the planner, before and after (see reading.py)
        self.assertLessEqual(many[1] - few[1], 2, (few, many))
        self.assertEqual((few[0], few[2]), (many[0], many[2]))
        self.assertLessEqual(sum(many), 60, many)
