"""What nobody gets out of nominations or into them over RPC, and who is not named by them."""

from freezegun import freeze_time

from odoo.fields import Date
from odoo.tests import tagged

from .rpc import Refused, RpcCommon
from .test_nomination import NominationCase

EVERYBODY = (
    "employee",
    "manager",
    "director",
    "colleague",
    "officer",
    "administrator",
    "other_officer",
)
#: those to whom who reviews is not told
CURIOUS = ("employee", "manager", "director", "officer", "administrator", "peer_1")


@tagged("post_install", "-at_install")
class TestNominationAttacks(NominationCase, RpcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # one has been asked, one is proposed, one has answered, one has declined
        as_employee = cls.own.with_user(cls.employee_user)
        asked = as_employee.action_propose(
            "peer", [cls.people[f"peer_{number}"].id for number in (0, 1, 2)]
        )
        asked[:2].with_user(cls.manager_user).action_approve()
        cls.proposed = asked[2].sudo()
        cls.asked = asked[0].sudo()
        cls.requests = cls.appraisal.request_ids.filtered(
            lambda one: one.role == "peer"
        )
        done = cls.requests.filtered(
            lambda one: one.reviewer_id == cls.people["peer_0"]
        )
        items = done._items().filtered(lambda one: one.kind == "rating")
        as_peer = done.with_user(cls.users["peer_0"])
        as_peer.draft = {str(item.id): {"level_id": cls.meets.id} for item in items}
        as_peer.action_submit()
        cls.done = done
        cls.open = cls.requests - done
        cls.env.flush_all()

    def test_nothing_is_typed_in(self):
        """States, names and reasons are for methods, whoever tries."""
        new = {
            "appraisal_id": self.appraisal.id,
            "role": "other",
            "reviewer_id": self.colleague.id,
            "state": "approved",
        }
        for who in EVERYBODY:
            with self.subTest(who):
                for values in (
                    {"state": "approved"},
                    {"state": "refused"},
                    {"refuse_reason": "No"},
                    {"source": "employee"},
                    {"reviewer_id": self.colleague.id},
                    {"role": "other"},
                    {"appraisal_id": False},
                ):
                    self.assertRefused(who, self.proposed, "write", values)
                    self.assertRefused(who, self.proposed, "web_save", values, {})
                self.assertRefused(who, self.proposed.browse(), "create", [new])
                self.assertRefused(who, self.proposed, "unlink")
                self.assertRefused(who, self.proposed, "copy", {"state": "approved"})
                self.assertRefused(
                    who,
                    self.appraisal,
                    "write",
                    {"nomination_ids": [(0, 0, {"reviewer_id": self.colleague.id})]},
                )

    def test_people_of_other_companies_are_not_named(self):
        """Neither by being proposed nor by the refusal."""
        stranger = self.other_employee
        stranger.name = "Zzyzx"
        for who, record, method, args in (
            ("employee", self.own, "action_propose", ("peer", stranger.ids)),
            ("manager", self.appraisal, "action_ask", ("other", stranger.ids)),
        ):
            with self.subTest(who):
                self.assertRefused(who, record, method, *args)
                said = self.told(who, record, method, *args)
                self.assertNotIn("Zzyzx", str(said))

    def test_private_methods_are_not_called(self):
        for records, method, args in (
            (self.proposed, "_ask", []),
            (self.proposed, "_replace", [self.colleague.id]),
            (self.appraisal, "_nominate", ["other", [], "manager", "approved"]),
            (self.appraisal, "_whom_to_ask", []),
            (self.appraisal, "_wanted_requests", []),
            (self.open, "_pass_on", [self.colleague.id]),
            (self.open, "_withdraw", []),
        ):
            for who in ("employee", "manager", "administrator"):
                with self.subTest(method, who=who):
                    self.assertRefused(who, records, method, *args)

    def test_reason_dialog_gives_no_rights(self):
        for who in ("employee", "colleague", "director"):
            with self.subTest(who), self.assertRaises(Refused):
                dialog = self.rpc(
                    who,
                    self.env["hr.performance.reason"],
                    "create",
                    {
                        "res_model": self.proposed._name,
                        "res_ids": self.proposed.ids,
                        "step": "action_refuse",
                        "reason": "No",
                    },
                )
                self.rpc(
                    who,
                    self.env["hr.performance.reason"].browse(dialog),
                    "action_confirm",
                )
        self.assertEqual(self.proposed.state, "proposed")

    def test_taking_back_tells_nothing(self):
        """Done or open, the answer is the same: no."""
        for who in ("manager", "officer", "administrator", "employee"):
            answers = set()
            for request in self.requests:
                for method, args in (
                    ("action_reassign", [self.colleague.id]),
                    ("action_withdraw", []),
                    ("unlink", []),
                ):
                    try:
                        self.rpc(who, request, method, *args)
                        self.fail(f"{who} took {request} back")
                    except Refused as refused:
                        answers.add((method, refused.name))
            with self.subTest(who):
                self.assertEqual(len(answers), 3)
        self.assertTrue(self.requests.exists())

    def test_nominations_tell_nothing_of_answers(self):
        """Of who has answered and who has not, the lists say the same."""
        names = [
            name
            for name in self.proposed._fields
            if name
            not in (
                "id",
                "reviewer_id",
                "display_name",
                "create_date",
                "write_date",
                "create_uid",
                "write_uid",
                "__last_update",
            )
        ]
        of_done, of_open = (
            self.appraisal.nomination_ids.filtered(
                lambda one, request=request: one.reviewer_id == request.reviewer_id
            )
            for request in (self.done, self.open)
        )
        for who in ("employee", "manager", "officer"):
            with self.subTest(who):
                first, second = (
                    self.rpc(who, one, "read", names)[0] for one in (of_done, of_open)
                )
                self.assertEqual(first | {"id": 0}, second | {"id": 0})
                stamps = self.rpc(
                    who, of_done + of_open, "read", ["write_date", "write_uid"]
                )
                self.assertEqual(stamps[0]["write_date"], stamps[1]["write_date"])
                self.assertEqual(stamps[0]["write_uid"], stamps[1]["write_uid"])

    def test_no_owed_row_and_no_activity_names_a_reviewer(self):
        for who in CURIOUS:
            for model, domain in (
                (
                    "hr.performance.owed",
                    [
                        ("res_model", "=", self.requests._name),
                        ("res_id", "in", self.requests.ids),
                    ],
                ),
                (
                    "mail.activity",
                    [
                        ("res_model", "=", self.requests._name),
                        ("res_id", "in", self.requests.ids),
                    ],
                ),
                (
                    "hr.performance.notice",
                    [
                        ("res_model", "=", self.requests._name),
                        ("res_id", "in", self.requests.ids),
                    ],
                ),
                (
                    "mail.message",
                    [
                        ("model", "=", self.requests._name),
                        ("res_id", "in", self.requests.ids),
                    ],
                ),
            ):
                own = self.people.get(who)
                with self.subTest(who, model=model):
                    found = self._found(who, model, domain)
                    if who == "peer_1":
                        # their own task, and nothing of the others'
                        self.assertLessEqual(
                            {one["res_id"] for one in found},
                            set(
                                self.requests.filtered(
                                    lambda one, own=own: one.reviewer_id == own
                                ).ids
                            ),
                        )
                    else:
                        self.assertFalse(found)

    def _found(self, who, model, domain):
        try:
            return self.rpc(who, self.env[model], "search_read", domain, ["res_id"])
        except Refused:
            return []

    def test_a_declined_answer_has_no_author(self):
        """Nothing of the message, of its followers or notifications leads to who declined."""
        peer = self.open.reviewer_id
        user = peer.user_id
        messages = self.env["mail.message"].search([]).ids
        self.rpc("peer_1", self.open, "action_decline", "I hardly know them")
        self.assertFalse(self.env["mail.message"].search([("id", "not in", messages)]))
        with freeze_time(Date.add(Date.today(), days=1)):
            self.env["hr.performance.request"]._cron_mark_overdue()
        new = self.env["mail.message"].search([("id", "not in", messages)])
        self.assertEqual(len(new), 1)
        self.assertIn("I hardly know them", new.body)
        row = {
            name: value
            for name, value in new.read()[0].items()
            if name not in ("id", "body", "preview")
        }
        self.assertNotIn(peer.name, str(row))
        self.assertNotIn(user.login, str(row))
        self.env.cr.execute("SELECT * FROM mail_message WHERE id = %s", [new.id])
        columns = dict(
            zip(
                (column.name for column in self.env.cr.description),
                self.env.cr.fetchone(),
                strict=True,
            )
        )
        for name in ("author_id", "create_uid", "write_uid"):
            self.assertNotIn(columns[name], (user.id, user.partner_id.id), name)
        self.assertFalse(
            self.env["mail.followers"].search(
                [
                    ("res_model", "=", self.appraisal._name),
                    ("res_id", "=", self.appraisal.id),
                    ("partner_id", "=", user.partner_id.id),
                ]
            )
        )
        self.assertNotIn(user.partner_id, new.notification_ids.res_partner_id)
        self.assertFalse(
            self.env["mail.tracking.value"].search([("mail_message_id", "=", new.id)])
        )
        for who in ("manager", "officer", "administrator", "employee"):
            with self.subTest(who):
                self.assertFalse(
                    self._found(who, "mail.activity", [("user_id", "=", user.id)])
                )

    def test_the_appraisal_shows_no_trace(self):
        """Neither its columns nor its write date move when somebody answers."""
        before = self._appraisal_row()
        with freeze_time(self.day(12, 24)):
            request = self.open.with_user(self.open.reviewer_id.user_id)
            request.draft = {
                str(item.id): {"level_id": self.meets.id}
                for item in self.open._items()
                if item.kind == "rating"
            }
            request.action_submit()
            self.env.flush_all()
        after = self._appraisal_row()
        moved = {name for name in before if before[name] != after[name]}
        # how many have answered may be said
        self.assertLessEqual(moved, {"anonymous_answered_count"})

    def _appraisal_row(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT * FROM hr_performance_appraisal WHERE id = %s", [self.appraisal.id]
        )
        return dict(
            zip(
                (column.name for column in self.env.cr.description),
                self.env.cr.fetchone(),
                strict=True,
            )
        )

    def test_stints_are_not_made_up(self):
        """Whoever invents a past cannot ask about it: only HR writes the history."""
        stint = self.env["hr.performance.manager.stint"].search(
            [("employee_id", "=", self.employee.id)]
        )
        for who in ("employee", "manager", "director", "colleague", "other_officer"):
            with self.subTest(who):
                self.assertRefused(who, stint, "write", {"date_from": "2001-01-01"})
                self.assertRefused(
                    who,
                    stint.browse(),
                    "create",
                    [
                        {
                            "employee_id": self.employee.id,
                            "manager_id": self.people["colleague"].id,
                            "date_from": "2010-01-01",
                            "date_to": "2010-12-31",
                        }
                    ],
                )
                self.assertRefused(who, stint, "unlink")
        self.assertRefused("officer", stint, "write", {"recorded_on": "2001-01-01"})
        own = stint.search([("employee_id", "=", self.officer.id)])
        self.assertRefused("officer", own, "write", {"date_from": "2001-01-01"})
        self.assertRefused("officer", stint, "write", {"employee_id": self.officer.id})

    def test_who_led_once_reads_their_own_request_alone(self):
        with freeze_time(self.day(7)):
            self.colleague.parent_id = self.director
            self.env.flush_all()
        appraisal = self.env["hr.performance.appraisal"].search(
            [("employee_id", "=", self.colleague.id)]
        )
        request = appraisal.request_ids
        self.assertEqual(request.reviewer_id, self.manager)
        self.assertEqual(
            self.rpc("manager", request, "read", ["role"])[0]["role"], "manager"
        )
        for record in (appraisal, appraisal.item_ids):
            self.assertRefused("manager", record, "read", ["display_name"])
        for who in ("colleague", "employee"):
            self.assertRefused(who, request, "read", ["role"])
        self.assertRefused("director", request, "action_submit")
        self.assertRefused("director", request, "write", {"draft": {}})
