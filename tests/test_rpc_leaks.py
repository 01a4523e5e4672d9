"""Nobody learns what they may not read: not by reading, not by asking around it.

The first class hides a word in every text and looks for it in everything that the server
answers; the second one guesses at hidden figures through domains, groups and orders.
"""

import contextlib
import json

from odoo.fields import Command
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .rpc import Refused, RpcCommon

SECRET = "SECRET-4711"
#: what the result consists of; each has figures or texts to guess at
RESULT_MODELS = {
    "hr.performance.appraisal": ("score", "level_suggested_id", "level_manager_id"),
    "hr.performance.appraisal.item": ("score",),
    "hr.performance.review": ("submitted_on",),
    "hr.performance.answer": ("value", "level_id", "text"),
    "hr.performance.request.draft": ("id",),
}


class LeakCommon(RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.agree(cls.make_goal(None, (cls.ind_sum, 10), name="Visible"))
        cls.add_reading(cls.ind_sum, 9.37)
        cls.appraisal = cls.make_appraisal()
        cls.own_request = cls.appraisal.request_ids.filtered(lambda r: r.role == "self")
        cls.manager_request = cls.appraisal.request_ids - cls.own_request

    def answer_of(self, who, records, method, *args, **kwargs):
        """What the server says, as text; nothing when it refuses in any way."""
        try:
            with mute_logger("odoo.http"):
                return json.dumps(self.rpc(who, records, method, *args, **kwargs))
        except (Refused, JsonRpcException):
            return ""

    @classmethod
    def models_of_interest(cls):
        """The addon's models, and those of Odoo that show things about its records."""
        names = [
            name
            for name, model in cls.env.registry.items()
            if name.startswith("hr.performance.") and not model._abstract
        ]
        names += [
            "hr.employee",
            "hr.employee.public",
            "hr.department",
            "res.users",
            "mail.message",
            "mail.activity",
            "mail.followers",
            "mail.tracking.value",
            "mail.notification",
            "ir.attachment",
        ]
        return [cls.env[name] for name in names]

    def all_answers(self, who):
        """``(what was asked, what came back)`` for everything ``who`` can list."""
        for model in self.models_of_interest():
            domain = {
                # the others of these are not ours, and many
                "mail.message": [("model", "=like", "hr.performance.%")],
                "ir.attachment": [("res_model", "=like", "hr.performance.%")],
            }.get(model._name, [])
            answer = self.answer_of(who, model, "search_read", domain)
            yield model._name, answer
            names = [
                name
                for name, field in model._fields.items()
                if field.type in ("char", "text", "html", "json", "many2one")
            ]
            if not answer:
                # one by one: a field that cannot be read hides none of the others
                for name in names:
                    answer = self.answer_of(who, model, "search_read", domain, [name])
                    yield f"{model._name}.{name}", answer
            yield (
                f"name_search {model._name}",
                self.answer_of(who, model, "name_search"),
            )
        for model in (
            self.own_request,
            self.manager_request,
            self.appraisal,
            self.appraisal.item_ids,
            self.appraisal.review_ids,
        ):
            names = [name for name in model._fields if name not in ("id", "ids")]
            for record in model:
                yield f"read {record}", self.answer_of(who, record, "read")
                yield (
                    f"export {record}",
                    self.answer_of(who, record, "export_data", names),
                )
        mine = self.env["hr.performance.mine"]
        yield "my performance", self.answer_of(who, mine, "get_my_performance")


@tagged("post_install", "-at_install")
class TestSecretWord(LeakCommon):
    """A word that is nowhere to be found by those it is not for."""

    def assertKept(self, *outsiders, insiders=()):
        """Nobody of ``outsiders`` finds the word; each of ``insiders`` does."""
        for who in outsiders:
            found = [what for what, answer in self.all_answers(who) if SECRET in answer]
            self.assertFalse(found, f"{who} reads it in {found}")
        for who in insiders:
            found = [what for what, answer in self.all_answers(who) if SECRET in answer]
            self.assertTrue(
                found, f"{who} does not see it either: the test sees nothing"
            )

    def _text_item(self):
        return self.appraisal.item_ids.filtered(lambda item: item.kind == "text")[:1]

    def test_draft(self):
        """The unsent review is its author's alone; officers and administrators too."""
        draft = {str(self._text_item().id): {"text": SECRET}}
        self.manager_request.with_user(self.manager_user).draft = draft
        self.assertKept(
            "employee",
            "director",
            "colleague",
            "officer",
            "administrator",
            "other_officer",
            insiders=("manager",),
        )

    def test_draft_of_the_employee(self):
        draft = {str(self._text_item().id): {"text": SECRET}}
        self.own_request.with_user(self.employee_user).draft = draft
        self.assertKept(
            "manager", "director", "officer", "administrator", insiders=("employee",)
        )

    def test_draft_taken_back(self):
        """A submitted review that is reopened is a draft again, for its author alone."""
        self._assess()
        self.appraisal.action_reopen("Once more")
        self.assertEqual(self.appraisal.state, "open")
        self.assertKept(
            "employee", "director", "officer", "administrator", insiders=("manager",)
        )

    def test_draft_is_wiped(self):
        """Declined, submitted or passed on: no draft stays behind."""
        drafts = self.env["hr.performance.request.draft"]
        draft = {str(self._text_item().id): {"text": SECRET}}
        self.manager_request.with_user(self.manager_user).draft = draft
        self.assertEqual(drafts.search_count([]), 1)
        self.appraisal.manager_id = self.director
        self.assertEqual(self.manager_request.reviewer_id, self.director)
        self.assertEqual(drafts.search_count([]), 0)
        self.assertKept("manager", "director", "employee", "officer")

    def _assess(self):
        """The manager has answered and settled a rating of their own, with secret words."""
        item = self._text_item()
        levels = self.appraisal.scale_id.level_ids
        answers = {
            str(rated.id): {"level_id": levels[-1].id, "text": SECRET}
            for rated in self.appraisal.item_ids
            if rated.kind == "rating"
        }
        answers[str(item.id)] = {"text": SECRET}
        request = self.manager_request.with_user(self.manager_user)
        request.draft = answers
        request.action_submit()
        self.env.invalidate_all()
        self.appraisal.with_user(self.manager_user).action_assess(levels[0].id, SECRET)

    def test_result_before_release(self):
        self._assess()
        self.appraisal.with_user(self.manager_user).message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertKept(
            "employee", "colleague", "other_officer", insiders=("manager", "officer")
        )

    def test_talk_after_release(self):
        """What manager and HR say below the appraisal stays theirs, also in copies."""
        self.appraisal = self.appraisal.with_context(
            tracking_disable=False, mail_notrack=False, mail_create_nosubscribe=False
        )
        for role in ("self", "manager"):
            self.answer_all(self.appraisal, role)
        self.appraisal.with_user(self.manager_user).action_assess()
        self.appraisal.with_user(self.officer_user).action_release()
        self.assertNotIn(
            self.employee_user.partner_id, self.appraisal.message_partner_ids
        )
        self.assertRefused(
            "employee",
            self.appraisal,
            "message_subscribe",
            self.employee_user.partner_id.ids,
        )
        self.assertNotIn(
            self.employee_user.partner_id, self.appraisal.message_partner_ids
        )
        self.rpc("employee", self.appraisal, "action_acknowledge", True, "Thanks")
        self.rpc(
            "manager",
            self.appraisal,
            "message_post",
            body=SECRET,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertNotIn(
            self.employee_user.partner_id, self.appraisal.message_partner_ids
        )
        self.assertKept("employee", "colleague", insiders=("manager", "officer"))
        self.assertNotIn(SECRET, self._thread("employee", self.appraisal))
        self.assertIn(SECRET, self._thread("manager", self.appraisal))

    def _thread(self, who, record):
        """The chatter of the form."""
        self.login(who)
        try:
            with mute_logger("odoo.http"):
                return json.dumps(
                    self.make_jsonrpc_request(
                        "/mail/thread/messages",
                        {"thread_model": record._name, "thread_id": record.id},
                    )
                )
        except JsonRpcException:
            return ""

    def test_talk_below_a_goal(self):
        """A colleague may read the goal that everyone sees, but does not listen in."""
        goal = self.make_goal(None, visibility="everyone")
        with contextlib.suppress(Refused):
            self.rpc(
                "colleague",
                goal,
                "message_subscribe",
                self.colleague_user.partner_id.ids,
            )
        self.assertNotIn(self.colleague_user.partner_id, goal.message_partner_ids)
        self.rpc(
            "manager",
            goal,
            "message_post",
            body=SECRET,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertKept("colleague", insiders=("employee", "manager"))
        self.assertNotIn(SECRET, self._thread("colleague", goal))
        self.assertIn(SECRET, self._thread("employee", goal))

    def test_checkin(self):
        goal = self.agree(
            self.make_goal(None, (self.ind_sum, 10), visibility="everyone")
        )
        checkins = self.env["hr.performance.checkin"].with_user(self.employee_user)
        checkin = checkins.create(
            {"goal_id": goal.id, "assessment": SECRET, "blockers": SECRET}
        )
        self.assertKept("manager", "colleague", "officer", insiders=("employee",))
        checkin.action_post()
        self.assertKept("colleague", "other_officer", insiders=("manager", "officer"))

    def test_half_filled_dialogs(self):
        """What somebody types into a dialog is theirs until it is confirmed."""
        self.answer_all(self.appraisal, "manager")
        for who, model, values in (
            (
                "manager",
                "appraisal.assess",
                {
                    "appraisal_id": self.appraisal.id,
                    "level_id": self.appraisal.scale_id.level_ids[0].id,
                    "override_reason": SECRET,
                },
            ),
            (
                "manager",
                "reason",
                {
                    "res_model": "hr.performance.goal",
                    "res_ids": self.goal.ids,
                    "step": "action_cancel",
                    "reason": SECRET,
                },
            ),
            (
                "manager",
                "appraisal.acknowledge",
                {"appraisal_id": self.appraisal.id, "statement": SECRET},
            ),
        ):
            self.rpc(who, self.env[f"hr.performance.{model}"], "create", values)
        self.assertKept("employee", "colleague", "officer", insiders=("manager",))

    def test_every_dialog_is_its_authors(self):
        for name, model in self.env.registry.items():
            if name.startswith("hr.performance.") and model._transient:
                rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
                self.assertIn(
                    "[('create_uid', '=', user.id)]", rules.mapped("domain_force"), name
                )

    def test_report(self):
        """The printed form obeys the same rules as the screen."""
        reports = self.env["ir.actions.report"].search(
            [("model", "=like", "hr.performance.%")]
        )
        self.assertIn("hr.performance.appraisal", reports.mapped("model"))
        self._assess()
        for report in reports.filtered(lambda r: r.model == self.appraisal._name):
            path = f"/report/html/{report.report_name}/{self.appraisal.id}"
            for who in ("employee", "colleague", "other_officer"):
                self.login(who)
                with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                    response = self.url_open(path)
                self.assertNotIn(SECRET, response.text)
                self.assertGreaterEqual(response.status_code, 400)
            self.login("manager")
            text = self.url_open(path).text
            if report.report_name == "hr_performance.report_appraisal":
                self.assertIn(SECRET, text)


@tagged("post_install", "-at_install")
class TestGuessing(LeakCommon):
    """Hidden figures are not found out by asking yes-or-no questions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("self", "manager"):
            cls.answer_all(cls.appraisal, role)
        cls.appraisal.with_user(cls.manager_user).action_assess()
        cls.env["hr.performance.request.draft"].create(
            {"request_id": cls.manager_request.id, "answers": {"1": {"text": SECRET}}}
        )
        cls.env.flush_all()

    def _paths(self, model_name, depth):
        """Dotted relational paths from the model to the models of results."""
        for name, field in self.env[model_name]._fields.items():
            comodel = field.comodel_name or ""
            if not comodel.startswith(
                ("hr.performance.", "hr.employee", "hr.department")
            ):
                continue
            if comodel in RESULT_MODELS:
                yield name, comodel
            if depth > 1:
                for path, end in self._paths(comodel, depth - 1):
                    yield f"{name}.{path}", end

    def _readable_models(self):
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith("hr.performance.")
            and not model._abstract
            and not model._transient
        ] + ["hr.employee.public", "hr.department", "res.users"]

    def test_domains(self):
        """From any model, along any path of up to two links, nothing hidden is matched.

        The employee's own review is readable: what is left must be that alone.
        """
        own = self.appraisal.review_ids.filtered(lambda review: review.role == "self")
        questions = {
            "score": [(">", 0)],
            "value": [(">", 0)],
            "id": [(">", 0)],
            "text": [("ilike", "")],
        }
        asked = 0
        for model_name in self._readable_models():
            model = self.env[model_name]
            for path, end in self._paths(model_name, 2):
                for leaf in RESULT_MODELS[end]:
                    for operator, value in questions.get(leaf, [("!=", False)]):
                        domain = [(f"{path}.{leaf}", operator, value)]
                        if end in ("hr.performance.review", "hr.performance.answer"):
                            # other than the employee's own
                            key = "id" if end.endswith("review") else "review_id"
                            domain = [
                                (
                                    path,
                                    "any",
                                    [(leaf, operator, value), (key, "not in", own.ids)],
                                )
                            ]
                        asked += 1
                        try:
                            count = self.rpc("employee", model, "search_count", domain)
                        except (Refused, JsonRpcException):
                            continue
                        self.assertEqual(count, 0, f"{model_name}: {domain}")
        self.assertGreater(asked, 40)

    def test_domains_would_tell(self):
        """The questions above do have answers for those who may know."""
        for who, count in (("manager", 1), ("officer", 1), ("employee", 0)):
            domain = [("appraisal_ids.score", ">", 0)]
            cycles = self.cycle.browse()
            self.assertEqual(self.rpc(who, cycles, "search_count", domain), count)

    def test_private_domains(self):
        """Fields that are computed for the user cannot be searched for others."""
        requests = self.env["hr.performance.request"]
        for field in ("draft", "form", "answered_count"):
            for operator, value in (("!=", False), ("ilike", SECRET), ("=", 1)):
                for who in ("employee", "officer"):
                    try:
                        with mute_logger("odoo.http", "odoo.domains"):
                            found = self.rpc(
                                who, requests, "search", [(field, operator, value)]
                            )
                    except (Refused, JsonRpcException):
                        continue
                    # no filter at all tells nothing
                    self.assertEqual(found, self.rpc(who, requests, "search", []))

    def test_orders(self):
        for model_name, order in (
            ("hr.performance.request", "appraisal_id.score"),
            ("hr.performance.request", "draft"),
            ("hr.performance.cycle", "appraisal_ids.score"),
            ("hr.performance.cycle", "appraisal_ids"),
        ):
            with self.subTest(order), self.assertRaises(Exception) as caught:
                self.rpc("employee", self.env[model_name], "search", [], order=order)
            self.assertIsInstance(caught.exception, Refused | JsonRpcException)

    def test_groups(self):
        requests = self.env["hr.performance.request"]
        for path in (
            "level_manager_id",
            "level_suggested_id",
            "state",
            "result_source",
        ):
            try:
                groups = self.rpc(
                    "employee",
                    requests,
                    "formatted_read_group",
                    [],
                    [f"appraisal_id.{path}"],
                    ["__count"],
                )
            except (Refused, JsonRpcException):
                continue
            self.assertEqual(
                [group[f"appraisal_id.{path}"] for group in groups], [False]
            )

    def test_aggregates_over_hidden(self):
        for model_name, field in (
            ("hr.performance.appraisal", "score:avg"),
            ("hr.performance.appraisal", "coefficient:avg"),
            ("hr.performance.appraisal", "score:max"),
            ("hr.performance.appraisal.item", "score:avg"),
        ):
            try:
                groups = self.rpc(
                    "employee",
                    self.env[model_name],
                    "formatted_read_group",
                    [],
                    [],
                    [field],
                )
            except (Refused, JsonRpcException):
                continue
            self.assertFalse(groups[0][field])

    def test_nested_reading(self):
        """The request leads to the appraisal; reading on from there is refused."""
        for specification in (
            {"appraisal_id": {"fields": {"score": {}, "level_manager_id": {}}}},
            {"appraisal_id": {"fields": {"state": {}}}},
            {"appraisal_id": {"fields": {"item_ids": {"fields": {"score": {}}}}}},
        ):
            self.assertRefused("employee", self.own_request, "web_read", specification)
        values = self.rpc(
            "employee",
            self.cycle,
            "web_read",
            {
                "appraisal_ids": {"fields": {"score": {}}},
                "appraisal_count": {},
                "appraisal_done_count": {},
            },
        )[0]
        self.assertEqual(values["appraisal_ids"], [])
        self.assertEqual(
            (values["appraisal_count"], values["appraisal_done_count"]), (0, 0)
        )

    def test_employee_page(self):
        for model in ("hr.employee", "hr.employee.public"):
            employee = self.env[model].browse(self.employee.id)
            for who, count in (("employee", 0), ("colleague", 0), ("manager", 1)):
                values = self.rpc(
                    who, employee, "read", ["performance_appraisal_count"]
                )
                self.assertEqual(values[0]["performance_appraisal_count"], count)
        employee = self.env["hr.employee.public"].browse(self.employee.id)
        for who, count in (("employee", 1), ("colleague", 0), ("manager", 1)):
            values = self.rpc(
                who,
                employee,
                "read",
                ["performance_goal_count", "performance_goal_ids"],
            )[0]
            self.assertEqual(values["performance_goal_count"], count)
            self.assertEqual(len(values["performance_goal_ids"]), count)

    def test_no_activity_before_release(self):
        activities = self.env["mail.activity"].search(
            [("res_model", "=", self.appraisal._name)]
        )
        self.assertNotIn(self.employee_user, activities.user_id)
        found = self.rpc(
            "employee",
            activities.browse(),
            "search_count",
            [("res_model", "=", self.appraisal._name)],
        )
        self.assertEqual(found, 0)

    # ------------------------------------------------------------------ forms

    def test_dialog_shows_no_rating(self):
        """The rating dialog on one's own appraisal, or a colleague's, shows nothing."""
        wizards = self.env["hr.performance.appraisal.assess"]
        level = self.appraisal.scale_id.level_ids[0]
        for who in ("employee", "colleague"):
            try:
                wizard_id = self.rpc(
                    who,
                    wizards,
                    "create",
                    {"appraisal_id": self.appraisal.id, "level_id": level.id},
                )
                values = self.rpc(
                    who,
                    wizards.browse(wizard_id),
                    "read",
                    ["level_suggested_id", "scale_id"],
                )
            except Refused:
                pass
            else:
                self.assertFalse(values[0]["level_suggested_id"])
            try:
                values = self.rpc(
                    who,
                    wizards,
                    "onchange",
                    [],
                    {"appraisal_id": self.appraisal.id},
                    ["appraisal_id"],
                    {"appraisal_id": {}, "level_suggested_id": {}, "scale_id": {}},
                )["value"]
            except Refused:
                continue
            self.assertFalse(values.get("level_suggested_id"))

    def test_unsaved_checkin_shows_no_hidden_goal(self):
        """A form that names a goal computes nothing from it for who cannot read it."""
        goal = self.agree(self.make_goal(self.colleague, (self.ind_last, 10)))
        self.add_reading(self.ind_last, 7.77, self.colleague)
        author = self.env["hr.performance.checkin"].with_user(self.colleague_user)
        author.create(
            {"goal_id": goal.id, "blockers": SECRET, "next_steps": SECRET}
        ).action_post()
        specification = {
            "goal_id": {},
            "goal_figure": {},
            "goal_health": {},
            "blockers": {},
            "next_steps": {},
            "confidence": {},
            "value_ids": {"fields": {"measure_id": {}, "last_value": {}}},
        }
        checkins = self.env["hr.performance.checkin"]
        values = {"goal_id": goal.id}
        self.assertRefused(
            "employee", checkins, "onchange", [], values, ["goal_id"], specification
        )
        self.assertRefused(
            "employee",
            checkins,
            "onchange",
            [],
            {},
            [],
            specification,
            context={"default_goal_id": goal.id},
        )
        line = {"value_ids": [Command.create({"measure_id": goal.measure_ids.id})]}
        self.assertRefused(
            "employee", checkins, "onchange", [], line, ["value_ids"], specification
        )
        lines = self.env["hr.performance.checkin.value"]
        self.assertRefused(
            "employee",
            lines,
            "onchange",
            [],
            {"measure_id": goal.measure_ids.id},
            ["measure_id"],
            {"measure_id": {}, "last_value": {}},
        )
        # for those who may: it works, and the words are carried forward
        answer = self.answer_of(
            "colleague", checkins, "onchange", [], values, ["goal_id"], specification
        )
        self.assertIn(SECRET, answer)
        self.assertIn("7.77", answer.replace("8 /", "7.77 /"))

    def test_unsaved_goal_shows_no_hidden_measure(self):
        goal = self.agree(self.make_goal(self.colleague, (self.ind_last, 10)))
        self.add_reading(self.ind_last, 7.77, self.colleague)
        specification = {
            "measure_ids": {"fields": {}},
            "child_ids": {"fields": {}},
            "progress": {},
            "score": {},
            "figure": {},
        }
        goals = self.env["hr.performance.goal"]
        for values in (
            {"measure_ids": [Command.link(goal.measure_ids.id)]},
            {"measure_ids": [Command.set(goal.measure_ids.ids)]},
            {"child_ids": [Command.link(goal.id)]},
        ):
            self.assertRefused(
                "employee",
                goals,
                "onchange",
                [],
                values,
                list(values),
                specification,
            )

    def test_unsaved_request_shows_no_other_form(self):
        """One's own request, pointed at the appraisal of a colleague, opens nothing."""
        other = self.make_appraisal(self.colleague)
        own = self.make_appraisal(
            cycle_id=self.make_cycle("Another").id
        ).request_ids.filtered(lambda request: request.role == "self")
        self.assertRefused(
            "employee",
            own,
            "onchange",
            {"appraisal_id": other.id},
            ["appraisal_id"],
            {"appraisal_id": {}, "form": {}, "item_count": {}},
        )
        # the form itself still works with what it is linked to
        values = {"appraisal_id": own.appraisal_id.id, "draft": {}}
        self.rpc(
            "employee",
            own,
            "onchange",
            values,
            ["draft"],
            {"appraisal_id": {}, "draft": {}, "form": {}},
        )

    def test_unsaved_appraisal_shows_no_hidden_item(self):
        """A manager asks the team's appraisal about the items of another team."""
        other = self.make_appraisal(self.officer)
        self.assertRefused(
            "manager",
            self.appraisal,
            "onchange",
            {"item_ids": [Command.link(other.item_ids[:1].id)]},
            ["item_ids"],
            {"item_ids": {"fields": {}}, "score": {}, "derivation": {}},
        )


@tagged("post_install", "-at_install")
class TestWhoIsWho(RpcCommon):
    """Odd trees and odd users: circles, several employees, archived ones, outsiders."""

    def test_management_circle(self):
        """Above oneself by a circle is still oneself."""
        self.director.parent_id = self.employee
        goal = self.make_goal()
        goal.action_propose()
        appraisal = self.make_appraisal()
        self.assertRefused("employee", goal, "action_agree")
        self.assertRefused("employee", appraisal, "read", ["state"])
        self.assertFalse(self.rpc("employee", appraisal.browse(), "search", []))
        # but the circle ends, and those above by it are above
        self.assertEqual(
            self.rpc(
                "employee",
                goal.browse(),
                "search_count",
                [("is_in_my_team", "=", True)],
            ),
            0,
        )
        self.rpc("manager", goal, "action_agree")

    def test_own_manager(self):
        """Who is their own manager in the tree appraises and agrees nothing."""
        self.employee.parent_id = self.employee
        goal = self.make_goal()
        goal.action_propose()
        self.assertRefused("employee", goal, "action_agree")
        appraisal = self.make_appraisal()
        self.assertFalse(appraisal.manager_id)
        self.assertEqual(appraisal.request_ids.mapped("role"), ["self"])
        self.assertRefused("employee", appraisal, "read", ["state"])

    def test_two_employees_of_one_user(self):
        """Manager in one company, employee in the other: still one person."""
        second = self.env["hr.employee"].create(
            {
                "name": "Employee in Two",
                "user_id": self.employee_user.id,
                "company_id": self.company_2.id,
            }
        )
        self.employee_user.company_ids = [Command.link(self.company_2.id)]
        self.employee.parent_id = second
        goal = self.make_goal()
        goal.action_propose()
        appraisal = self.make_appraisal()
        self.assertFalse(appraisal.manager_id)
        both = {"allowed_company_ids": [self.company_2.id, self.company.id]}
        for context in ({}, both):
            self.assertRefused("employee", goal, "action_agree", context=context)
            self.assertRefused(
                "employee", appraisal, "read", ["state"], context=context
            )
            self.assertRefused("employee", appraisal, "action_open", context=context)

    def test_each_company_by_itself(self):
        """Of two employments only the records of the companies chosen are listed."""
        second = self.env["hr.employee"].create(
            {
                "name": "Employee in Two",
                "user_id": self.employee_user.id,
                "company_id": self.company_2.id,
            }
        )
        goals = {
            self.company: self.make_goal(),
            self.company_2: self.make_goal(second, cycle_id=self.cycle_2.id),
        }
        ids = [goal.id for goal in goals.values()]
        model = self.env["hr.performance.goal"]
        self.assertEqual(
            self.rpc("employee", model, "search", [("id", "in", ids)]),
            goals[self.company].ids,
        )
        self.assertRefused(
            "employee",
            model,
            "search",
            [],
            context={"allowed_company_ids": self.company_2.ids},
        )
        self.employee_user.company_ids = [Command.link(self.company_2.id)]
        for company, goal in goals.items():
            context = {"allowed_company_ids": company.ids}
            self.assertEqual(
                self.rpc(
                    "employee", model, "search", [("id", "in", ids)], context=context
                ),
                goal.ids,
            )

    def test_archived_manager(self):
        """Who has left leads nobody, also where the tree still says so."""
        goal = self.make_goal()
        goal.action_propose()
        unit_goal = self.make_goal(self.department_sub)
        self.assertTrue(self.rpc("manager", goal, "read", ["name"]))
        self.manager.active = False
        self.employee.parent_id = self.manager
        self.department_sub.manager_id = self.manager
        self.assertEqual(self.employee.parent_id, self.manager)
        self.assertRefused("manager", goal, "read", ["name"])
        self.assertRefused("manager", goal, "action_agree")
        self.assertRefused("manager", unit_goal, "write", {"name": "Renamed"})
        # the line further up still holds
        self.rpc("director", goal, "action_agree")

    def test_archived_person(self):
        """The past of who has left stays with those who were above."""
        goal = self.make_goal()
        appraisal = self.make_appraisal()
        self.employee.active = False
        self.employee.parent_id = self.manager
        self.assertTrue(self.rpc("manager", goal, "read", ["name"]))
        self.assertTrue(self.rpc("manager", appraisal, "read", ["state"]))
        self.assertRefused("colleague", goal, "read", ["name"])
        self.assertRefused("employee", appraisal, "read", ["state"])

    def test_portal_and_public(self):
        """Outsiders get nothing, even one who is an employee."""
        self.make_goal(visibility="everyone")
        self.make_appraisal()
        portal = new_test_user(
            self.env,
            "perf_portal",
            groups="base.group_portal",
            company_id=self.company.id,
        )
        self.colleague.user_id = portal
        names = [
            name for name in self.env.registry if name.startswith("hr.performance.")
        ]
        models = [self.env[name] for name in names if not self.env[name]._abstract]
        self.assertGreater(len(models), 20)
        for model in models:
            self.assertRefused("portal", model, "search", [])
            self.assertRefused("portal", model, "create", {})
            record = model.search([], limit=1)
            if record:
                self.assertRefused("portal", record, "read", ["id"])
        mine = self.env["hr.performance.mine"]
        self.assertRefused("portal", mine, "get_my_performance")
        self.authenticate(None, None)
        self._login = "nobody"
        for model in models:
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model._name}/search",
                    {
                        "model": model._name,
                        "method": "search",
                        "args": [[]],
                        "kwargs": {},
                    },
                )
        public = self.env.ref("base.public_user")
        for model in models:
            self.assertFalse(model.with_user(public).has_access("read"), model._name)

    def test_transfer(self):
        """A new manager takes over at once, the former one is out at once."""
        goal = self.make_goal()
        self.employee.parent_id = self.officer
        self.assertRefused("manager", goal, "read", ["name"])
        self.assertTrue(self.rpc("officer", goal, "read", ["name"]))
        self.employee.parent_id = self.colleague
        self.assertTrue(self.rpc("colleague", goal, "read", ["name"]))
        self.assertEqual(
            self.rpc("colleague", goal.browse(), "search", [("id", "=", goal.id)]),
            goal.ids,
        )
