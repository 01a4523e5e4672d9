"""SMART hints: the shipped rules on their own examples, hints on goals, binding rules."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.hr_performance.engine import smart

from .common import PerformanceCommon
from .smart_examples import FACTS, INFLECTED, TEXTS, UNKNOWN

RULE = "hr.performance.smart.rule"


class SmartCommon(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # each test switches on the rules that it is about
        cls.rules = cls.env[RULE].search([])
        cls.by_code = {rule.code: rule for rule in cls.rules}

    @classmethod
    def only(cls, *codes):
        cls.rules.active = False
        chosen = cls.rules.browse().union(*(cls.by_code[code] for code in codes))
        chosen.active = True
        return chosen

    def hints(self, goal, name="employee"):
        """``{code: message}`` as the user of ``name`` sees them."""
        return {
            hint["code"]: hint["message"]
            for hint in self.as_(goal, name).smart_hints or ()
        }


@tagged("post_install", "-at_install")
class TestShippedRules(SmartCommon):
    def find(self, code, goal):
        return smart.find(self.by_code[code]._engine_rule(), goal)

    def texts(self):
        """``(code, language, instead of, better)`` of all rules about texts."""
        for code, rule in self.by_code.items():
            if rule.uses_text:
                yield code, "en_US", rule.example_bad, rule.example_better
                for lang, (bad, better) in TEXTS[code].items():
                    yield code, lang, bad, better

    def test_there_are_examples_of_every_rule(self):
        self.assertGreaterEqual(len(self.by_code), 25)
        about_texts = {rule.code for rule in self.rules if rule.uses_text}
        self.assertEqual(about_texts, TEXTS.keys())
        self.assertEqual(self.by_code.keys() - about_texts, FACTS.keys())
        self.assertEqual({rule.letter for rule in self.rules}, set("smart"))

    def test_every_list_of_words_is_there_in_three_languages(self):
        for rule in self.rules.filtered("uses_words"):
            self.assertEqual(
                set(rule.word_ids.mapped("lang")),
                {"en_US", "nb_NO", "zh_CN"},
                rule.code,
            )

    def test_speaks_about_its_bad_example(self):
        for code, lang, bad, _better in self.texts():
            with self.subTest(code=code, lang=lang):
                self.assertIsNotNone(self.find(code, smart.Goal(bad)), bad)

    def test_no_rule_about_texts_speaks_about_any_better_example(self):
        for code, lang, _bad, better in self.texts():
            for other in TEXTS:
                with self.subTest(code=code, lang=lang, rule=other):
                    self.assertIsNone(self.find(other, smart.Goal(better)), better)

    def test_other_forms_of_the_words(self):
        for code, (bad, good) in INFLECTED.items():
            for text in bad:
                with self.subTest(code=code, bad=text):
                    self.assertIsNotNone(self.find(code, smart.Goal(text)))
            for text in good:
                with self.subTest(code=code, good=text):
                    self.assertIsNone(self.find(code, smart.Goal(text)))

    def test_facts(self):
        for code, (bad, better) in FACTS.items():
            with self.subTest(code=code):
                self.assertIsNotNone(self.find(code, bad))
                self.assertIsNone(self.find(code, better))

    def test_nothing_is_said_about_what_is_not_known(self):
        for code, goal in UNKNOWN.items():
            with self.subTest(code=code):
                self.assertIsNone(self.find(code, goal))

    def test_every_message_is_written_out(self):
        for code, rule in self.by_code.items():
            if rule.uses_text:
                facts = self.find(code, smart.Goal(rule.example_bad))
            else:
                facts = self.find(code, FACTS[code][0])
            self.assertNotIn("{", rule._say(facts))


@tagged("post_install", "-at_install")
class TestRules(SmartCommon):
    def test_the_check_is_known_to_the_engine(self):
        checks = {name for name, _label in self.env[RULE]._fields["check"].selection}
        self.assertEqual(checks, smart.CHECKS.keys())

    def test_a_hint_names_only_what_its_check_finds(self):
        with self.refused("{who}", "{found}", error=ValidationError):
            self.by_code["VAGUE_WORDS"].message = "{who} said so?"

    def test_a_word_is_more_than_a_star(self):
        words = self.by_code["VAGUE_WORDS"].word_ids[0]
        for bad in ("*", "good, *", " , "):
            with self.refused("How much is said", error=ValidationError):
                words.words = bad

    def test_a_negative_number_is_refused(self):
        with self.refused("Number", error=ValidationError):
            self.by_code["MANY_GOALS"].limit = -1

    def test_it_does_not_follow_itself(self):
        rule = self.by_code["SEVERAL_GOALS"]
        with self.refused("Followed By", error=ValidationError):
            rule.followed_by_id = rule

    def test_words_come_back_from_an_export(self):
        """What HR exports to a spreadsheet and edits there comes in again."""
        names = ["id", "code", "name", "word_ids/id", "word_ids/lang", "word_ids/words"]
        self.officer_user.group_ids += self.env.ref("base.group_allow_export")
        rules = self.by_code["OPEN_ENDED"].with_user(self.officer_user)
        rows = rules.export_data(names)["datas"]
        self.assertEqual(len(rows), 3)
        rows[0][2] = "Names a day"
        rows[0][5] = "one day, some day"
        result = rules.load(names, [[str(cell) for cell in row] for row in rows])
        self.assertFalse(result["messages"])
        self.assertEqual(rules.name, "Names a day")
        self.assertEqual(len(rules.word_ids), 3)
        found = smart.find(rules._engine_rule(), smart.Goal("Call them some day"))
        self.assertEqual(found, {"found": "some day"})

    def test_trying_it_on_a_text(self):
        with Form(self.by_code["VAGUE_WORDS"].with_user(self.officer_user)) as form:
            form.try_text = "Forbedre kundeservice"
            self.assertIn("“Forbedre”", form.try_result)
            form.try_text = "Besvare 95 % av kundene"
            self.assertEqual(form.try_result, "Nothing: the rule is content.")
            form.try_text = False


@tagged("post_install", "-at_install")
class TestHints(SmartCommon):
    def test_hints_come_and_go_while_typing(self):
        self.only("VERB_FIRST", "VAGUE_WORDS", "NO_MEASURE")
        form = Form(self.env["hr.performance.goal"].with_user(self.employee_user))
        form.cycle_id = self.cycle

        def codes():
            return [hint["code"] for hint in form.smart_hints or ()]

        self.assertEqual(codes(), [])
        form.name = "Better service"
        self.assertEqual(codes(), ["VERB_FIRST", "VAGUE_WORDS", "NO_MEASURE"])
        form.name = "Improve service"
        self.assertEqual(codes(), ["VAGUE_WORDS", "NO_MEASURE"])
        with form.measure_ids.new() as measure:
            measure.indicator_id = self.ind_sum
            measure.target = 20
        self.assertEqual(codes(), [])

    def test_what_a_hint_holds(self):
        rule = self.only("VAGUE_WORDS")
        goal = self.make_goal(name="Forbedre service")
        hint = self.as_(goal, "employee").smart_hints[0]
        self.assertEqual(
            hint,
            {
                "code": "VAGUE_WORDS",
                "letter": "s",
                "name": rule.name,
                "message": "“Forbedre” leaves open how much, and no figure says it.",
                "reason": rule.reason,
                "instead_of": rule.example_bad,
                "better": rule.example_better,
                "binding": False,
            },
        )

    def test_it_is_for_those_who_write_the_goal(self):
        self.only("NO_MEASURE")
        goal = self.make_goal(visibility="everyone")
        for name in ("employee", "manager", "officer"):
            self.assertTrue(self.hints(goal, name), name)
        self.assertFalse(self.hints(goal, "colleague"))
        goal.action_propose()
        self.assertFalse(self.hints(goal, "employee"))
        self.assertTrue(self.hints(goal, "manager"))
        goal.action_agree()
        self.assertFalse(self.hints(goal, "manager"))

    def test_the_rule_is_for_some_goals(self):
        rule = self.only("NO_MEASURE")
        goal = self.make_goal()
        self.assertTrue(self.hints(goal))
        for values in (
            {"for_employee": False},
            {"method": "okr"},
            {"company_id": self.company_2.id},
            {"active": False},
        ):
            before = rule.read(values.keys())[0]
            rule.write(values)
            self.assertFalse(self.hints(goal), values)
            rule.write({name: before[name] for name in values})
        self.assertTrue(self.hints(goal))

    def test_other_goals_in_the_same_hands(self):
        self.only("DUPLICATE", "WEIGHTS_OFF", "MANY_GOALS")
        goal = self.make_goal(name="Win 20 customers", weight=60)
        self.make_goal(name="Win 20 Customers!", weight=50)
        self.make_goal(self.colleague, name="Win 20 customers", weight=50)
        self.make_goal(name="Learn Spanish").action_cancel("No")
        # 60 + 50; neither the colleague's goal nor the cancelled one counts
        self.assertEqual(
            self.hints(goal),
            {
                "DUPLICATE": "It reads almost like “Win 20 Customers!”, another goal in"
                " the same hands.",
                "WEIGHTS_OFF": "The weights of all goals in the same hands add up to 110 %.",
            },
        )

    def test_history(self):
        """120 in the same days a year before."""
        self.only("TARGET_LOW", "TARGET_HIGH", "TARGET_REACHED")
        last_year = self.day(3).replace(year=self.year - 1)
        self.add_reading(self.ind_sum, 120, date=last_year)
        goal = self.make_goal(None, (self.ind_sum, 100))
        self.assertEqual(
            self.hints(goal),
            {
                "TARGET_LOW": "A year ago “New customers” came to 120; the target of 100"
                " asks for less."
            },
        )
        goal.measure_ids.target = 130
        self.assertEqual(self.hints(goal), {})
        # 1.5 × 120 = 180
        goal.measure_ids.target = 181
        self.assertEqual(self.hints(goal).keys(), {"TARGET_HIGH"})
        goal.method = "okr"
        self.assertEqual(self.hints(goal), {})
        self.add_reading(self.ind_sum, 200)
        self.assertEqual(self.hints(goal).keys(), {"TARGET_REACHED"})

    def test_history_is_that_of_the_indicator(self):
        """Another indicator chosen in the form is not judged by the saved one's figures."""
        self.only("TARGET_LOW")
        self.add_reading(
            self.ind_sum, 120, date=self.day(3).replace(year=self.year - 1)
        )
        goal = self.make_goal(None, (self.ind_sum, 100))
        with Form(self.as_(goal, "employee")) as form:
            self.assertTrue(form.smart_hints)
            with form.measure_ids.edit(0) as measure:
                measure.indicator_id = self.ind_last
            self.assertFalse(form.smart_hints)

    def test_a_form_does_not_tell_the_history_of_others(self):
        """The colleague's public measure, slipped into an own goal that is being typed."""
        self.only("TARGET_LOW")
        self.add_reading(
            self.ind_sum,
            120,
            self.colleague,
            date=self.day(3).replace(year=self.year - 1),
        )
        theirs = self.make_goal(
            self.colleague, (self.ind_sum, 100), visibility="everyone"
        )
        own = self.make_goal(None, (self.ind_sum, 100))
        self.assertTrue(self.hints(theirs, "colleague"))
        measure = theirs.measure_ids
        for goal, values in (
            (own, {}),
            (own.browse(), {"name": "A goal", "cycle_id": self.cycle.id}),
        ):
            told = self.as_(goal, "employee").onchange(
                values | {"measure_ids": [Command.link(measure.id)]},
                ["measure_ids"],
                {
                    "name": {},
                    "measure_ids": {"fields": {"target": {}}},
                    "smart_hints": {},
                },
            )["value"]
            self.assertFalse(told.get("smart_hints"))

    def test_the_goal_above(self):
        self.only("NO_PARENT", "PARENT_UNRELATED")
        above = self.make_goal(self.company, (self.ind_ratio, 100))
        goal = self.make_goal(None, (self.ind_sum, 10))
        self.assertEqual(self.hints(goal).keys(), {"NO_PARENT"})
        goal.parent_id = above
        self.assertEqual(self.hints(goal).keys(), {"PARENT_UNRELATED"})
        self.ind_ratio.driver_ids = self.ind_sum
        self.assertEqual(self.hints(goal), {})
        # the company's goals are at the top
        self.assertEqual(self.hints(above, "officer"), {})

    def test_actions(self):
        self.only("NO_ACTION")
        goal = self.make_goal()
        self.assertEqual(self.hints(goal).keys(), {"NO_ACTION"})
        goal.action_ids = [Command.create({"name": "Call 10 prospects a week"})]
        self.assertEqual(self.hints(goal), {})

    def test_goals_of_a_post(self):
        """Other goals in the same hands are those of the post, not of who holds it."""
        rule = self.only("DUPLICATE")
        post = {"scope": "job", "job_id": self.job.id, "employee_id": False}
        goal = self.make_goal(name="Win 20 customers", **post)
        self.make_goal(name="Win 20 customers")
        self.assertEqual(self.hints(goal, "officer"), {})
        self.make_goal(name="Win 20 customers!", **post)
        self.assertEqual(self.hints(goal, "officer").keys(), {"DUPLICATE"})
        rule.for_job = False
        self.assertEqual(self.hints(goal, "officer"), {})

    def test_the_owner_has_left(self):
        self.only("OWNER_LEFT", "NO_OWNER")
        goal = self.make_goal()
        nobodys = self.make_goal(self.company)
        self.assertEqual(self.hints(goal), {})
        self.employee.active = False
        self.assertEqual(self.hints(goal, "manager").keys(), {"OWNER_LEFT"})
        self.assertEqual(self.hints(nobodys, "officer").keys(), {"NO_OWNER"})

    def test_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("nb_NO")
        rule = self.only("VAGUE_WORDS")
        rule.with_context(lang="nb_NO").message = "«{found}» sier ikke hvor mye."
        goal = self.make_goal(name="提高服务质量").with_context(lang="nb_NO")
        self.assertEqual(self.hints(goal)["VAGUE_WORDS"], "«提高» sier ikke hvor mye.")

    def test_a_list_of_goals_costs_the_same_for_many(self):
        self.rules.active = True
        above = self.make_goal(self.company, (self.ind_ratio, 100))

        def make(count, employee):
            return self.env["hr.performance.goal"].union(
                *(
                    self.make_goal(
                        employee,
                        (self.ind_sum, 10),
                        (self.ind_last, 5),
                        parent_id=above.id,
                    )
                    for _number in range(count)
                )
            )

        # enough of both for the planner to be told of many, see ``measure._query_many``
        few, many = make(3, self.employee), make(40, self.colleague)

        def queries(goals):
            goals = self.as_(goals, "manager")
            before = self.env.cr.sql_log_count
            self.assertTrue(all(goals.mapped("smart_hints")))
            return self.env.cr.sql_log_count - before

        queries(few)
        self.assertEqual(queries(many), queries(few))


@tagged("post_install", "-at_install")
class TestBindingRules(SmartCommon):
    def test_what_binds_is_refused_on_the_server(self):
        rule = self.by_code["NO_MEASURE"]
        self.cycle.binding_rule_ids = rule
        goal = self.make_goal(name="Win friends")
        for name in ("employee", "manager", "officer"):
            with self.refused(
                "Win friends",
                rule.name,
                "No measure says how far you have come.",
                rule.example_better,
                error=UserError,
            ):
                self.as_(goal, name).action_propose()
        self.assertEqual(goal.state, "draft")
        goal.measure_ids = [
            Command.create({"indicator_id": self.ind_sum.id, "target": 20})
        ]
        self.as_(goal, "employee").action_propose()
        # taken out again before it is agreed on
        goal.measure_ids.unlink()
        with self.refused("Win friends", error=UserError):
            self.as_(goal, "manager").action_agree()
        self.assertEqual(goal.state, "proposed")

    def test_all_others_are_hints(self):
        goal = self.make_goal(name="Improve")
        self.assertGreater(len(self.hints(goal)), 3)
        self.as_(goal, "employee").action_propose()
        self.as_(goal, "manager").action_agree()
        self.assertEqual(goal.state, "agreed")

    def test_sub_periods_are_bound_as_well(self):
        self.cycle.action_create_subperiods("quarter")
        quarter = self.cycle.child_ids[0]
        self.cycle.binding_rule_ids = self.by_code["NO_MEASURE"]
        quarter.binding_rule_ids = self.by_code["VAGUE_WORDS"]
        goal = self.make_goal(name="Improve service", cycle_id=quarter.id)
        with self.refused("No measure", "“Improve”", error=UserError):
            self.as_(goal, "employee").action_propose()
        # of the year only what is asked for in the year
        goal.cycle_id = self.cycle
        with self.assertRaises(UserError) as caught:
            self.as_(goal, "employee").action_propose()
        self.assertNotIn("“Improve”", str(caught.exception))

    def test_what_binds_stands_first(self):
        self.cycle.binding_rule_ids = self.by_code["NO_PARENT"]
        goal = self.make_goal(name="Improve service")
        hints = self.as_(goal, "employee").smart_hints
        self.assertEqual(
            [hint["code"] for hint in hints if hint["binding"]], ["NO_PARENT"]
        )
        self.assertEqual(hints[0]["code"], "NO_PARENT")

    def test_a_rule_switched_off_binds_nobody(self):
        rule = self.by_code["NO_MEASURE"]
        self.cycle.binding_rule_ids = rule
        rule.active = False
        goal = self.make_goal()
        self.as_(goal, "employee").action_propose()
        self.assertEqual(goal.state, "proposed")

    def test_who_may_not_propose_learns_nothing(self):
        """Not even of a goal that everybody may read."""
        self.cycle.binding_rule_ids = self.by_code["NO_MEASURE"]
        goal = self.make_goal(visibility="everyone")
        with self.assertRaises(AccessError) as caught:
            self.as_(goal, "colleague").action_propose()
        self.assertNotIn("No measure", str(caught.exception))


@tagged("post_install", "-at_install")
class TestSmartTours(SmartCommon, HttpCase):
    def walk(self, name, path, login):
        self.env.flush_all()
        self.start_tour(
            path, f"hr_performance_smart_{name}", login=f"perf_{login}", timeout=120
        )
        self.env.invalidate_all()

    def test_an_employee_writes_a_goal(self):
        self.only("VERB_FIRST", "VAGUE_WORDS", "NO_MEASURE")
        self.walk("employee_writes_goal", "/odoo/my-goals/new", "employee")
        goal = self.env["hr.performance.goal"].search(
            [("name", "=", "Win new customers")]
        )
        self.assertEqual(goal.measure_ids.target, 20)

    def test_hr_edits_a_rule(self):
        self.walk("hr_edits_rule", "/odoo/smart-rules", "officer")
        goal = self.make_goal(name="A posh service")
        self.assertEqual(
            self.hints(goal)["VAGUE_WORDS"],
            "“posh” leaves open how much, and no figure says it.",
        )
