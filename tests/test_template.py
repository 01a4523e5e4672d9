"""Appraisal forms: what they may be, how they are kept, and which one suits whom."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PerformanceCommon

ROLE = "hr.performance.template.role"


class TemplateCase(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scale = cls.env.ref("hr_performance.scale_points")
        cls.frequency = cls.env.ref("hr_performance.scale_frequency")

    @classmethod
    def make_form(cls, name="A form", roles=None, **values):
        """A form of one section with one rating question.

        :param roles: ``{role: values}``; default: self and manager
        """
        if roles is not None:
            values["role_ids"] = [
                Command.create({"role": role} | more) for role, more in roles.items()
            ]
        return cls.env["hr.performance.template"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "section_ids": [
                    Command.create(
                        {
                            "name": "Conduct",
                            "question_ids": [Command.create({"name": "Quality"})],
                        }
                    )
                ],
            }
            | values
        )

    def use(self, form, employee=None):
        """Have somebody appraised on the form."""
        return self.make_appraisal(employee, template_id=form.id)

    def role(self, form, role):
        return form.role_ids.filtered(lambda line: line.role == role)


@tagged("post_install", "-at_install")
class TestBadForms(TemplateCase):
    def test_everybody_knows_the_person_and_the_manager(self):
        for role in ("self", "manager"):
            with self.subTest(role), self.refused("cannot be anonymous", "A form"):
                self.make_form(roles={role: {"is_anonymous": True}})
        form = self.make_form()
        with self.refused("Untick “Anonymous”", error=ValidationError):
            self.as_(self.role(form, "manager"), "officer").is_anonymous = True

    def test_too_few_join_another_anonymous_role_of_the_form(self):
        anonymous = {"is_anonymous": True}
        good = self.make_form(
            roles={"peer": anonymous, "report": anonymous | {"merge_into": "peer"}}
        )
        self.assertEqual(self.role(good, "report").merge_into, "peer")
        for what, roles in {
            "not on the form": {"peer": anonymous | {"merge_into": "report"}},
            "not anonymous": {"peer": {}, "report": anonymous | {"merge_into": "peer"}},
            "itself": {"peer": anonymous | {"merge_into": "peer"}},
        }.items():
            with self.subTest(what), self.refused("Too Few Join", "A form"):
                self.make_form(roles=roles)
        with self.refused("Tick “Anonymous”"):
            self.make_form(
                roles={"peer": {"merge_into": "report"}, "report": anonymous}
            )

    def test_too_few_never_go_round_in_circles(self):
        ring = {
            role: {"is_anonymous": True, "merge_into": into}
            for role, into in (
                ("peer", "report"),
                ("report", "other"),
                ("other", "peer"),
            )
        }
        ring["other"]["nomination"] = "manager"
        with self.refused("come back", "A form"):
            self.make_form(roles=ring)

    def test_where_others_join_a_role_stays_anonymous_and_on_the_form(self):
        form = self.make_form(
            roles={
                "peer": {"is_anonymous": True},
                "report": {"is_anonymous": True, "merge_into": "peer"},
            }
        )
        peer, report = (self.role(form, role) for role in ("peer", "report"))
        with self.refused("Too Few Join"):
            peer.is_anonymous = False
        with self.refused("join those of", "Colleague"):
            peer.unlink()
        # both at once in whichever order
        form.role_ids = [
            Command.update(peer.id, {"is_anonymous": False}),
            Command.update(report.id, {"merge_into": False}),
        ]
        form.role_ids = [Command.delete(peer.id)]
        self.assertEqual(form.role_ids, report)

    def test_limits_of_reviewers(self):
        for values, word in (
            ({"count_min": -1}, "negative"),
            ({"count_max": -1}, "negative"),
            ({"count_min": 5, "count_max": 3}, "more than"),
        ):
            with self.subTest(values), self.refused("Colleague", word):
                self.make_form(roles={"peer": values})
        self.make_form(roles={"peer": {"count_min": 5, "count_max": 0}})

    def test_the_organisation_does_not_know_project_leads(self):
        form = self.make_form(roles={"project": {}, "peer": {}})
        self.assertEqual(self.role(form, "project").nomination, "manager")
        self.assertEqual(self.role(form, "peer").nomination, "auto")
        with self.refused("Project lead", "Who Names Them"):
            self.role(form, "project").nomination = "auto"

    def test_what_is_never_shown_does_not_count(self):
        form = self.make_form()
        with self.refused("cannot count", "Conduct", "A form"):
            form.section_ids.sharing = "never"
        form.section_ids.write({"sharing": "never", "weight": 0})
        with self.refused("cannot count"):
            form.section_ids.weight = 10

    def test_a_section_is_answered_by_reviewers_of_its_form(self):
        form, other = self.make_form(), self.make_form("Other")
        with self.refused("Answered By", "Conduct"):
            form.section_ids.role_ids = other.role_ids
        form.section_ids.role_ids = self.role(form, "manager")

    def test_a_choice_needs_answers_to_choose_from(self):
        form = self.make_form()
        question = form.section_ids.question_ids
        options = [{"name": "Yes, and more"}, {"name": "In part"}]
        with self.refused("at least two", "Quality"):
            question.kind = "choice"
        with self.refused("at least two"):
            question.write(
                {"kind": "choice", "option_ids": [Command.create(options[0])]}
            )
        question.write(
            {"kind": "choice", "option_ids": [Command.create(one) for one in options]}
        )
        with self.refused("at least two"):
            question.option_ids[0].unlink()
        # exchanged in one go
        question.section_id.template_id.section_ids = [
            Command.update(
                question.section_id.id,
                {
                    "question_ids": [
                        Command.update(
                            question.id,
                            {
                                "option_ids": [
                                    Command.delete(question.option_ids[0].id),
                                    Command.create({"name": "No"}),
                                ]
                            },
                        )
                    ]
                },
            )
        ]
        self.assertEqual(question.option_ids.mapped("name"), ["In part", "No"])

    def test_answers_lie_on_the_scale(self):
        form = self.make_form()
        section, question = form.section_ids, form.section_ids.question_ids
        question.write(
            {
                "kind": "choice",
                "option_ids": [
                    Command.create({"name": "Much", "value": 120}),
                    Command.create({"name": "Not asked"}),
                ],
            }
        )
        self.assertIsNone(question.option_ids[1].value)
        with self.refused("Much", "between 1.0 and 5.0", self.frequency.name):
            section.scale_id = self.frequency
        for value in (float("nan"), float("inf"), 1e300):
            with self.subTest(value), self.refused("ordinary number"):
                question.option_ids[0].value = value
        question.option_ids[0].value = 5
        section.scale_id = self.frequency
        with self.refused("Much"):
            question.option_ids[0].value = 5.5
        copied = self.frequency.copy()
        section.scale_id = copied
        copied.level_ids.filtered(lambda level: level.value > 4).unlink()
        with self.refused("Much", "between 1.0 and 4.0"):
            copied.value_max = 4

    def test_other_figures_and_kinds(self):
        form = self.make_form()
        section, question = form.section_ids, form.section_ids.question_ids
        with self.refused("Words at Most", "Quality"):
            question.word_limit = -1
        for kind in ("goals", "competencies"):
            with self.subTest(kind), self.refused("no questions of its own"):
                section.kind = kind
        for record in (section, question, form.role_ids[0]):
            with self.subTest(record._name), self.refused("cannot be negative"):
                record.weight = -1
        bare = self.env["hr.performance.scale"].create({"name": "Bare"})
        with self.refused("no levels", "Bare"):
            section.scale_id = bare

    def test_a_role_reviews_once(self):
        form = self.make_form()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env[ROLE].create({"template_id": form.id, "role": "self"})


@tagged("post_install", "-at_install")
class TestLock(TemplateCase):
    def setUp(self):
        super().setUp()
        self.form = self.make_form(
            roles={"self": {"weight": 0}, "manager": {}, "peer": {}}
        )
        self.section = self.form.section_ids
        self.question = self.section.question_ids
        self.question.write(
            {
                "kind": "choice",
                "option_ids": [Command.create({"name": name}) for name in "ABC"],
            }
        )
        self.section.role_ids = self.role(self.form, "manager")

    def test_drafts_and_cancelled_ones_hold_nothing(self):
        draft = self.make_appraisal(open_it=False, template_id=self.form.id)
        self.assertFalse(self.form.is_locked)
        self.as_(self.question, "officer").name = "Changed"
        draft.action_open()
        self.env.invalidate_all()
        self.assertTrue(self.form.is_locked)
        draft.action_cancel("By mistake")
        self.env.invalidate_all()
        self.assertFalse(self.form.is_locked)
        self.as_(self.question, "officer").name = "Changed again"
        # its lines still name the question
        with self.refused("New version"):
            self.as_(self.question, "officer").unlink()

    def test_who_may_not_change_it_is_told_nothing(self):
        """Neither that it is in use, nor what it is called."""
        scale = self.cycle.scale_id.copy({"company_id": self.company.id})
        self.section.scale_id = scale
        self.use(self.form)
        for record, values in (
            (self.form, {"purpose": "mid_year"}),
            (self.section, {"name": "Other"}),
            (self.question.option_ids[0], {"value": 3}),
            (scale, {"value_max": 999}),
            (scale.level_ids[0], {"name": "Other"}),
        ):
            for who in ("employee", "other_officer"):
                with (
                    self.subTest(who, model=record._name),
                    self.assertRaises(AccessError),
                ):
                    self.as_(record, who).write(values)
            with (
                self.subTest("translations", model=record._name),
                self.assertRaises(AccessError),
            ):
                if "name" in record:
                    self.as_(record, "employee").update_field_translations(
                        "name", {"en_US": "Other"}
                    )

    def test_a_form_in_use_stays(self):
        self.use(self.form)
        for name in ("officer", "administrator"):
            for record, values in (
                (self.form, {"purpose": "mid_year"}),
                (self.form, {"rating_mode": "none"}),
                (self.form, {"is_blind": False}),
                (self.form, {"company_id": False}),
                (self.form, {"role_ids": [Command.create({"role": "other"})]}),
                (self.form, {"section_ids": [Command.create({"name": "More"})]}),
                (self.form, {"section_ids": [Command.delete(self.section.id)]}),
                (self.form, {"section_ids": [Command.clear()]}),
                (self.form.role_ids[0], {"weight": 5}),
                (self.form.role_ids[0], {"is_anonymous": False}),
                (self.section, {"name": "Other"}),
                (self.section, {"role_ids": [Command.clear()]}),
                (self.section, {"sharing": "never", "weight": 0}),
                (self.question, {"name": "Other"}),
                (self.question, {"word_limit": 3}),
                (self.question, {"option_ids": [Command.create({"name": "D"})]}),
                (self.question.option_ids[0], {"value": 3}),
            ):
                with (
                    self.subTest(name, model=record._name, values=values),
                    self.refused("is in use", "New version", self.form.name),
                ):
                    self.as_(record, name).write(values)
            for record in (
                self.form.role_ids[0],
                self.section,
                self.question,
                self.question.option_ids[0],
            ):
                with self.subTest(name, model=record._name):
                    with self.refused("is in use", "New version"):
                        self.as_(record, name).unlink()
                    if "name" in record._fields:
                        with self.refused("is in use"):
                            self.as_(record, name).update_field_translations(
                                "name", {"en_US": "Reworded"}
                            )

    def test_parts_are_not_smuggled_in_or_out(self):
        free = self.make_form("Free")
        self.use(self.form)
        for part, parent, value in (
            (self.form.role_ids[2], "template_id", free),
            (self.section, "template_id", free),
            (self.question, "section_id", free.section_ids),
            (free.section_ids, "template_id", self.form),
            (free.section_ids.question_ids, "section_id", self.section),
        ):
            with (
                self.subTest(part._name, parent=value.display_name),
                self.refused("is in use"),
            ):
                self.as_(part, "officer").write({parent: value.id})

    def test_whom_it_is_for_and_its_name_may_change(self):
        self.use(self.form)
        self.as_(self.form, "officer").write(
            {
                "name": "Renamed",
                "sequence": 3,
                "job_ids": [Command.set(self.job.ids)],
                "people_level": "leaders",
            }
        )
        self.as_(self.form, "officer").active = False

    def test_a_form_on_file_is_archived_not_deleted(self):
        appraisal = self.use(self.form)
        appraisal.action_cancel("By mistake")
        with self.refused("Archive it", self.form.name):
            self.as_(self.form, "officer").unlink()
        phase = self.env["hr.performance.cycle.phase"].create(
            {"cycle_id": self.cycle.id, "template_id": self.make_form("Planned").id}
        )
        with self.refused("Planned", phase.display_name):
            self.as_(phase.template_id, "officer").unlink()

    def test_the_scale_stays_as_well(self):
        scale = self.frequency.copy()
        self.section.scale_id = scale
        top = scale.level_ids[-1]
        self.as_(top, "officer").name = "Changed in time"
        self.use(self.form)
        for scale_in_use in (scale, self.scale):
            level = scale_in_use.level_ids[-1]
            for record, values in (
                (scale_in_use, {"value_max": 500}),
                (scale_in_use, {"level_ids": [Command.delete(level.id)]}),
                (level, {"value": level.value - 0.1}),
                (level, {"score_min": level.score_min - 0.1}),
                (level, {"description": "Less"}),
                (level, {"evidence_required": True}),
            ):
                with (
                    self.subTest(scale_in_use.name, values=values),
                    self.refused("Duplicate the scale", scale_in_use.name),
                ):
                    self.as_(record, "officer").write(values)
            with self.refused("Duplicate the scale"):
                self.as_(level, "officer").unlink()
        self.as_(scale, "officer").sequence = 99

    def test_who_may_not_change_forms_makes_no_version(self):
        self.use(self.form)
        for name in ("employee", "manager", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(self.form, name).action_new_version()

    def test_version_cannot_be_typed(self):
        for values in ({"version": 7}, {"previous_id": self.make_form("X").id}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.as_(self.form, "administrator").write(values)


@tagged("post_install", "-at_install")
class TestVersions(TestLock):
    """The same form, copied."""

    def test_a_copy_is_whole(self):
        self.form.section_ids = [
            Command.create(
                {
                    "name": "First",
                    "sequence": 1,
                    "role_ids": [Command.set(self.role(self.form, "peer").ids)],
                }
            ),
            Command.create({"name": "Everybody", "sequence": 5}),
        ]
        copied = self.as_(self.form, "officer").copy()
        self.assertEqual(copied.name, "A form (copy)")
        self.assertEqual((copied.version, copied.previous_id.id), (1, False))
        copied.invalidate_recordset()  # in the order of the sequence
        self.assertEqual(
            copied.section_ids.mapped("name"), ["First", "Everybody", "Conduct"]
        )
        self.assertEqual(
            [section.role_ids.mapped("role") for section in copied.section_ids],
            [["peer"], [], ["manager"]],
        )
        self.assertEqual(copied.section_ids.role_ids.template_id, copied)
        options = copied.section_ids.question_ids.option_ids
        self.assertEqual(options.mapped("name"), ["A", "B", "C"])
        self.assertFalse(options & self.question.option_ids)

    def test_a_new_version_can_be_changed(self):
        self.use(self.form)
        action = self.as_(self.form, "officer").action_new_version()
        new = self.form.browse(action["res_id"])
        self.assertEqual(
            (new.name, new.version, new.previous_id), ("A form", 2, self.form)
        )
        self.assertTrue(new.active)
        self.assertFalse(self.form.active)
        self.assertFalse(new.is_locked)
        self.as_(new.section_ids.question_ids, "officer").name = "Better asked"
        self.assertEqual(self.question.name, "Quality")
        self.assertEqual(new.section_ids.role_ids.mapped("role"), ["manager"])

    def test_versions_are_counted_in_one_line(self):
        forms = self.form
        for _number in range(3):
            action = forms[-1].action_new_version()
            forms |= self.form.browse(action["res_id"])
        # once more from the first one
        action = self.form.action_new_version()
        forms |= self.form.browse(action["res_id"])
        self.assertEqual(forms.mapped("version"), [1, 2, 3, 4, 5])
        self.env.invalidate_all()
        for form in forms:
            self.assertEqual(form.version_ids, forms)
            self.assertEqual(form.version_count, 5)
        self.assertEqual(self.make_form("Alone").version_count, 1)

    def test_plans_go_over_and_what_has_begun_stays(self):
        begun, planned = self.cycle, self.make_cycle("Next", template_id=self.form.id)
        begun.template_id = self.form
        closed = self.make_cycle("Former", template_id=self.form.id)
        closed.sudo().write({"state": "closed"})
        phases = self.env["hr.performance.cycle.phase"].create(
            [
                {"cycle_id": begun.id, "purpose": purpose, "template_id": self.form.id}
                for purpose in ("mid_year", "goal_setting")
            ]
        )
        schedule = self.env["hr.performance.schedule"].create(
            {
                "name": "After six months",
                "company_id": self.company.id,
                "purpose": "annual",
                "template_id": self.form.id,
                "first_months": 6,
            }
        )
        self.use(self.form)
        self.use(self.make_form("Other"), self.colleague)
        self.make_appraisal(
            self.manager, template_id=self.form.id, phase_id=phases[0].id
        )
        action = self.as_(self.form, "officer").action_new_version()
        new = self.form.browse(action["res_id"])
        self.assertEqual(planned.template_id, new)
        self.assertEqual((begun | closed).template_id, self.form)
        self.assertEqual(phases[0].template_id, self.form)
        self.assertEqual(phases[1].template_id, new)
        self.assertEqual(schedule.template_id, new)

    def test_in_use_is_searched(self):
        free = self.make_form("Free")
        self.use(self.form)
        forms = self.env["hr.performance.template"]
        domain = [("company_id", "=", self.company.id)]
        self.assertEqual(forms.search([("is_locked", "=", True), *domain]), self.form)
        self.assertEqual(forms.search([("is_locked", "=", False), *domain]), free)


@tagged("post_install", "-at_install")
class TestBestForm(TemplateCase):
    """director (Sales) ── manager (Sales North, Consultant) ── employee, colleague."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hr.performance.template"].search([]).active = False
        cls.general = cls.make_form("General", sequence=10)

    def best(self, employee=None, purpose="annual"):
        employee = employee or self.employee
        return self.form_of(employee, purpose)[employee]

    def form_of(self, employees, purpose="annual"):
        return self.env["hr.performance.template"]._best_for(
            employees, purpose, self.company
        )

    def test_the_general_one_without_a_better_one(self):
        self.assertEqual(self.best(), self.general)
        self.assertFalse(self.best(purpose="probation"))
        self.assertFalse(self.form_of(self.env["hr.employee"]))

    def test_the_most_specific_one(self):
        level = self.make_form("Others", people_level="others", sequence=99)
        self.assertEqual(self.best(), level)
        self.assertEqual(self.best(self.manager), self.general)
        unit = self.make_form(
            "Unit", department_ids=[Command.set(self.department.ids)], sequence=99
        )
        self.assertEqual(self.best(), unit)
        near = self.make_form(
            "Near", department_ids=[Command.set(self.department_sub.ids)], sequence=99
        )
        self.assertEqual(self.best(), near)
        self.assertEqual(self.best(self.director), unit)
        post = self.make_form("Post", job_ids=[Command.set(self.job.ids)], sequence=99)
        self.assertEqual(self.best(), post)
        self.assertEqual(self.best(self.director), unit)

    def test_all_that_is_named_has_to_hold(self):
        self.make_form(
            "Leading consultants",
            job_ids=[Command.set(self.job.ids)],
            people_level="leaders",
        )
        elsewhere = self.make_form(
            "Consultants elsewhere",
            job_ids=[Command.set(self.job.ids)],
            department_ids=[Command.set(self.department_sibling.ids)],
        )
        self.assertEqual(self.best(), self.general)
        self.assertEqual(self.best(self.manager).name, "Leading consultants")
        self.employee.department_id = self.department_sibling
        self.assertEqual(self.best(), elsewhere)

    def test_the_sequence_decides_among_equals(self):
        first = self.make_form("First", sequence=1)
        self.make_form("Later", sequence=20)
        self.assertEqual(self.best(), first)
        self.make_form("Of company 2", sequence=0, company_id=self.company_2.id)
        self.assertEqual(self.best(), first)
        shared = self.make_form("Shared", sequence=0, company_id=False)
        self.assertEqual(self.best(), shared)
        shared.active = False
        self.assertEqual(self.best(), first)

    def test_as_many_queries_for_many(self):
        self.make_form("Post", job_ids=[Command.set(self.job.ids)])
        self.make_form("Unit", department_ids=[Command.set(self.department.ids)])
        crowd = self.env["hr.employee"].create(
            [
                {
                    "name": f"Number {number}",
                    "company_id": self.company.id,
                    "parent_id": self.manager.id,
                }
                for number in range(30)
            ]
        )

        def queries(employees):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.form_of(employees)
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(self.employee), queries(crowd | self.employee))
        self.assertLessEqual(queries(crowd), 8)

    def test_managers_without_rights_on_employees_ask_too(self):
        form = self.make_form("Post", job_ids=[Command.set(self.job.ids)])
        forms = self.as_(self.env["hr.performance.template"], "officer")
        best = forms._best_for(self.employee, "annual", self.company)
        self.assertEqual(best[self.employee], form)


@tagged("post_install", "-at_install")
class TestHints(TemplateCase):
    ANONYMOUS = {"is_anonymous": True}

    def problems(self, employees=None, minimum=3, **roles):
        form = self.make_form(roles={"manager": {}} | roles)
        return form._promise_problems(minimum, employees)

    def test_a_form_without_anonymous_reviewers_promises_nothing(self):
        self.assertEqual(self.problems(peer={}), [])

    def test_too_few_may_be_asked(self):
        nominated = self.ANONYMOUS | {"nomination": "employee"}
        [problem] = self.problems(peer=nominated | {"count_min": 1, "count_max": 2})
        self.assertIn("at most 2", problem)
        self.assertIn("dropped", problem)
        [problem] = self.problems(peer=nominated | {"count_min": 2})
        self.assertIn("At Least", problem)
        self.assertEqual(self.problems(peer=nominated | {"count_min": 3}), [])
        self.assertEqual(
            len(self.problems(minimum=4, peer=nominated | {"count_min": 3})), 1
        )

    def test_too_few_beside_or_below(self):
        """employee and colleague have one peer each; manager and director few reports."""
        everybody = self.employee | self.colleague | self.manager | self.director
        [problem] = self.problems(everybody, peer=self.ANONYMOUS)
        self.assertIn("Employee", problem)
        self.assertIn("Colleague", problem)
        # officer and administrator stand beside the manager: fewer than three, too
        self.assertIn("Manager", problem)
        self.assertNotIn("Director", problem)
        [problem] = self.problems(
            everybody,
            report=self.ANONYMOUS | {"merge_into": "peer"},
            peer=self.ANONYMOUS | {"nomination": "employee", "count_min": 4},
        )
        self.assertIn("Manager", problem)
        self.assertNotIn("Director", problem)  # three report to the director
        self.assertIn("join those of “Colleague”", problem)

    def test_who_has_no_user_cannot_be_asked(self):
        newcomers = self.env["hr.employee"].create(
            [
                {
                    "name": f"Newcomer {number}",
                    "company_id": self.company.id,
                    "parent_id": self.manager.id,
                }
                for number in range(2)
            ]
        )
        sizes = self.env["hr.performance.template"]._group_sizes(
            self.manager | self.employee | newcomers
        )
        self.assertEqual(sizes[self.manager.id], {"report": 2, "peer": 2})
        self.assertEqual(sizes[self.employee.id], {"report": 0, "peer": 1})
        self.assertEqual(sizes[newcomers[0].id], {"report": 0, "peer": 2})
        [problem] = self.problems(self.manager, report=self.ANONYMOUS)
        self.assertIn("Manager", problem)

    def test_nobody_asked_is_no_broken_promise(self):
        self.assertEqual(self.problems(self.employee, report=self.ANONYMOUS), [])

    def test_a_second_manager_is_one(self):
        [problem] = self.problems(second=self.ANONYMOUS)
        self.assertIn("one person", problem)

    def test_what_nobody_answers_or_counts_is_said(self):
        form = self.make_form(roles={"self": {"weight": 0}, "manager": {}, "peer": {}})
        self.assertFalse(form.hints)
        form.section_ids.role_ids = self.role(form, "self") | self.role(form, "manager")
        self.assertIn("“Colleague” has nothing to answer", form.hints)
        form.section_ids.write({"sharing": "never", "weight": 0})
        self.assertIn("never shown to the person", form.hints)
        self.assertIn("No section counts", form.hints)
        form.section_ids = [
            Command.create({"name": "All goals", "kind": "goals", "sequence": 1}),
            Command.create(
                {
                    "name": "Results",
                    "kind": "goals",
                    "goal_filter": "result",
                    "sequence": 2,
                }
            ),
            Command.create({"name": "Bare"}),
        ]
        self.assertIn("“Results” gets no goals", form.hints)
        self.assertIn("“Bare” has no questions", form.hints)
        self.assertNotIn("“All goals”", form.hints)

    def test_the_minimum_is_that_of_the_open_cycles(self):
        form = self.make_form()
        self.assertEqual(form._usual_minimum(), 3)
        self.cycle.anonymity_minimum = 5
        self.assertEqual(form._usual_minimum(), 5)


@tagged("post_install", "-at_install")
class TestFormScreen(TemplateCase):
    def test_an_officer_makes_a_form_on_the_screen(self):
        forms = self.as_(self.env["hr.performance.template"], "officer")
        screen = Form(forms)
        screen.name = "Made by hand"
        with screen.section_ids.new() as section:
            section.name = "Values"
            section.kind = "criteria"
            section.sharing = "never"
            self.assertEqual(section.weight, 0)
            with section.question_ids.new() as question:
                question.name = "Courage"
                question.kind = "rating"
        with screen.role_ids.new() as role:
            role.role = "project"
            self.assertEqual(role.nomination, "manager")
        form = screen.save()
        self.assertEqual(form.role_ids.mapped("role"), ["self", "manager", "project"])
        self.assertEqual(form.section_ids.question_ids.name, "Courage")

    def test_a_form_in_use_is_read_only_on_the_screen(self):
        form = self.make_form()
        self.use(form)
        screen = Form(self.as_(form, "officer"))
        screen.name = "A new name is fine"
        screen.save()
        with self.assertRaises(AssertionError):
            screen.purpose = "exit"


#: what the issue asks for, by its purpose
READY = {
    "results": "annual",
    "process": "annual",
    "competency": "annual",
    "blended": "annual",
    "kpi_kpr": "annual",
    "okr": "annual",
    "mrs_leader": "annual",
    "360": "feedback",
    "probation": "probation",
    "mid_year": "mid_year",
    "goal_setting": "goal_setting",
    "project": "project",
    "exit": "exit",
}


@tagged("post_install", "-at_install")
class TestReadyForms(TemplateCase):
    """The forms that come with the app hold what every form has to hold."""

    def ready(self):
        return {name: self.env.ref(f"hr_performance.template_{name}") for name in READY}

    def test_they_are_valid(self):
        for name, form in self.ready().items():
            with self.subTest(name):
                form.with_context(install_module=None)._check_parts()
                self.assertEqual(form.purpose, READY[name])
                self.assertTrue(form.description)
                self.assertIn("self", form.role_ids.mapped("role"))
                self.assertEqual(list(form._shape_problems()), [])
                self.assertTrue(all(form.section_ids.mapped("description")))

    def test_conversations_have_no_score(self):
        forms = self.ready()
        for name in ("okr", "mid_year", "goal_setting", "exit"):
            self.assertEqual(forms[name].rating_mode, "none")
            self.assertFalse(any(forms[name].section_ids.mapped("weight")))

    def test_weights_are_shares(self):
        for name, form in self.ready().items():
            if form.rating_mode != "none":
                with self.subTest(name):
                    self.assertEqual(sum(form.section_ids.mapped("weight")), 100)
                    self.assertEqual(sum(form.role_ids.mapped("weight")), 100)

    def test_scales_are_anchored(self):
        scales = self.env["hr.performance.scale"].union(
            *(form.section_ids.scale_id for form in self.ready().values())
        )
        self.assertGreaterEqual(len(scales), 5)
        for level in scales.level_ids:
            with self.subTest(level.scale_id.name, level=level.name):
                self.assertTrue(level.description)
        for name in ("process", "steering", "result"):
            levels = self.env.ref(f"hr_performance.scale_{name}").level_ids
            self.assertEqual(
                levels.mapped("evidence_required"), [True, False, False, False, True]
            )

    def test_each_purpose_has_a_form(self):
        forms = self.env["hr.performance.template"]
        for purpose in set(READY.values()):
            best = forms._best_for(self.employee, purpose, self.company)
            self.assertEqual(best[self.employee].purpose, purpose)
        # leaders have one of their own
        best = forms._best_for(self.employee | self.manager, "annual", self.company)
        self.assertEqual(
            best[self.employee], self.env.ref("hr_performance.template_standard")
        )
        self.assertEqual(best[self.manager], self.ready()["mrs_leader"])

    def test_each_can_be_opened(self):
        for name, form in self.ready().items():
            with self.subTest(name):
                appraisal = self.use(form, self.people["manager"])
                self.assertEqual(appraisal.purpose, READY[name])
                self.assertEqual(appraisal.state, "open")
                appraisal.action_cancel("Only tried")


@tagged("post_install", "-at_install")
class TestPreview(TemplateCase):
    def preview(self, form, role):
        return self.as_(form, "officer")._preview_form(role)

    def test_each_ready_form_as_each_of_its_reviewers(self):
        forms = TestReadyForms.ready(self)
        for name, form in forms.items():
            for role in form.role_ids.mapped("role"):
                with self.subTest(name, role=role):
                    shown = self.preview(form, role)
                    self.assertTrue(shown["readonly"])
                    self.assertTrue(shown["sections"])
                    for section in shown["sections"]:
                        self.assertTrue(section["items"], section["name"])
                        self.assertTrue(section["tag"]["text"], section["name"])
                        for item in section["items"]:
                            if item["is_rated"]:
                                self.assertTrue(section["levels"], item["name"])
                            if item["kind"] == "choice":
                                self.assertGreater(len(item["options"]), 1)
                            if item["kind"] == "skill":
                                self.assertTrue(item["levels"])

    def test_who_is_not_asked_sees_nothing(self):
        form = self.make_form(roles={"self": {}, "manager": {}, "peer": {}})
        form.section_ids.role_ids = self.role(form, "manager")
        self.assertEqual(len(self.preview(form, "manager")["sections"]), 1)
        for role in ("self", "peer", "report"):
            with self.subTest(role):
                self.assertEqual(self.preview(form, role)["sections"], [])

    def test_it_says_who_will_read_the_answers(self):
        form = self.make_form(
            roles={"self": {}, "manager": {}, "peer": {"is_anonymous": True}}
        )
        kinds = {
            role: self.preview(form, role)["sections"][0]["tag"]["kind"]
            for role in ("self", "manager", "peer")
        }
        self.assertEqual(kinds, {"self": "own", "manager": "named", "peer": "together"})
        form.section_ids.write({"sharing": "never", "weight": 0})
        tag = self.preview(form, "manager")["sections"][0]["tag"]
        self.assertEqual(tag["kind"], "never")

    def test_the_dialog_follows_the_role_chosen(self):
        form = self.make_form(roles={"self": {}, "manager": {}, "peer": {}})
        form.section_ids.role_ids = self.role(form, "manager")
        form.section_ids = [Command.create({"name": "Bare", "kind": "competencies"})]
        action = self.as_(form, "officer").action_preview()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        screen = Form(self.as_(dialog, "officer"))
        self.assertEqual(screen.role_id.role, "self")
        self.assertIn("Employee sees 1 of 2", screen.sees)
        screen.role_id = self.role(form, "manager")
        self.assertIn("Manager sees 2 of 2", screen.sees)
        self.assertEqual(len(screen.form["sections"]), 2)
        form.section_ids[-1].role_ids = self.role(form, "self")
        screen = Form(self.as_(dialog, "officer"))
        screen.role_id = self.role(form, "peer")
        self.assertIn("sees nothing", screen.sees)
        self.assertIn("“Colleague” has nothing to answer", screen.hints)

    def test_previews_are_for_officers(self):
        form = self.make_form()
        for name in ("employee", "manager", "other_officer"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_(form, name).action_preview()
