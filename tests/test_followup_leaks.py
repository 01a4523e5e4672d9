"""What people say to each other between two appraisals is read by those it is for alone.

A table of secrets, who may read each, and every way to ask for it: by all verbs, in debug
mode, through links from other models, in error messages and in what Odoo keeps around a
record (messages, activities, files, followers, mails).
"""

import json
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .rpc import RpcCommon

SECRET = "Quokka"
HR = {"officer", "administrator"}
LINE = {"manager", "director"}
TWO = {"employee", "manager"}
#: models of Odoo that show something about the records of others
AROUND = (
    "mail.message",
    "mail.activity",
    "mail.followers",
    "mail.notification",
    "mail.scheduled.message",
    "ir.attachment",
)


class FollowUpCommon(RpcCommon):
    """The employee's year, with :data:`SECRET` in all that is not for everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who is in another company and no officer there reads no more than an officer
        del cls.users["other_employee"]
        cls.users["portal"] = new_test_user(
            cls.env, login="perf_portal", groups="base.group_portal"
        )
        # everybody reads the goal, so that only what hangs on it is secret
        cls.goal = cls.agree(
            cls.make_goal(None, (cls.ind_sum, 10), visibility="everyone", name="Open")
        )
        cls.one_on_one = cls.meet("one_on_one")
        cls.interview = cls.meet("interview")

    @classmethod
    def mine(cls, model, who="employee"):
        return cls.env[f"hr.performance.{model}"].with_user(cls.users[who])

    @classmethod
    def meet(cls, kind):
        """A meeting with everything that can be said in it, disputed by the employee."""
        meeting = cls.mine("meeting", "manager").create(
            {
                "employee_id": cls.employee.id,
                "kind": kind,
                "start": fields.Datetime.now() + timedelta(days=2),
                "minutes": f"<p>{SECRET}</p>",
                "agenda_ids": [Command.create({"name": SECRET})],
                "action_ids": [Command.create({"name": SECRET})],
            }
        )
        meeting.action_hold()
        own = meeting.with_user(cls.employee_user)
        own.note = SECRET
        own.action_dispute(SECRET)
        return meeting.sudo()

    @classmethod
    def check_in(cls, who="employee", goal=None):
        checkin = cls.mine("checkin", who).create(
            {
                "goal_id": (goal or cls.goal).id,
                "assessment": SECRET,
                "blockers": SECRET,
                "next_steps": SECRET,
                "evidence_ids": [
                    Command.create({"url": f"https://{SECRET}.example", "note": SECRET})
                ],
            }
        )
        checkin.value_ids.value = 4711.25
        file = cls.env["ir.attachment"].with_user(cls.users[who])
        file = file.create({"name": SECRET, "raw": SECRET.encode()})
        checkin.attachment_ids = file
        return checkin

    @classmethod
    def give(cls, who="colleague", **values):
        return cls.mine("feedback", who).create(
            {"employee_id": cls.employee.id, "text": SECRET} | values
        )

    @classmethod
    def talk(cls, record, who="manager"):
        """Everything that one can add below ``record``."""
        own = record.with_user(cls.users[who]).with_context(
            mail_create_nosubscribe=True
        )
        own.message_post(
            body=SECRET,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[(SECRET, SECRET.encode())],
        )
        own.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=SECRET,
            note=SECRET,
            user_id=cls.users[who].id,
        )
        cls.env["mail.scheduled.message"].with_user(cls.users[who]).create(
            {
                "model": record._name,
                "res_id": record.id,
                "author_id": cls.users[who].partner_id.id,
                "body": SECRET,
                "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            }
        )

    # ------------------------------------------------------------- asking

    def login(self, name):
        """In debug mode, which anybody can turn on: errors say more there."""
        if self._login != name:
            self.authenticate(
                f"perf_{name}", f"perf_{name}", session_extra={"debug": "1"}
            )
            self._login = name

    def everybody(self):
        return set(self.users)

    def verbs(self, record, names):
        """``(how, records, method, args)`` of every way to read ``names`` of ``record``."""
        model = record.browse()
        its = [("id", "=", record.id)]
        specification = {name: {} for name in (*names, "display_name")}
        every = [
            name
            for name, field in model._fields.items()
            if field.type != "binary" and not name.startswith("__")
        ]
        nested = {
            name: {"fields": {"display_name": {}}}
            for name in every
            if model._fields[name].relational
        }
        for method, target, args in (
            ("read", record, ()),
            ("read", record, (names,)),
            ("web_read", record, (specification,)),
            ("web_read", record, (nested,)),
            ("export_data", record, (every,)),
            ("copy_data", record, ()),
            ("get_formview_action", record, ()),
            ("search_read", model, (its,)),
            ("search_read", model, (its, names)),
            ("web_search_read", model, (its, specification)),
            ("name_search", model, ("", its)),
            ("web_name_search", model, (SECRET, {"display_name": {}}, its)),
            ("web_read_group", model, (its, ["create_date:month"], ["__count"])),
        ):
            yield method, target, method, args
        for name in names:
            if model._fields[name].store:
                for method, args in (
                    ("formatted_read_group", (its, [name], ["__count"])),
                    ("web_read_group", (its, [name], ["__count"])),
                ):
                    yield f"{method} {name}", model, method, args

    def questions(self, record, names):
        """``(model, domain)`` that only match because of ``record``: whoever asks guesses."""
        for name in names:
            if record._fields[name]._description_searchable:
                yield record, [("id", "=", record.id), (name, "ilike", SECRET)]
        yield record, [("id", "=", record.id)]
        leaf = names[0]
        for model_name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if (
                    field.comodel_name == record._name
                    and field._description_searchable
                    and record._fields[leaf]._description_searchable
                ):
                    inner = [("id", "=", record.id), (leaf, "ilike", SECRET)]
                    yield self.env[model_name], [(field.name, "any", inner)]

    def changes(self, record, names, who):
        """``(method, records, args)`` of every way to change ``record``, or to get at it."""
        me = self.users[who]
        text = {names[0]: "Changed"}
        model = record.browse()
        link = next(
            (
                field
                for field in model._fields.values()
                if field.type == "many2one"
                and (field.comodel_name or "").startswith("hr.performance.")
                and not field.readonly
            ),
            None,
        )
        yield "write", record, (text,)
        yield "web_save", record, (text, {names[0]: {}})
        yield "write", record, ({"create_uid": me.id},)
        for name in ("employee_id", "author_id", "responsible_id", "manager_id"):
            if name in model._fields and me.employee_id:
                own = me.id if model._fields[name].comodel_name == "res.users" else None
                yield "write", record, ({name: own or me.employee_id.id},)
        if link:
            yield "write", record, ({link.name: record[link.name].sudo().id},)
        if "visibility" in model._fields:
            yield "write", record, ({"visibility": "everyone"},)
        if "state" in model._fields:
            yield "write", record, ({"state": "posted"},)
        for name in ("action_post", "action_give", "action_correct", "action_open"):
            if hasattr(model, name):
                yield name, record, ()
        yield "load", model, ([".id", names[0]], [[str(record.id), "Changed"]])
        if "message_ids" in model._fields:
            yield "message_post", record, ()
            yield "message_subscribe", record, (me.partner_id.ids,)
            yield "activity_schedule", record, ("mail.mail_activity_data_todo",)
        yield "copy", record, ()
        yield "unlink", record, ()

    def assertKept(self, record, names, insiders, change=True):
        """``insiders`` find the word in ``record``; nobody else does, nor changes it."""
        record = record.sudo()
        fields_ = [name for name in names if record._fields[name].store]
        before = record.read(fields_)
        for who in sorted(self.everybody()):
            found = []
            for how, target, method, args in self.verbs(record, names):
                answer = self.told(who, target, method, *args)
                if SECRET in json.dumps(answer):
                    found.append(how)
            with self.subTest(f"{record._name} {who}"):
                if who in insiders:
                    self.assertIn("read", found, "the test sees nothing")
                    continue
                self.assertFalse(found)
                for model, domain in self.questions(record, names):
                    answer = self.told(who, model.browse(), "search_count", domain)
                    self.assertFalse(answer.get("result"), f"{model._name} {domain}")
                if not change:
                    continue
                for method, target, args in self.changes(record, names, who):
                    answer = json.dumps(self.told(who, target, method, *args))
                    self.assertNotIn(SECRET, answer, f"{method} {args}")
                    self.assertTrue(record.exists(), method)
                    self.assertEqual(record.read(fields_), before, f"{method} {args}")

    def assertTalkKept(self, record, insiders):
        """What was added by :meth:`talk` is for ``insiders`` alone."""
        record = record.sudo()
        its = [("res_id", "=", record.id)]
        questions = [
            (record, [("id", "=", record.id), (path, "ilike", SECRET)])
            for path in (
                "message_ids.body",
                "activity_ids.summary",
                "activity_ids.note",
                "activity_summary",
                "message_ids.attachment_ids.name",
            )
        ]
        for who in sorted(self.everybody()):
            answers = {}
            for method, args in (
                ("read", (["activity_summary", "activity_type_id"],)),
                ("web_read", ({"message_ids": {"fields": {"body": {}}}},)),
                ("web_read", ({"activity_ids": {"fields": {"summary": {}}}},)),
                ("export_data", (["message_ids/body"],)),
                ("export_data", (["activity_ids/summary", "activity_summary"],)),
            ):
                answers[f"{method} {args}"] = self.told(who, record, method, *args)
            for model_name in AROUND:
                model = self.env[model_name]
                names = {"model", "res_model"} & model._fields.keys()
                for name in names if "res_id" in model._fields else ():
                    for domain in (
                        [(name, "=", record._name), *its],
                        [(name, "in", [record._name])],
                        [(name, "=like", record._name)],
                        [(name, "=like", "hr.performance.%")],
                    ):
                        texts = [
                            field.name
                            for field in model._fields.values()
                            if field.type in ("char", "text", "html") and field.store
                        ]
                        for key, method, args in (
                            ("list", "search_read", (domain, texts)),
                            ("names", "name_search", ("", domain)),
                        ):
                            answers[model_name, key, str(domain)] = self.told(
                                who, model, method, *args
                            )
                found = model.sudo().search(its) if "res_id" in model._fields else model
                for one in found.filtered(
                    lambda one, names=names: one[next(iter(names))] == record._name
                ):
                    answers[model_name, one.id] = self.told(who, one, "read")
            for path, params in (
                (
                    "/mail/thread/messages",
                    {"thread_model": record._name, "thread_id": record.id},
                ),
                (
                    "/mail/data",
                    {
                        "fetch_params": [
                            [
                                "mail.thread",
                                {
                                    "thread_model": record._name,
                                    "thread_id": record.id,
                                    "request_list": [
                                        "activities",
                                        "attachments",
                                        "followers",
                                        "scheduledMessages",
                                    ],
                                },
                            ]
                        ]
                    },
                ),
            ):
                answers[path] = self.post(path, params)
            found = [
                how for how, answer in answers.items() if SECRET in json.dumps(answer)
            ]
            with self.subTest(f"below {record._name} {who}"):
                if who in insiders:
                    self.assertIn("/mail/thread/messages", found)
                    continue
                self.assertFalse(found)
                for model, domain in questions:
                    answer = self.told(who, model.browse(), "search_count", domain)
                    self.assertFalse(answer.get("result"), domain)
                # following takes reading: followers get copies
                self.told(
                    who, record, "message_subscribe", self.users[who].partner_id.ids
                )
                self.assertNotIn(self.users[who].partner_id, record.message_partner_ids)


@tagged("post_install", "-at_install")
class TestFollowUpLeaks(FollowUpCommon):
    # ------------------------------------------------------------- preparation

    def test_preparation(self):
        for meeting in self.one_on_one | self.interview:
            note = self.env["hr.performance.meeting.note"].search(
                [("meeting_id", "=", meeting.id)]
            )
            self.assertKept(note, ["text"], {"employee"})
            for who in self.everybody() - {"employee"}:
                for method, args in (
                    ("read", (["note"],)),
                    ("web_read", ({"note": {}},)),
                    ("export_data", (["note"],)),
                    ("search_read", ([], ["note"])),
                    ("search_count", ([("note", "ilike", SECRET)],)),
                    ("formatted_read_group", ([], ["note"], ["__count"])),
                    ("onchange", ({"kind": "coaching"}, ["kind"], {"note": {}})),
                ):
                    target = meeting
                    if method in (
                        "search_read",
                        "search_count",
                        "formatted_read_group",
                    ):
                        target = meeting.browse()
                    answer = json.dumps(self.told(who, target, method, *args))
                    self.assertNotIn(SECRET, answer, f"{who} {method}")

    # ------------------------------------------------------------- check-ins

    def _parts(self, checkin):
        yield checkin, ["assessment", "blockers", "next_steps"]
        yield checkin.evidence_ids, ["note", "url"]
        yield checkin.attachment_ids, ["name"]

    def test_draft_checkin(self):
        checkin = self.check_in()
        for record, names in self._parts(checkin):
            self.assertKept(record, names, {"employee"})
        for who in self.everybody() - {"employee"}:
            for how, target, method, args in self.verbs(checkin.value_ids, ["value"]):
                answer = json.dumps(self.told(who, target, method, *args))
                self.assertNotIn("4711.25", answer, f"{who} {how}")

    def test_draft_checkin_of_the_manager(self):
        """A draft on somebody else's goal is its author's too."""
        checkin = self.check_in("manager")
        for record, names in self._parts(checkin):
            self.assertKept(record, names, {"manager"})

    def test_posted_checkin_and_answer(self):
        checkin = self.check_in()
        checkin.action_post()
        checkin.with_user(self.manager_user).action_answer(SECRET)
        for record, names in self._parts(checkin):
            self.assertKept(record, names, TWO | LINE | HR)
        self.assertKept(checkin, ["answer", "assessment"], TWO | LINE | HR)
        self.talk(checkin)
        self.assertTalkKept(checkin, TWO | LINE | HR)

    def test_author_who_moved_on(self):
        """Own check-ins stay readable; how the goal goes on is for who reads the goal."""
        goal = self.agree(self.make_goal(None, (self.ind_sum, 10)))
        posted, draft = (self.check_in("manager", goal) for _time in range(2))
        posted.action_post()
        draft.value_ids.value = None
        self.employee.parent_id = self.director
        self.add_reading(self.ind_sum, 1234)
        names = ("data", "goal_figure", "goal_health", "goal_health_reason")
        for checkin in posted | draft:
            answer = self.told(
                "manager",
                checkin,
                "web_read",
                {
                    **{name: {} for name in names},
                    "assessment": {},
                    "value_ids": {
                        "fields": {"last_value": {}, "curve": {}, "figure": {}}
                    },
                },
            )
            self.assertIn(SECRET, json.dumps(answer))
            self.assertNotRegex(
                json.dumps(answer), r"1,?234|off_track|stale|[Aa]t risk"
            )
            answer = self.told("director", goal, "read", ["figure"])
            self.assertIn("5,945", json.dumps(answer))

    def test_whether_somebody_prepares(self):
        """The reminder to prepare goes when one has: that is between them and themselves."""
        meeting = self.mine("meeting", "manager").create(
            {
                "employee_id": self.employee.id,
                "start": fields.Datetime.now() + timedelta(days=2),
            }
        )
        kind = self.env.ref("hr_performance.mail_activity_meeting_prepare")
        its = [("res_model", "=", meeting._name), ("res_id", "=", meeting.id)]
        its.append(("activity_type_id", "=", kind.id))
        reminder = self.env["mail.activity"].search(its)
        self.assertEqual(reminder.user_id, self.employee_user)
        for who in sorted(self.everybody()):
            found = [
                self.told(who, reminder.browse(), "search_count", its).get("result"),
                self.told(who, reminder, "read", ["summary"]).get("result"),
                self.told(
                    who,
                    meeting.browse(),
                    "search_count",
                    [
                        ("id", "=", meeting.id),
                        ("activity_ids.activity_type_id", "=", kind.id),
                    ],
                ).get("result"),
            ]
            self.assertEqual(all(found), who == "employee", f"{who} {found}")
            self.assertEqual(any(found), who == "employee", f"{who} {found}")

    def test_draft_correction(self):
        checkin = self.check_in()
        checkin.action_post()
        checkin.action_correct()
        correction = self.mine("checkin").search([("corrects_id", "=", checkin.id)])
        correction.correction_reason = SECRET
        self.assertKept(correction, ["correction_reason", "assessment"], {"employee"})

    # ------------------------------------------------------------- feedback

    def test_feedback(self):
        for visibility, readers in (
            ("person", {"colleague", "employee"}),
            ("line", {"colleague", "employee"} | LINE),
            ("managers", {"colleague"} | LINE),
        ):
            feedback = self.give(visibility=visibility, goal_id=self.goal.id)
            self.assertKept(feedback, ["text"], {"colleague"}, change=False)
            feedback.action_give()
            self.assertKept(feedback, ["text"], readers)
        feedback = self.give(visibility="everyone")
        feedback.action_give()
        company = self.everybody() - {"other_officer", "portal"}
        self.assertKept(feedback, ["text"], company)

    def test_feedback_names_nobody_to_outsiders(self):
        """Not even who wrote about whom is told to who is refused."""
        feedback = self.give(visibility="person")
        feedback.action_give()
        for who in LINE | HR | {"other_officer"}:
            for method, args in (("read", ()), ("write", ({"text": "x"},))):
                answer = json.dumps(self.told(who, feedback, method, *args))
                self.assertNotIn("Colleague", answer, f"{who} {method}")

    def test_request_for_feedback(self):
        request = self.mine("feedback.request", "manager").create(
            {
                "employee_id": self.employee.id,
                "author_id": self.colleague.id,
                "question": SECRET,
            }
        )
        self.assertKept(request, ["question"], {"manager", "colleague"})
        self.talk(request)
        self.assertTalkKept(request, {"manager", "colleague"})
        request.with_user(self.colleague_user).action_decline(SECRET)
        self.assertKept(request, ["decline_reason"], {"manager", "colleague"})

    # ------------------------------------------------------------- meetings

    def _said(self, meeting):
        its = [("meeting_id", "=", meeting.id)]
        for model, names in (
            ("meeting.minutes", ["text"]),
            ("meeting.topic", ["name"]),
            ("meeting.statement", ["text", "minutes"]),
            ("action", ["name"]),
        ):
            yield self.env[f"hr.performance.{model}"].search(its), names

    def test_one_on_one(self):
        for record, names in self._said(self.one_on_one):
            self.assertKept(record, names, TWO)
        self.talk(self.one_on_one)
        self.assertTalkKept(self.one_on_one, TWO)

    def test_interview(self):
        for record, names in self._said(self.interview):
            # HR looks after the actions of interviews: what they write is theirs to
            self.assertKept(record, names, TWO | HR)
        self.talk(self.interview)
        self.assertTalkKept(self.interview, TWO)

    def test_action_of_a_meeting(self):
        """Whoever does what two agreed on reads that, and no more."""
        action = self.one_on_one.action_ids
        action.responsible_id = self.colleague
        self.assertKept(action, ["name"], TWO | {"colleague"})

    def test_nobody_else_judges_an_action_of_two(self):
        """There is nothing it could have worked for, and those above may not know of it."""
        coaching = self.env["hr.performance.meeting"].create(
            {
                "employee_id": self.employee.id,
                "manager_id": self.officer.id,
                "kind": "coaching",
                "action_ids": [Command.create({"name": SECRET})],
            }
        )
        action = coaching.action_ids.with_user(self.employee_user)
        action.responsible_id = self.employee
        action.action_finish()
        action.sudo().effect_date = fields.Date.today()
        self.env["hr.performance.owed"]._sync_some()
        found = self.env["mail.activity"].search(
            [("res_model", "=", action._name), ("res_id", "=", action.id)]
        )
        self.assertFalse(found.filtered(lambda one: one.user_id == self.manager_user))
        owed = self.env["hr.performance.owed"].with_user(self.manager_user)
        self.assertFalse(
            owed.search([("res_id", "=", action.id), ("kind", "=", "effect")])
        )

    # ------------------------------------------------------------- below records

    def test_talk_below_a_goal(self):
        self.talk(self.goal)
        self.assertTalkKept(self.goal, TWO | LINE | HR)

    def test_talk_below_an_action(self):
        action = self.mine("action").create({"name": "Do", "goal_id": self.goal.id})
        self.talk(action)
        self.assertTalkKept(action, TWO | LINE | HR)

    def test_talk_below_a_risk(self):
        risk = self.mine("risk").create({"name": "Storm", "goal_id": self.goal.id})
        self.talk(risk)
        self.assertTalkKept(risk, TWO | LINE | HR)

    def test_talk_below_an_appraisal(self):
        """Released, the person reads the appraisal, and not what was said below it."""
        appraisal = self.make_appraisal()
        for role in ("self", "manager"):
            self.answer_all(appraisal, role)
        appraisal.with_user(self.manager_user).action_assess()
        appraisal.with_user(self.officer_user).action_release()
        self.talk(appraisal)
        self.assertTalkKept(appraisal, LINE | HR)

    # ------------------------------------------------------------- by mail

    def test_digest(self):
        """The mail with what one owes is read by nobody else."""
        self.employee_user.email = "employee@example.com"
        self.employee_user.performance_digest = "daily"
        self.one_on_one.action_ids.write(
            {"date_deadline": fields.Date.today(), "responsible_id": self.employee.id}
        )
        owed = self.env["hr.performance.owed"]
        people = owed._people(self.employee_user)
        rows = owed._digest_lines(
            {self.employee_user: people[self.employee_user][0]}, fields.Date.today()
        )
        self.assertIn(SECRET, str(rows))
        self.patch(type(owed), "_is_digest_day", lambda *args: True)
        owed._send_digests(self.employee_user)
        mail = self.env["mail.mail"].search([("body_html", "ilike", SECRET)])
        self.assertTrue(mail)
        message = mail.mail_message_id
        for who in self.everybody() - {"employee"}:
            for record, names in (
                (mail, ["body_html"]),
                (message, ["body", "subject"]),
            ):
                for how, target, method, args in self.verbs(record, names):
                    answer = json.dumps(self.told(who, target, method, *args))
                    self.assertNotIn(SECRET, answer, f"{who} {record._name} {how}")
                for model, domain in self.questions(record, names[:1]):
                    if model._name in ("mail.mail", "mail.message"):
                        answer = self.told(who, model.browse(), "search_count", domain)
                        self.assertFalse(answer.get("result"), f"{who} {domain}")


@tagged("post_install", "-at_install")
class TestFollowUpErrors(FollowUpCommon):
    """What is refused is refused without saying what it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden = cls.agree(cls.make_goal(None, (cls.ind_sum, 10), name=SECRET))

    def assertSilent(self, who, records, method, *args, **kwargs):
        answer = json.dumps(self.told(who, records, method, *args, **kwargs))
        self.assertIn('"error"', answer)
        self.assertNotIn(SECRET, answer, f"{who} {records._name}.{method} {args}")

    def test_naming_a_hidden_goal(self):
        draft = self.make_goal(name=SECRET)
        closed = self.make_goal(name=SECRET)
        for who in ("colleague", "other_officer"):
            for goal in (self.hidden, draft, closed):
                for model, values in (
                    ("checkin", {"confidence": 99}),
                    ("checkin", {"date": "1999-01-01"}),
                    ("checkin", {}),
                    ("action", {"name": "x"}),
                    (
                        "action",
                        {
                            "name": "x",
                            "date_start": "2020-02-01",
                            "date_deadline": "2020-01-01",
                        },
                    ),
                    ("action", {"name": "x", "checkin_id": False, "budget": -1}),
                    ("risk", {"name": "x"}),
                    ("risk", {"name": "x", "probability": 9}),
                    ("feedback", {"employee_id": self.director.id, "text": "x"}),
                    ("measure", {"indicator_id": self.ind_sum.id, "target": 0}),
                    ("meeting", {"manager_id": self.director.id}),
                ):
                    self.assertSilent(
                        who,
                        self.env[f"hr.performance.{model}"],
                        "create",
                        values | {"goal_id": goal.id},
                    )

    def test_naming_a_hidden_checkin(self):
        checkin = self.check_in(goal=self.hidden)
        other = self.agree(self.make_goal(self.colleague, (self.ind_sum, 10)))
        for post in (False, True):
            if post:
                checkin.action_post()
            for who in ("colleague", "other_officer"):
                for model, values in (
                    ("evidence", {"url": "no address"}),
                    ("evidence", {}),
                    ("evidence", {"url": "https://example.com"}),
                    ("checkin.value", {"measure_id": other.measure_ids.id}),
                    (
                        "checkin.value",
                        {"measure_id": self.hidden.measure_ids.id, "weight": -1},
                    ),
                    ("checkin.answer", {"text": "x"}),
                    ("action", {"name": "x", "goal_id": other.id}),
                ):
                    self.assertSilent(
                        who,
                        self.env[f"hr.performance.{model}"],
                        "create",
                        values | {"checkin_id": checkin.id},
                    )

    def test_touching_a_hidden_file(self):
        checkin = self.check_in(goal=self.hidden)
        checkin.action_post()
        for who in ("colleague", "other_officer", "portal"):
            self.assertSilent(who, checkin.attachment_ids, "write", {"name": "x"})
            self.assertSilent(who, checkin.attachment_ids, "unlink")

    def test_touching_a_hidden_action(self):
        action = self.one_on_one.action_ids
        self.one_on_one.with_user(self.manager_user).action_hold()
        action.goal_id = self.hidden
        for who in ("colleague", "other_officer"):
            for values in (
                {"name": "x"},
                {"goal_id": self.goal.id},
                {"meeting_id": self.one_on_one.id},
                {"date_start": "2020-02-01", "date_deadline": "2020-01-01"},
                {"budget": float("1e300")},
                {"budget": -1},
                {"checkin_id": 1},
            ):
                self.assertSilent(who, action, "write", values)
            self.assertSilent(who, action, "unlink")

    def test_touching_what_belongs_to_a_closed_cycle(self):
        action = self.mine("action").create({"name": SECRET, "goal_id": self.hidden.id})
        risk = self.mine("risk").create({"name": SECRET, "goal_id": self.hidden.id})
        self.cycle.state = "closed"
        for who in ("colleague", "other_officer"):
            for record in (action, risk, self.hidden):
                for method, args in (
                    ("write", ({"name": "x"},)),
                    ("unlink", ()),
                    ("action_close", ()),
                    ("action_finish", ()),
                    ("action_review", ()),
                    ("copy", ()),
                ):
                    if hasattr(record, method):
                        self.assertSilent(who, record, method, *args)

    def test_meeting_about_a_hidden_goal_of_another_company(self):
        foreign = self.make_goal(
            self.other_employee, name=SECRET, cycle_id=self.cycle_2.id
        )
        for who in ("employee", "manager"):
            for model, values in (
                ("meeting", {"employee_id": self.employee.id}),
                ("feedback", {"employee_id": self.colleague.id, "text": "x"}),
            ):
                self.assertSilent(
                    who,
                    self.env[f"hr.performance.{model}"],
                    "create",
                    values | {"goal_id": foreign.id},
                )
        self.assertSilent("manager", self.one_on_one, "write", {"goal_id": foreign.id})

    def test_links_name_nothing_hidden(self):
        """References to records one cannot read are read without their names."""
        page = self.check_in()
        page.evidence_ids = [
            Command.create(
                {"res_model": "hr.performance.goal", "res_id": self.hidden.id}
            )
        ]
        page.action_post()
        evidence = page.evidence_ids.filtered("res_model").sudo()
        self.hidden.responsible_id.parent_id = False
        for who in ("director", "manager"):
            for names in (
                {"res_id": {"fields": {"display_name": {}}}},
                {"record": {"fields": {"display_name": {}}}},
                {"name": {}},
            ):
                answer = json.dumps(self.told(who, evidence, "web_read", names))
                self.assertNotIn(SECRET, answer)


@tagged("post_install", "-at_install")
class TestFollowUpSteps(FollowUpCommon):
    """Nobody answers, confirms or judges their own; what steps set is not typed."""

    def test_nobody_judges_what_they_did_by_naming_another_doer(self):
        action = self.mine("action").create({"name": "Do", "goal_id": self.goal.id})
        self.rpc("employee", action, "action_finish")
        self.assertRefused("employee", action, "action_judge", "worked", "Mine")
        self.assertRefused(
            "employee", action, "write", {"responsible_id": self.colleague.id}
        )
        dialogs = self.env["hr.performance.action.judge"]
        dialog = dialogs.browse(
            self.rpc(
                "employee",
                dialogs,
                "create",
                {"action_id": action.id, "effect": "worked", "note": "Mine"},
            )
        )
        self.assertRefused("employee", dialog, "action_confirm")
        self.rpc("manager", action, "action_judge", "worked", "Seen")

    def test_nobody_answers_their_own(self):
        own = self.check_in()
        own.action_post()
        by_manager = self.check_in("manager")
        by_manager.action_post()
        for who, checkin in (
            ("employee", own),
            ("manager", by_manager),
            ("employee", by_manager),
            ("colleague", own),
        ):
            self.assertRefused(who, checkin, "action_acknowledge")
            self.assertRefused(who, checkin, "action_answer", "Well done")
            dialogs = self.env["hr.performance.checkin.answer"]
            answer = self.told(
                who, dialogs, "create", {"checkin_id": checkin.id, "text": "Well done"}
            )
            if answer.get("result"):
                self.assertRefused(
                    who, dialogs.browse(answer["result"]), "action_confirm"
                )
            self.assertEqual(checkin.sudo().state, "posted")
        self.rpc("director", by_manager, "action_answer", "Seen")

    def test_nobody_confirms_what_they_finalised(self):
        meeting = self.one_on_one
        self.rpc("employee", meeting, "action_hold")
        for who in ("employee", *sorted(self.everybody() - TWO)):
            self.assertRefused(who, meeting, "action_confirm")
            self.assertRefused(who, meeting, "action_dispute", "No")
        self.rpc("manager", meeting, "action_confirm")
        for who in TWO:
            self.assertRefused(who, meeting, "action_take_back")
            self.assertRefused(who, meeting, "write", {"minutes": "x"})

    def test_what_steps_set_is_not_typed(self):
        checkin = self.check_in()
        checkin.action_post()
        draft = self.check_in()
        feedback = self.give(visibility="person")
        request = self.mine("feedback.request", "manager").create(
            {
                "employee_id": self.employee.id,
                "author_id": self.colleague.id,
                "question": "How?",
            }
        )
        action = self.mine("action").create({"name": "Do", "goal_id": self.goal.id})
        risk = self.mine("risk").create({"name": "Storm", "goal_id": self.goal.id})
        topic = self.one_on_one.agenda_ids[:1]
        for record in (
            checkin,
            draft,
            feedback,
            request,
            action,
            risk,
            topic,
            self.one_on_one,
        ):
            for name in record._fields:
                if not record._is_method_only(name):
                    continue
                field = record._fields[name]
                value = {
                    "many2one": 1,
                    "integer": 7,
                    "float": 7.5,
                    "date": "2020-01-01",
                    "datetime": "2020-01-01 00:00:00",
                    "selection": "x",
                    "json": {},
                }.get(field.type, "Forged")
                if field.type == "selection":
                    value = field.get_values(self.env)[-1]
                for who in (
                    "employee",
                    "manager",
                    "colleague",
                    "officer",
                    "administrator",
                ):
                    before = record.sudo()[name]
                    with self.subTest(f"{record._name}.{name} {who}"):
                        answer = self.told(who, record, "write", {name: value})
                        # who wrote it is left out in silence
                        self.assertTrue("error" in answer or name == "employee_id")
                        self.assertEqual(record.sudo()[name], before)

    def test_outsiders_without_login(self):
        """Neither portal users nor the public have a door of their own."""
        doors = [
            ("hr.performance.mine", "get_my_performance", ()),
            ("hr.performance.help", "get_who_needs_help", ()),
            ("hr.performance.checkin", "get_round", ()),
            ("hr.performance.checkin", "post_many", ([{"goal_id": self.goal.id}],)),
            ("hr.performance.risk", "get_matrix", ()),
            ("hr.performance.owed", "search_read", ([],)),
            ("hr.performance.notice", "search_read", ([],)),
        ]
        for model, method, args in doors:
            answer = self.told("portal", self.env[model], method, *args)
            refused = "error" in answer or answer["result"]["errors"]
            self.assertTrue(refused, f"{model}.{method}: {answer}")
        self.authenticate(None, None)
        self._login = "public"
        for model, method, args in doors:
            answer = self.post(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": list(args), "kwargs": {}},
            )
            self.assertIn("error", answer, f"{model}.{method}")
