"""Nobody finds out who wrote an anonymous answer, whatever they read, search or do.

A whole collection as it happens, with mails, tracking and activities: five colleagues, three
reports and one more who is too few. Each writes a word of their own; names and words occur
nowhere else. Whoever could join a word to a name has broken the promise.
"""

import contextlib
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

from .anonymity import RATERS, WORDS, AnonymityCommon
from .rpc import Refused, RpcCommon

ATTACKERS = ("employee", "manager", "director", "officer", "administrator")
EVERYBODY = [name for names in RATERS.values() for name in names]
#: what belongs to the server and holds no data of people; many rows
TECHNICAL = (
    "ir.model",
    "ir.ui",
    "ir.actions",
    "ir.module",
    "ir.cron",
    "res.country",
    "res.currency",
    "res.lang",
    "report.",
)
#: so many records of each model are looked at; what happens is among the newest
NEWEST = 60
#: records that stand for people
PEOPLE = ("res.users", "res.partner", "hr.employee", "hr.employee.public")


class AttackCommon(AnonymityCommon, RpcCommon):
    """The collection of :class:`AnonymityCommon`, with everything that Odoo does around it."""

    @classmethod
    def _begin(cls):
        # from here on as in a real database: mails, tracking, followers, notes
        context = {
            key: value
            for key, value in cls.env.context.items()
            if key not in DISABLED_MAIL_CONTEXT
        }
        cls.env = cls.env(context=context)
        appraisals = cls.env["hr.performance.appraisal"]
        made = cls.as_(appraisals, "officer").create(
            {
                "employee_id": cls.employee.id,
                "cycle_id": cls.cycle.id,
                "template_id": cls.form.id,
            }
        )
        made.action_open()
        cls.appraisal = appraisals.browse(made.id)
        for role, names in RATERS.items():
            cls.as_(cls.appraisal, "manager").action_ask(
                role, [cls.raters[name].id for name in names]
            )
        cls.requests = cls.ask(cls.appraisal)
        cls.by_role = cls.appraisal.request_ids.grouped("role")

    # ------------------------------------------------------------- as it happens

    def write(self, name):
        """The rater ``name`` types in their answers, in the browser."""
        draft = self.draft_of(name)
        self.rpc(name, self.requests[name], "write", {"draft": draft})

    def send(self, *names):
        for name in names:
            self.write(name)
            self.rpc(name, self.requests[name], "action_submit")

    def review_as_manager(self):
        self.answer_all(self.appraisal, "manager")

    def settle(self):
        """Rated by the manager, released by HR."""
        level = (
            self.appraisal.level_suggested_id or self.appraisal.scale_id.level_ids[0]
        )
        self.rpc("manager", self.appraisal, "action_assess", level.id, "As discussed")
        self.rpc("officer", self.appraisal, "action_release")

    def close(self, who="officer"):
        self.rpc(who, self.appraisal, "action_close_collection")

    # ------------------------------------------------------------- looking around

    def models_of(self, who):
        """Every model of which ``who`` may read records."""
        env = self.env(user=self.users[who])
        for name in sorted(self.env.registry):
            model = env[name]
            if (
                not model._abstract
                and not model._transient
                and not name.startswith(TECHNICAL)
                and model.has_access("read")
            ):
                yield model

    def all_that_is_readable(self, who):
        """``{(model, id): {field: value}}``: all fields of all records ``who`` can read."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = {}
        for model in self.models_of(who):
            with mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"):
                for record in self._records(model):
                    found[model._name, record["id"]] = record
        return found

    def _records(self, model):
        names = [
            name
            for name, field in model._fields.items()
            if field.type not in ("binary", "image")
            and model._has_field_access(field, "read")
        ]
        try:
            records = model.with_context(active_test=False).search(
                [], order="id desc", limit=NEWEST
            )
        except AccessError:
            return []
        try:
            return records.read(names)
        except Exception:
            lines = {record.id: {"id": record.id} for record in records}
            for name in names:
                with contextlib.suppress(Exception):
                    for line in records.read([name]):
                        lines[line["id"]] |= line
            return list(lines.values())

    def differences(self, before, after):
        """Which fields of which records are not as they were."""
        changed = []
        for key in before.keys() | after.keys():
            one, other = before.get(key, {}), after.get(key, {})
            changed += [
                (*key, name, one.get(name), other.get(name))
                for name in one.keys() | other.keys()
                if repr(one.get(name)) != repr(other.get(name))
            ]
        return sorted(changed, key=repr)

    def assertUnseen(self, step, attackers=ATTACKERS, allowed=()):
        """Nobody sees anything of ``step`` happen.

        :param allowed: ``(model, field)`` that may change
        """
        before = {who: self.all_that_is_readable(who) for who in attackers}
        step()
        for who in attackers:
            with self.subTest(who):
                changed = [
                    change
                    for change in self.differences(
                        before[who], self.all_that_is_readable(who)
                    )
                    if (change[0], change[2]) not in allowed
                ]
                self.assertFalse(changed, f"{who} sees it")

    def words_in(self, value):
        text = repr(value)
        return {name for name, word in WORDS.items() if word in text}

    def tables_with_words(self):
        """``{table: names of those whose words are in it}``, as the database has it."""
        self.env.flush_all()
        columns = self.env.execute_query(
            SQL(
                """
                SELECT c.table_name, c.column_name
                  FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = current_schema AND t.table_type = 'BASE TABLE'
                   AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea')
                """
            )
        )
        found = {}
        for table, column in columns:
            rows = self.env.execute_query(
                SQL(
                    "SELECT %s::text FROM %s WHERE %s::text LIKE '%%kumquat%%'",
                    SQL.identifier(column),
                    SQL.identifier(table),
                    SQL.identifier(column),
                )
            )
            if rows:
                found.setdefault(table, set()).update(self.words_in(rows))
        return found


@tagged("post_install", "-at_install")
class TestWhatIsRead(AttackCommon):
    def assertNoNameAtAWord(self, who):
        """No record that ``who`` reads holds somebody's word and points at a rater."""
        shown = 0
        raters = {
            "res.users": {self.users[name].id for name in EVERYBODY},
            "res.partner": {self.users[name].partner_id.id for name in EVERYBODY},
            "hr.employee": {rater.id for rater in self.raters.values()},
        }
        raters["hr.employee.public"] = raters["hr.employee"]
        for (model, record_id), values in self.all_that_is_readable(who).items():
            if not self.words_in(values):
                continue
            shown += 1
            where = f"{who}: {model} {record_id}"
            named = {name for name in EVERYBODY if name in repr(values)}
            self.assertFalse(named, where)
            for name, value in values.items():
                field = self.env[model]._fields[name]
                if field.comodel_name in PEOPLE:
                    ids = value if isinstance(value, list) else value and value[:1]
                    self.assertFalse(
                        set(ids or ()) & raters[field.comodel_name], f"{where} {name}"
                    )
        return shown

    def test_before_publication(self):
        """What is typed or submitted is its author's alone, wherever one looks."""
        self.write("Aldebaran")
        self.send("Betelgeuse", "Fomalhaut")
        self.assertEqual(
            set(self.tables_with_words()), {"hr_performance_request_draft"}
        )
        for who in (*ATTACKERS, "colleague", "Capella"):
            for key, values in self.all_that_is_readable(who).items():
                self.assertFalse(self.words_in(values), f"{who} {key}")
                if key[0] == "hr.performance.request":
                    self.assertFalse(
                        values["is_anonymous"] and not values["is_author"], who
                    )
        for who in ("Aldebaran", "Betelgeuse"):
            seen = set()
            for values in self.all_that_is_readable(who).values():
                seen |= self.words_in(values)
            self.assertEqual(seen, {who})

    def test_after_publication(self):
        self.send(*reversed(EVERYBODY))
        self.review_as_manager()
        self.close()
        # of those who are not shown nothing is left, anywhere
        self.assertEqual(
            self.tables_with_words(),
            {"hr_performance_answer": set(RATERS["peer"])},
        )
        for who in ("manager", "director", "officer", "administrator"):
            self.assertTrue(self.assertNoNameAtAWord(who), who)
        self.assertFalse(self.assertNoNameAtAWord("employee"))
        self.settle()
        for who in ATTACKERS:
            self.assertTrue(self.assertNoNameAtAWord(who), who)
        self.assertFalse(self.assertNoNameAtAWord("colleague"))
        for name in EVERYBODY:
            self.assertFalse(self.assertNoNameAtAWord(name), "nor their own")

    def test_no_column_names_anybody(self):
        """Neither table of what is published has a place for an author or a time."""
        self.send(*EVERYBODY)
        self.close()
        for model in ("review", "answer"):
            records = self.env[f"hr.performance.{model}"]
            columns = {
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT column_name FROM information_schema.columns"
                        " WHERE table_name = %s",
                        records._table,
                    )
                )
            }
            self.assertFalse(
                columns & {"create_uid", "write_uid", "create_date", "write_date"}
            )
        people = [
            field.name
            for model in ("review", "answer")
            for field in self.env[f"hr.performance.{model}"]._fields.values()
            if field.comodel_name in PEOPLE
        ]
        self.assertEqual(people, ["reviewer_id"])
        self.assertFalse(self.published().reviewer_id)

    def test_searches_find_all_raters_alike(self):
        """From an answer along any path to people: its word goes with all of them or none."""
        self.send(*EVERYBODY)
        self.review_as_manager()
        self.close()
        self.settle()
        asked = 0
        for who in ("employee", "manager", "officer", "administrator"):
            answers = self.as_(self.env["hr.performance.answer"], who)
            for path, end in self._paths("hr.performance.answer", 3):
                ids = [
                    (
                        self.users[name].id
                        if end == "res.users"
                        else self.users[name].partner_id.id
                        if end == "res.partner"
                        else self.raters[name].id
                    )
                    for name in RATERS["peer"]
                ]
                counts = set()
                for word in (WORDS["Aldebaran"], WORDS["Deneb"]):
                    for person_id in ids:
                        domain = [("text", "ilike", word), (path, "=", person_id)]
                        try:
                            counts.add(answers.search_count(domain))
                        except Exception:
                            counts.add("refused")
                asked += 1
                self.assertEqual(len(counts), 1, f"{who}: {path} {counts}")
        self.assertGreater(asked, 40)

    def _paths(self, model_name, depth, ends=PEOPLE):
        """Dotted paths of relations from the model to the models ``ends``."""
        for name, field in self.env[model_name]._fields.items():
            comodel = field.comodel_name or ""
            if comodel in ends:
                yield name, comodel
            elif depth > 1 and comodel.startswith(("hr.performance.", "mail.activity")):
                for path, end in self._paths(comodel, depth - 1, ends):
                    yield f"{name}.{path}", end

    def test_searches_find_no_request(self):
        """From any model along any path: no request or draft of a rater is matched."""
        self.send(*RATERS["peer"])
        raters = [rater.id for rater in self.raters.values()]
        questions = {
            "hr.performance.request": [("reviewer_id", "in", raters)],
            "hr.performance.request.draft": [("id", "!=", 0)],
            "hr.performance.notice": [
                ("res_model", "=", "hr.performance.request"),
                ("user_id", "in", [self.users[name].id for name in EVERYBODY]),
            ],
            "mail.activity": [
                ("user_id", "in", [self.users[name].id for name in EVERYBODY])
            ],
        }
        asked = 0
        for who in ("employee", "manager", "officer", "administrator"):
            for model in self.models_of(who):
                if not model._name.startswith(("hr.", "mail.activity", "res.users")):
                    continue
                if model._name in questions:
                    domain = questions[model._name]
                    self.assertFalse(model.search_count(domain), f"{who} {model._name}")
                for path, end in self._paths(model._name, 2, questions):
                    for leaf in questions[end]:
                        for domain in (
                            [(path, "any", questions[end])],
                            [(f"{path}.{leaf[0]}", *leaf[1:])],
                        ):
                            asked += 1
                            try:
                                with self.env.cr.savepoint():
                                    count = model.search_count(domain)
                            except Exception:
                                continue
                            self.assertFalse(count, f"{who} {model._name} {domain}")
        self.assertGreater(asked, 100)
        for who in ATTACKERS:
            for domain in (
                [("request_ids", "any!", [("state", "=", "done")])],
                [("request_ids", "not any!", [("state", "=", "done")])],
            ):
                with self.assertRaises(Exception) as caught:
                    self.rpc(who, self.appraisal.browse(), "search", domain)
                self.assertIsInstance(caught.exception, Refused | JsonRpcException)
            with contextlib.suppress(Refused):
                saved = self.rpc(
                    who,
                    self.appraisal,
                    "web_save",
                    {"activity_ids": []},
                    {
                        "request_ids": {
                            "fields": {"state": {}, "reviewer_id": {"fields": {}}}
                        }
                    },
                )
                named = {one["reviewer_id"]["id"] for one in saved[0]["request_ids"]}
                self.assertFalse(named & set(raters), who)

    def test_groups_and_exports(self):
        """By whatever the answers are grouped or exported, no name stands beside them."""
        self.send(*EVERYBODY)
        self.review_as_manager()
        self.close()
        for who in ("manager", "officer", "administrator"):
            for model in ("review", "answer", "request", "request.draft", "nomination"):
                records = self.env[f"hr.performance.{model}"]
                for name in records._fields:
                    for path in (name, f"{name}:day", f"{name}.create_uid"):
                        with contextlib.suppress(Exception), mute_logger("odoo.http"):
                            groups = self.rpc(
                                who,
                                records,
                                "formatted_read_group",
                                [],
                                [path],
                                ["__count", "id:array_agg"],
                            )
                            if model in ("review", "answer"):
                                named = [
                                    rater
                                    for rater in EVERYBODY
                                    if rater in repr(groups)
                                ]
                                self.assertFalse(named, f"{who} {model} {path}")
                            if model == "request":
                                # no anonymous one is counted
                                count = sum(group["__count"] for group in groups)
                                self.assertLessEqual(count, 2, f"{who} {path}")
            for name in (
                "reviewer_id",
                "reviewer_id/.id",
                "appraisal_id/request_ids/id",
            ):
                with contextlib.suppress(Refused):
                    rows = self.rpc(
                        who,
                        self.published().answer_ids,
                        "export_data",
                        [".id", "text", f"review_id/{name}"],
                    )["datas"]
                    named = [rater for rater in EVERYBODY if rater in repr(rows)]
                    self.assertFalse(named, f"{who} {name}")
                    self.assertFalse(any(row[2] for row in rows if row[1]), name)

    def test_forms_and_context(self):
        """Forms, unsaved records and what a client may put into the context."""
        self.send(*EVERYBODY[:-1])
        contexts = (
            {},
            {"active_test": False, "bin_size": True, "prefetch_fields": False},
            {"allowed_company_ids": (self.company | self.company_2).ids},
            {"default_reviewer_id": self.officer.id, "default_is_anonymous": False},
            {"su": True, "uid": 1, "performance_anonymous": True},
        )
        nested = {
            "request_ids": {
                "fields": {"state": {}, "reviewer_id": {}, "draft": {}, "form": {}}
            },
            "review_ids": {"fields": {"answer_ids": {"fields": {"text": {}}}}},
            "item_ids": {"fields": {"answer_ids": {"fields": {"review_id": {}}}}},
        }
        request = self.requests["Capella"]
        draft = self.env["hr.performance.request.draft"].search(
            [("request_id", "=", request.id)]
        )
        for who in ATTACKERS:
            for context in contexts:
                calls = [
                    (self.appraisal, "web_read", (nested,)),
                    (self.appraisal, "onchange", ({}, [], nested)),
                    (
                        self.appraisal,
                        "onchange",
                        (
                            {"request_ids": [Command.link(request.id)]},
                            ["request_ids"],
                            nested,
                        ),
                    ),
                    (request, "web_read", ({"draft": {}, "state": {}, "form": {}},)),
                    (request, "onchange", ({}, [], {"draft": {}, "state": {}})),
                    (
                        request.browse(),
                        "onchange",
                        (
                            {
                                "appraisal_id": self.appraisal.id,
                                "reviewer_id": self.raters["Capella"].id,
                                "is_anonymous": False,
                            },
                            [],
                            {
                                "draft": {},
                                "state": {},
                                "form": {},
                                "answered_count": {},
                            },
                        ),
                    ),
                    (request, "get_evidence", ()),
                    (request, "read", ()),
                    (request, "copy", ()),
                    (request, "copy_data", ()),
                    (request, "export_data", (["state", "draft", "submitted_on"],)),
                    (request, "get_formview_action", ()),
                    (request, "mail_get_partner_fields", ()),
                    (draft, "read", ()),
                    (draft, "copy_data", ()),
                    (draft.browse(), "name_search", ("",)),
                    (draft.browse(), "search_count", ([],)),
                    (
                        request.browse(),
                        "search_count",
                        ([("is_anonymous", "=", True)],),
                    ),
                    (
                        request.browse(),
                        "search_count",
                        ([("reviewer_id", "=", self.raters["Capella"].id)],),
                    ),
                ]
                for records, method, args in calls:
                    try:
                        with mute_logger("odoo.http"):
                            answer = self.rpc(
                                who, records, method, *args, context=context
                            )
                    except (Refused, JsonRpcException):
                        continue
                    told = f"{who} {records} {method} {context}: {answer}"
                    self.assertFalse(self.words_in(answer), told)
                    self.assertNotIn("Capella", json.dumps(answer), told)
                    self.assertNotIn('"done"', json.dumps(answer), told)
                    if method == "search_count":
                        self.assertEqual(answer, 0, told)

    def test_refusals_name_nobody(self):
        """What is refused is refused without a word on who was asked, or has answered."""
        self.send("Capella")
        request = self.requests["Capella"]
        nomination = self.appraisal.nomination_ids.filtered(
            lambda one: one.reviewer_id == self.raters["Capella"]
        )
        draft = self.env["hr.performance.request.draft"].search(
            [("request_id", "=", request.id)]
        )
        for who in (*ATTACKERS, "colleague", "Deneb", "other_officer"):
            for record, calls in (
                (
                    request,
                    (
                        ("read", ()),
                        ("web_read", ({"display_name": {}, "reviewer_id": {}},)),
                        ("write", ({"draft": {}},)),
                        ("write", ({"state": "to_do"},)),
                        ("write", ({"reviewer_id": False},)),
                        ("action_submit", ()),
                        ("action_decline", ("No",)),
                        ("action_reassign", (self.colleague.id,)),
                        ("action_withdraw", ()),
                        ("action_propose", ("peer", self.colleague.ids)),
                        ("action_nominate", ()),
                        ("action_view_proposed", ()),
                        ("get_evidence", ()),
                        ("unlink", ()),
                        ("copy", ()),
                        ("message_post", ()),
                        ("message_subscribe", (self.users[who].partner_id.ids,)),
                        ("export_data", (["display_name"],)),
                    ),
                ),
                (draft, (("read", ()), ("write", ({"answers": {}},)), ("unlink", ()))),
                (
                    nomination,
                    ()
                    if who in ("manager", "director", "officer", "administrator")
                    else (
                        ("read", ()),
                        ("action_approve", ()),
                        ("action_refuse", ("No",)),
                        ("write", ({"state": "refused"},)),
                        ("unlink", ()),
                        ("copy", ()),
                    ),
                ),
            ):
                for method, args in calls:
                    answer = self.told(who, record, method, *args)
                    with self.subTest(f"{who} {record._name} {method} {args}"):
                        self.assertIn("error", answer)
                        said = json.dumps(answer)
                        self.assertNotIn("Capella", said)
                        self.assertNotIn("Done", said)
                        self.assertNotIn(WORDS["Capella"], said)

    def test_no_row_bears_a_raters_hand(self):
        """In all tables only what is a rater's own says that they wrote it."""
        self.review_as_manager()
        self.send("Capella", "Deneb", "Electra")
        own = {
            "hr_performance_request",
            "hr_performance_request_draft",
            "hr_performance_notice",
            "mail_activity",
            "mail_message",
            # to their own browser, read by nobody over RPC, gone within a day
            "bus_bus",
        }
        self.assertLessEqual(self._tables_by(RATERS["peer"]), own)
        self.close()
        self.assertLessEqual(
            self._tables_by(RATERS["peer"]), own - {"hr_performance_request_draft"}
        )
        self.assertFalse(
            {"hr_performance_request"} & self._tables_by(RATERS["peer"]),
            "who has submitted was the last to write",
        )

    def _tables_by(self, names):
        """The tables with rows that users ``names`` have made or changed."""
        self.env.flush_all()
        users = [self.users[name].id for name in names]
        columns = self.env.execute_query(
            SQL(
                r"""
                SELECT c.table_name, c.column_name
                  FROM information_schema.columns c
                  JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = current_schema AND t.table_type = 'BASE TABLE'
                   AND c.column_name IN ('create_uid', 'write_uid')
                   AND c.table_name NOT LIKE 'res\_%%'
                """
            )
        )
        return {
            table
            for table, column in columns
            if self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s = ANY(%s) LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    users,
                )
            )
        }


@tagged("post_install", "-at_install")
class TestTwoMoments(AttackCommon):
    """Comparing before and after tells nothing."""

    def setUp(self):
        super().setUp()
        # when somebody was last there is told by Odoo to all their colleagues
        for name in EVERYBODY:
            self.login(name)

    def test_typing_and_submitting(self):
        self.send("Aldebaran", "Betelgeuse", "Capella")
        self.run_night()
        self.assertUnseen(lambda: self.write("Deneb"))
        self.assertUnseen(
            lambda: self.rpc("Deneb", self.requests["Deneb"], "action_submit")
        )

    def test_submitting_after_the_manager(self):
        """Also when the figures move already."""
        self.review_as_manager()
        self.assertUnseen(lambda: self.send("Electra"))
        self.assertUnseen(lambda: self.send("Izar"))

    def test_opening_the_form(self):
        self.assertUnseen(
            lambda: self.rpc(
                "Hadar", self.requests["Hadar"], "web_read", {"form": {}, "draft": {}}
            )
        )

    def test_ticking_the_activity_off(self):
        activity = self.requests["Hadar"].activity_ids
        self.assertEqual(activity.user_id, self.users["Hadar"])
        self.assertUnseen(
            lambda: self.rpc("Hadar", activity, "action_feedback", "Done")
        )

    def test_numbers_of_what_is_hidden(self):
        """Knowing the numbers of reminders and drafts, nobody learns which are left."""
        activities = {
            name: request.activity_ids for name, request in self.requests.items()
        }
        self.assertTrue(all(activities.values()))
        everything = self.env["mail.activity"].browse(
            [one.id for one in activities.values()]
        )
        notices = self.env["hr.performance.notice"].search(
            [("activity_id", "in", everything.ids)]
        )
        self.assertEqual(len(notices), len(EVERYBODY))
        self.write("Aldebaran")
        drafts = self.env["hr.performance.request.draft"].search([])
        later = drafts.browse(drafts.ids[-1] + 1)

        def asked(who):
            own = self.users[who]
            answers = []
            for record in (*everything, *notices, *drafts, later):
                for method, args in (
                    ("read", ()),
                    ("read", (["display_name"],)),
                    ("read", (["create_date", "id"],)),
                    ("web_read", ({"display_name": {}},)),
                    ("exists", ()),
                    ("write", ({"user_id": own.id},)),
                    ("write", ({"active": True},)),
                    ("action_feedback", ()),
                    ("action_done", ()),
                    ("get_metadata", ()),
                    ("copy", ()),
                    ("unlink", ()),
                ):
                    answer = self.told(who, record, method, *args)
                    answers.append(
                        (
                            f"{record} {method} {args}",
                            json.dumps(
                                answer.get("error", {}).get("data", {}).get("message")
                                or answer.get("result"),
                                ensure_ascii=False,
                            ).replace(str(record.id), "#"),
                        )
                    )
            return answers

        for who in ATTACKERS:
            before = asked(who)
            activity = activities[EVERYBODY[ATTACKERS.index(who)]]
            self.assertTrue(activity.exists(), f"{who} has deleted a reminder")
            self.send(EVERYBODY[ATTACKERS.index(who)])
            after = asked(who)
            self.assertEqual([one for one in before if one not in after], [], who)
            self.assertNotIn(self.users[who], everything.sudo().user_id)
            # of the drafts none is like another
            hidden = {
                text for how, text in after if "request.draft" in how and " read" in how
            }
            self.assertEqual(len(hidden), 1, f"{who} {hidden}")
        sent = [activities[name] for name in EVERYBODY[: len(ATTACKERS)]]
        self.assertFalse(any(one.active for one in sent))
        self.close()
        self.assertFalse(everything.exists())

    def test_night(self):
        """Counts move at night, from the minimum on; and nothing else."""
        self.send("Aldebaran", "Betelgeuse")
        self.assertUnseen(self.run_night)
        self.send("Capella")
        self.assertUnseen(
            self.run_night,
            allowed=[("hr.performance.appraisal", "anonymous_answered_count")],
        )
        self.assertEqual(self.appraisal.anonymous_answered_count, 3)

    def test_late_answer(self):
        """After closing a late rater changes nothing, however hard they try."""
        self.send(*RATERS["peer"][:4])
        self.write("Electra")
        self.close()

        def late():
            for method, args in (
                ("write", ({"draft": self.draft_of("Electra")},)),
                ("action_submit", ()),
                ("action_decline", ("Too late",)),
            ):
                self.assertRefused("Electra", self.requests["Electra"], method, *args)

        self.assertUnseen(late)

    def test_a_refused_rating_tells_nothing(self):
        """No step that fails lets out what a published answer would change."""
        self.review_as_manager()
        told = set()
        for name in RATERS["peer"]:
            self.send(name)
            for level in self.appraisal.scale_id.level_ids:
                if level == self.appraisal.level_suggested_id:
                    continue
                appraisal = self.as_(self.appraisal, "manager")
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    appraisal.action_assess(level.id)
                told.add(str(caught.exception))
        self.assertEqual(len(told), 1)
        self.assertFalse(self.appraisal.collection_closed_on)

    def test_settling_publishes_first(self):
        """An accepted suggestion that moves with what is published is looked at again."""
        levels = self.appraisal.scale_id.level_ids
        self.answer_all(self.appraisal, "manager", levels[-1])
        for name in RATERS["peer"]:
            self.rpc(
                name,
                self.requests[name],
                "write",
                {"draft": self.draft_of(name, level=levels[0])},
            )
            self.rpc(name, self.requests[name], "action_submit")
        suggested = self.appraisal.level_suggested_id
        told = self.rpc("manager", self.appraisal, "action_assess")
        self.assertEqual(told["tag"], "display_notification")
        self.assertEqual(self.appraisal.state, "open")
        self.assertEqual(len(self.published()), 5)
        self.assertNotEqual(self.appraisal.level_suggested_id, suggested)
        self.assertFalse(self.rpc("manager", self.appraisal, "action_assess"))
        self.assertEqual(self.appraisal.state, "assessed")
        self.assertFalse(self.appraisal.override_reason)


@tagged("post_install", "-at_install")
class TestWhatIsDone(AttackCommon):
    """Nothing that HR or the line can do takes a group apart or opens it twice."""

    def tries(self, who, records, method, *args, **kwargs):
        """Do it if the server lets one; whether it did."""
        try:
            with mute_logger("odoo.http", "odoo.sql_db"):
                self.rpc(who, records, method, *args, **kwargs)
        except (Refused, JsonRpcException):
            return False
        return True

    def assertShown(self, names):
        """Exactly what ``names`` wrote is published, as one group, without names."""
        answers = self.published().answer_ids
        self.assertEqual(self.words_in(answers.mapped("text")), set(names))

    def test_taking_requests_apart(self):
        """Requests, drafts and nominations are neither deleted, changed nor handed over."""
        self.send(*RATERS["peer"])
        drafts = self.env["hr.performance.request.draft"].search([])
        for who in ATTACKERS:
            own = self.users[who].employee_id
            for request in list(self.requests.values())[:6]:
                for method, args in (
                    ("unlink", ()),
                    ("write", ({"reviewer_id": own.id},)),
                    ("write", ({"is_anonymous": False},)),
                    ("write", ({"role": "project"},)),
                    ("write", ({"submitted_on": False},)),
                    ("write", ({"state": "to_do"},)),
                    ("write", ({"appraisal_id": False},)),
                    ("write", ({"draft": {}},)),
                    ("web_save", ({"is_anonymous": False}, {"draft": {}})),
                    ("copy", ({"reviewer_id": own.id},)),
                    ("action_submit", ()),
                    ("action_decline", ("No",)),
                    ("action_reassign", (own.id,)),
                    ("action_withdraw", ()),
                    ("action_archive", ()),
                    ("message_post", ()),
                    ("message_subscribe", (self.users[who].partner_id.ids,)),
                    ("activity_schedule", ()),
                ):
                    self.assertFalse(
                        self.tries(who, request, method, *args),
                        f"{who} {method} {args}",
                    )
            for values in (
                {"request_ids": [Command.delete(self.requests["Deneb"].id)]},
                {"request_ids": [Command.unlink(self.requests["Deneb"].id)]},
                {"request_ids": [Command.clear()]},
                {
                    "request_ids": [
                        Command.update(
                            self.requests["Deneb"].id, {"is_anonymous": False}
                        )
                    ]
                },
                {"anonymity_minimum": 1},
                {"collection_closed_on": False},
                {"collection_closed_on": "2001-01-01"},
                {"is_collecting": False},
                {"anonymous_answered_count": 99},
                {"template_id": self.env.ref("hr_performance.template_standard").id},
            ):
                self.tries(who, self.appraisal, "write", values)
            for draft in drafts:
                for method, args in (
                    ("unlink", ()),
                    ("write", ({"user_id": self.users[who].id},)),
                    ("write", ({"request_id": self.by_role["manager"].id},)),
                ):
                    self.assertFalse(self.tries(who, draft, method, *args))
            for nomination in self.appraisal.nomination_ids[:3]:
                for method, args in (
                    ("unlink", ()),
                    ("write", ({"reviewer_id": own.id},)),
                    ("write", ({"state": "refused"},)),
                    ("action_refuse", ("No",)),
                    ("action_approve", ()),
                    ("copy", ()),
                ):
                    self.assertFalse(
                        self.tries(who, nomination, method, *args), f"{who} {method}"
                    )
        self.assertEqual(len(self.appraisal.request_ids), 11)
        self.assertEqual(self.appraisal.anonymity_minimum, 3)
        self.assertFalse(self.appraisal.collection_closed_on)
        self.close()
        self.assertShown(RATERS["peer"])

    def test_changing_the_form_and_the_cycle(self):
        """What was promised when they wrote holds, whatever is set afterwards."""
        self.send(*RATERS["peer"][:2], *RATERS["report"])
        roles = self.form.role_ids.grouped("role")
        for who in ("officer", "administrator"):
            for records, values in (
                (self.cycle, {"anonymity_minimum": 2}),
                (roles["peer"], {"is_anonymous": False}),
                (roles["peer"], {"role": "project"}),
                (roles["peer"], {"weight": 1000}),
                (roles["report"], {"merge_into": "peer"}),
                (self.form, {"is_blind": False}),
                (self.form.section_ids[0], {"sharing": "never"}),
                (
                    self.form.section_ids[0],
                    {"role_ids": [Command.set(roles["peer"].ids)]},
                ),
            ):
                self.tries(who, records, "write", values)
            self.tries(who, roles["peer"], "unlink")
        self.assertTrue(all(one.is_anonymous for one in self.requests.values()))
        self.close()
        self.assertShown(RATERS["report"])
        self.assertEqual(set(self.published().mapped("role")), {"report"})

    def test_too_few_by_any_way(self):
        """Whoever closes, when and how: below the minimum nothing is shown."""
        self.send("Aldebaran", "Fomalhaut", "Izar")
        self.review_as_manager()
        self.settle()
        self.assertFalse(self.published())
        self.assertFalse(self.tables_with_words())

    def test_leaving_people(self):
        """Who has left, or whose user is gone, keeps their place in the group."""
        self.send(*RATERS["peer"][:3])
        self.raters["Aldebaran"].active = False
        self.users["Betelgeuse"].active = False
        self.close()
        self.assertShown(RATERS["peer"][:3])

    def test_another_login_for_the_rater(self):
        """HR may give an employee another user: it reads nothing that was written before."""
        self.write("Aldebaran")
        self.send("Betelgeuse")
        spy = new_test_user(self.env, login="perf_spy", groups="base.group_user")
        self.users["spy"] = spy
        for name in ("Aldebaran", "Betelgeuse"):
            self.raters[name].user_id = spy
            request = self.requests[name]
            self.assertFalse(self.rpc("spy", request, "read", ["draft"])[0]["draft"])
            self.raters[name].user_id = False
            self.env.flush_all()
        drafts = self.env["hr.performance.request.draft"].with_user(spy)
        self.assertFalse(drafts.search([]))

    def test_once_is_once(self):
        """Reopened, launched again, asked again: what was shown stays as it was shown."""
        self.send(*RATERS["peer"][:4])
        self.review_as_manager()
        self.close("manager")
        self.settle()

        def shown():
            return sorted(
                (one.id, one.review_id.id, one.item_id.id, one.text, one.value or 0)
                for one in self.published().answer_ids
            )

        before = shown()
        self.rpc("administrator", self.appraisal, "action_reopen", "Once more")
        self.assertEqual(self.appraisal.state, "open")
        for who in ("manager", "officer", "administrator"):
            self.assertFalse(self.tries(who, self.appraisal, "action_close_collection"))
            self.assertFalse(
                self.tries(
                    who, self.appraisal, "action_ask", "peer", [self.colleague.id]
                )
            )
            self.tries(who, self.cycle, "action_launch_appraisals")
        self.assertFalse(
            self.tries("Electra", self.requests["Electra"], "action_submit")
        )
        self.run_night()
        self.review_as_manager()
        self.settle()
        self.assertEqual(shown(), before)
        self.assertEqual(len(self.appraisal.request_ids), 11)

    def test_cancelling(self):
        """Cancelled before it is closed: what was written is gone, for good."""
        self.send(*RATERS["peer"])
        self.rpc("officer", self.appraisal, "action_cancel", "Left")
        self.assertFalse(self.tables_with_words())

    def test_imports(self):
        """Loading rows is writing."""
        self.send(*RATERS["peer"])
        for who in ("officer", "administrator"):
            for model, names, row in (
                (
                    "request",
                    [".id", "is_anonymous"],
                    [str(self.requests["Deneb"].id), "False"],
                ),
                (
                    "review",
                    ["appraisal_id/.id", "role", "reviewer_id/.id"],
                    [str(self.appraisal.id), "peer", str(self.raters["Deneb"].id)],
                ),
                (
                    "request.draft",
                    ["request_id/.id", "answers"],
                    [str(self.requests["Izar"].id), "{}"],
                ),
            ):
                records = self.env[f"hr.performance.{model}"]
                result = None
                with contextlib.suppress(Refused, JsonRpcException):
                    result = self.rpc(who, records, "load", names, [row])
                self.assertFalse(result and result["ids"], f"{who} {model}")

    def test_nobody_reviews_as_somebody_else(self):
        for who in (*ATTACKERS, "Betelgeuse"):
            request = self.requests["Aldebaran"]
            draft = {"draft": self.draft_of("Aldebaran")}
            self.assertRefused(who, request, "write", draft)
            self.assertRefused(who, request, "action_submit")
            self.assertRefused(who, request, "action_decline", "No")
        self.assertFalse(self.tables_with_words())
