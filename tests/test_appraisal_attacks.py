"""Steps, ratings and each other's part of an appraisal: nobody takes what is not theirs.

Generated from the tables and fields of the models, so that a new step or field is asked of
as well.
"""

import json

from odoo.tests import tagged

from .rpc import Refused, RpcCommon
from .test_rpc_leaks import SECRET, LeakCommon

#: what each person of :class:`PerformanceCommon` is to an appraisal of the employee
ROLES = {
    "employee": {"self"},
    "manager": {"manager", "appraiser"},
    "director": {"manager"},
    "colleague": set(),
    "officer": {"officer"},
    "administrator": {"officer", "administrator"},
    "other_employee": set(),
    "other_officer": set(),
}
REASON = "Because it has to be"


@tagged("post_install", "-at_install")
class TestSteps(RpcCommon):
    """Each step is refused to everyone whom the table does not name."""

    #: what the method of a step is called, and given, where that is not ``action_<step>()``
    METHODS = {
        "revise": ("action_reopen", REASON),
        "reopen": ("action_reopen", REASON),
        "cancel": ("action_cancel", REASON),
        "refuse": ("action_refuse", REASON),
    }

    def assertFollowsTable(self, record, roles):
        """Every step from every state by everybody, as the table of ``record`` says."""
        tried = 0
        for name, step in record._transitions.items():
            method, *args = self.METHODS.get(name, (f"action_{name}",))
            self.assertTrue(hasattr(record, method), name)
            for state in dict(record._fields["state"].selection):
                # of two steps with one method the table says which starts from here
                named = {
                    role
                    for other, one in record._transitions.items()
                    if self.METHODS.get(other, (f"action_{other}",))[0] == method
                    and state in one.sources
                    for role in one.roles
                }
                for who, is_what in roles.items():
                    if named & is_what:
                        continue
                    tried += 1
                    self._set_state(record, state)
                    with self.subTest(f"{record._name} {name} from {state} by {who}"):
                        self.assertRefused(who, record, method, *args)
                        self.assertEqual(record.state, state)
                for who, is_what in roles.items():
                    self._set_state(record, state)
                    expected = state in step.sources and bool(step.roles & is_what)
                    try:
                        allowed = self.rpc(who, record, "read", ["allowed_transitions"])
                    except Refused:
                        continue
                    allowed = name in (allowed[0]["allowed_transitions"] or [])
                    # buttons may be fewer, where there is nothing to do
                    self.assertLessEqual(allowed, expected, f"{name} {state} {who}")
        return tried

    def _set_state(self, record, state):
        """Put it there past all steps; in superuser mode."""
        if record.state != state:
            values = {"state": state}
            if "is_collecting" in record:
                values["is_collecting"] = state == "open"
            record.sudo().write(values)
        self.env.flush_all()

    def test_appraisal(self):
        appraisal = self.make_appraisal()
        self.assertGreater(self.assertFollowsTable(appraisal, ROLES), 200)

    def test_nomination(self):
        form = self.env.ref("hr_performance.template_standard").copy()
        form.role_ids.create(
            {"template_id": form.id, "role": "peer", "nomination": "employee"}
        )
        appraisal = self.make_appraisal(template_id=form.id)
        request = appraisal.request_ids.filtered(lambda one: one.role == "self")
        self.rpc("employee", request, "action_propose", "peer", self.colleague.ids)
        nomination = appraisal.nomination_ids
        self.assertEqual(nomination.state, "proposed")
        self.assertGreater(self.assertFollowsTable(nomination, ROLES), 20)

    def test_own_appraisal_of_the_mighty(self):
        """Neither officers nor administrators take a step on their own but answering it."""
        for who in ("officer", "administrator"):
            appraisal = self.make_appraisal(self.people[who])
            for name, step in appraisal._transitions.items():
                method, *args = self.METHODS.get(name, (f"action_{name}",))
                if "self" in step.roles:
                    continue
                for state in step.sources:
                    self._set_state(appraisal, state)
                    self.assertRefused(who, appraisal, method, *args)
                    self.assertEqual(appraisal.state, state)
            self._set_state(appraisal, "draft")

    def test_request(self):
        """Only its reviewer answers a request; only the manager named and HR move it."""
        appraisal = self.make_appraisal()
        project = appraisal.request_ids.create(
            {
                "appraisal_id": appraisal.id,
                "role": "project",
                "reviewer_id": self.colleague.id,
            }
        )
        for request in appraisal.request_ids:
            author = request.reviewer_id.user_id
            for who, user in self.users.items():
                if user == author:
                    continue
                for method, args in (
                    ("write", ({"draft": {}},)),
                    ("action_submit", ()),
                    ("action_decline", (REASON,)),
                ):
                    with self.subTest(f"{request.role} {method} {who}"):
                        self.assertRefused(who, request, method, *args)
            self.assertEqual(request.state, "to_do")
        for who in ROLES:
            if who in ("manager", "officer", "administrator"):
                continue
            for method, args in (
                ("action_reassign", (self.director.id,)),
                ("action_withdraw", ()),
            ):
                self.assertRefused(who, project, method, *args)
        self.assertEqual(project.reviewer_id, self.colleague)

    def test_launch(self):
        launch = self.env["hr.performance.launch"].create(
            {"cycle_id": self.cycle.id, "company_id": self.company.id}
        )
        for who in (
            "employee",
            "manager",
            "director",
            "colleague",
            "other_employee",
            "other_officer",
        ):
            for method in ("action_start", "read", "unlink", "action_view_appraisals"):
                self.assertRefused(who, launch, method)
            self.assertRefused(who, self.cycle, "action_launch_appraisals")
        self.assertFalse(self.cycle.appraisal_ids)


@tagged("post_install", "-at_install")
class TestNothingIsTyped(RpcCommon):
    """No score, rating, state or derivation is written, by whoever and however."""

    WHO = ("employee", "manager", "officer", "administrator")
    #: of each type something to write
    VALUES = {
        "integer": 99,
        "float": 99.5,
        "boolean": True,
        "date": "2001-01-01",
        "datetime": "2001-01-01 00:00:00",
        "json": {"value": 99},
        "char": "Forged",
        "text": "Forged",
        "html": "Forged",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agree(cls.make_goal(None, (cls.ind_sum, 10)))
        cls.appraisal = cls.make_appraisal()
        cls.done = cls.make_appraisal(
            cycle_id=cls.make_cycle("Last").id,
        )
        for role in ("self", "manager"):
            cls.answer_all(cls.done, role)
        cls.done.with_user(cls.manager_user).action_assess()
        cls.nomination = cls.env["hr.performance.nomination"].create(
            {
                "appraisal_id": cls.appraisal.id,
                "role": "peer",
                "reviewer_id": cls.colleague.id,
            }
        )
        cls.launch = cls.env["hr.performance.launch"].create(
            {"cycle_id": cls.cycle.id, "company_id": cls.company.id}
        )

    def _value(self, record, field):
        if field.type == "selection":
            known = field.get_values(self.env)
            return next((one for one in known if one != record[field.name]), known[0])
        if field.type == "boolean":
            return not record[field.name]
        if field.type == "many2one":
            comodel = self.env[field.comodel_name].sudo()
            other = comodel.search([("id", "!=", record[field.name].id)], limit=1)
            return other.id or False
        return self.VALUES.get(field.type)

    def _guarded(self, record):
        """The fields of ``record`` that follow from something and are stored."""
        for name, field in record._fields.items():
            if (
                record._is_method_only(name)
                and field.column_type
                and not field.company_dependent
                and self._value(record, field) is not None
            ):
                yield name, self._value(record, field)

    def test_every_field_that_follows(self):
        tried = 0
        for record in (
            self.appraisal,
            self.done,
            self.appraisal.item_ids[:1],
            self.done.item_ids[-1:],
            self.appraisal.request_ids.filtered(lambda one: one.role == "self"),
            self.done.request_ids.filtered(lambda one: one.role == "manager"),
            self.nomination,
            self.launch,
        ):
            for name, value in list(self._guarded(record)):
                before = record.sudo().read([name])[0][name]
                for who in self.WHO:
                    tried += 1
                    with self.subTest(f"{record._name}.{name} {who}"):
                        self.assertRefused(who, record, "write", {name: value})
                        after = record.sudo().read([name])[0][name]
                        self.assertEqual(after, before)
        self.assertGreater(tried, 250)

    def test_results_are_guarded(self):
        """What a result consists of is among what only methods set, on every model."""
        for model, names in (
            (
                "appraisal",
                "state score coverage derivation level_suggested_id level_manager_id"
                " level_final_id result_source released_date acknowledged_date agreed"
                " employee_statement override_reason is_collecting anonymity_minimum"
                " collection_closed_on anonymous_answered_count",
            ),
            ("appraisal.item", "score suggested_level_id assessed_level_id name kind"),
            (
                "request",
                "state role reviewer_id is_anonymous submitted_on decline_reason share"
                " is_handover appraisal_id",
            ),
            ("nomination", "state refuse_reason role reviewer_id appraisal_id"),
        ):
            record = self.env[f"hr.performance.{model}"]
            for name in names.split():
                self.assertTrue(record._is_method_only(name), f"{model}.{name}")

    def test_models_without_a_guard_hold_no_results(self):
        """Whoever may write a model of this addon writes nothing that is worked out."""
        guard = self.env.registry["hr.performance.guard.mixin"]
        for name, model in self.env.registry.items():
            if not name.startswith("hr.performance.") or model._abstract:
                continue
            record = self.env[name]
            if model._transient or not model._auto or isinstance(record, guard):
                continue
            writers = self.env["ir.model.access"].search(
                [("model_id.model", "=", name), ("perm_write", "=", True)]
            )
            if not writers:
                continue
            worked_out = [
                field.name
                for field in model._fields.values()
                if field.store
                and field.readonly
                and (field.compute or field.name in ("state", "score", "derivation"))
                and not field.related
            ]
            self.assertFalse(worked_out, name)

    def test_answers_are_nobodys_to_write(self):
        """Reviews and answers are neither made, changed nor deleted by anybody."""
        review = self.done.review_ids[:1]
        answer = review.answer_ids[:1]
        for who in (*self.WHO, "director", "colleague"):
            for record, values in (
                (review, {"role": "peer"}),
                (review, {"reviewer_id": False}),
                (review, {"submitted_on": "2001-01-01"}),
                (review, {"share": 0.0}),
                (answer, {"value": 99}),
                (answer, {"level_id": False}),
                (answer, {"text": "Forged"}),
                (answer, {"dont_know": True}),
                (answer, {"sharing": "shared"}),
            ):
                self.assertRefused(who, record, "write", values)
                self.assertRefused(who, record, "unlink")
                self.assertRefused(who, record, "copy")
            self.assertRefused(
                who,
                review.browse(),
                "create",
                {
                    "appraisal_id": self.appraisal.id,
                    "role": "manager",
                    "reviewer_id": self.manager.id,
                },
            )
            self.assertRefused(
                who,
                answer.browse(),
                "create",
                {
                    "review_id": review.id,
                    "item_id": self.done.item_ids[:1].id,
                    "value": 99,
                },
            )
            for values in (
                {"review_ids": [(1, review.id, {"role": "peer"})]},
                {"review_ids": [(0, 0, {"role": "peer"})]},
                {"review_ids": [(5, 0, 0)]},
                {"item_ids": [(1, self.done.item_ids[:1].id, {"score": 99})]},
            ):
                self.assertRefused(who, self.done, "write", values)


@tagged("post_install", "-at_install")
class TestEachOthersPart(LeakCommon):
    """Manager and employee read each other's part when it is shared, and not before."""

    def answer(self, request):
        """A submitted review with the secret word in every text."""
        levels = self.appraisal.scale_id.level_ids
        draft = {
            str(item.id): {"text": SECRET}
            | ({"level_id": levels[-1].id} if item.kind == "rating" else {})
            for item in self.appraisal.item_ids
            if item.kind in ("rating", "text")
        }
        request = self.as_(request, request.reviewer_id.user_id)
        request.draft = draft
        request.action_submit()
        self.env.invalidate_all()

    def found(self, who):
        return [what for what, told in self.all_answers(who) if SECRET in told]

    def questions(self, who):
        """``{question: what is counted}`` about answers that one does not see."""
        answers = self.env["hr.performance.answer"]
        others = [("review_id.reviewer_id.user_id", "!=", self.users[who].id)]
        asked = {
            "answers": (answers, "search_count", (others,)),
            "texts": (answers, "search_count", ([*others, ("text", "ilike", SECRET)],)),
            "reviews": (
                self.env["hr.performance.review"],
                "search_count",
                ([("reviewer_id.user_id", "!=", self.users[who].id)],),
            ),
            "values": (
                answers,
                "formatted_read_group",
                (others, [], ["value:sum", "__count"]),
            ),
            "items": (
                self.env["hr.performance.appraisal.item"],
                "search_count",
                ([("answer_ids.text", "ilike", SECRET)],),
            ),
            "appraisals": (
                self.env["hr.performance.appraisal"],
                "search_count",
                ([("review_ids.answer_ids.text", "ilike", SECRET)],),
            ),
            "scores": (
                self.env["hr.performance.appraisal.item"],
                "search_count",
                ([("kind", "=", "rating"), ("score", "!=", False)],),
            ),
            "requests": (
                self.env["hr.performance.request"],
                "search_count",
                ([("appraisal_id.review_ids.answer_ids.text", "ilike", SECRET)],),
            ),
        }
        for name, (records, method, args) in asked.items():
            told = self.answer_of(who, records, method, *args)
            values = json.loads(told) if told else 0
            if isinstance(values, list):
                values = values[0].get("__count", 0) if values else 0
            yield name, values

    def assertNothing(self, who):
        self.assertFalse(self.found(who), who)
        told = {name: value for name, value in self.questions(who) if value}
        self.assertFalse(told, who)
        exported = self.answer_of(
            who,
            self.appraisal,
            "export_data",
            ["review_ids/answer_ids/text", "item_ids/answer_ids/text", "score"],
        )
        self.assertNotIn(SECRET, exported)

    def test_the_employees_part_before_the_managers_own(self):
        self.answer(self.own_request)
        for group in (None, "officer", "manager"):
            if group:
                self.manager_user.group_ids |= self.env.ref(
                    f"hr_performance.group_hr_performance_{group}"
                )
            self.assertNothing("manager")
        # neither in what it comes to
        self.assertIsNone(self.appraisal.item_ids.filtered("answer_ids")[:1].score)
        self.answer(self.manager_request)
        self.assertTrue(self.found("manager"))
        self.assertTrue(dict(self.questions("manager"))["texts"])

    def test_the_managers_part_before_the_release(self):
        self.answer(self.manager_request)
        self.assertNothing("employee")
        self.answer(self.own_request)
        level = self.appraisal.scale_id.level_ids[0]
        self.as_(self.appraisal, "manager").action_assess(level.id, SECRET)
        own = self.appraisal.review_ids.filtered(lambda one: one.role == "self")
        others = [
            ("text", "ilike", SECRET),
            ("review_id", "not in", own.ids),
        ]
        answers = self.env["hr.performance.answer"]
        self.assertEqual(self.rpc("employee", answers, "search_count", others), 0)
        self.assertRefused("employee", self.appraisal, "read", ["override_reason"])
        self.rpc("officer", self.appraisal, "action_release")
        self.assertTrue(self.rpc("employee", answers, "search_count", others))
        told = self.rpc("employee", self.appraisal, "read", ["override_reason"])
        self.assertEqual(told[0]["override_reason"], SECRET)
