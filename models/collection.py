import random
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_list

from ..engine import anonymity
from .flush import flush_sql

#: what makes up a rating in a draft; of these an answer has one at most
RATINGS = ("level_id", "option_id", "yes_no", "skill_level_id")
#: so many collections a transaction
BATCH = 100


class HrPerformanceAppraisal(models.Model):
    """The answers of anonymous roles: collected with their authors, published together.

    Until the collection is closed an answer exists in its author's draft alone. Closing it
    decides once which groups are shown, deals their answers out to reviews without an
    author, in random order, and wipes the drafts: what is not published does not exist. It
    happens once for each appraisal, so that nobody compares what was shown before one more
    answer came in with what is shown after it.
    """

    _inherit = "hr.performance.appraisal"

    anonymous_asked_count = fields.Integer(
        "Asked Anonymously", compute="_compute_anonymous_asked_count"
    )
    anonymous_answered_count = fields.Integer(
        "Answered Anonymously",
        readonly=True,
        copy=False,
        aggregator=None,
        help="How many answers are in groups large enough to be shown, as of last night: a"
        " number that moved with every answer would say who has just answered.",
    )

    @api.depends("request_ids.is_anonymous")
    def _compute_anonymous_asked_count(self):
        # sudo: how many, and not who; with those who declined, which is theirs to know
        counts = dict(
            self.env["hr.performance.request"]
            .sudo()
            ._read_group(
                [("appraisal_id", "in", self._origin.ids), ("is_anonymous", "=", True)],
                ["appraisal_id"],
                ["__count"],
            )
        )
        for appraisal in self:
            appraisal.anonymous_asked_count = counts.get(appraisal._origin.sudo(), 0)

    @api.depends("collection_closed_on", "request_ids.is_anonymous")
    def _compute_allowed_transitions(self):
        super()._compute_allowed_transitions()
        for appraisal in self:
            allowed = appraisal.allowed_transitions or []
            if "close_collection" in allowed and (
                appraisal.collection_closed_on or not appraisal.anonymous_asked_count
            ):
                appraisal.allowed_transitions = [
                    name for name in allowed if name != "close_collection"
                ]

    # ---------------------------------------------------------------- closing

    def action_close_collection(self):
        """Publish what anonymous roles have answered, now and for good.

        For HR and the manager named; nobody can answer anonymously any more.
        """
        self._check_step("close_collection")
        for appraisal in self:
            if appraisal.collection_closed_on:
                raise UserError(
                    self.env._(
                        "The anonymous answers of “%(appraisal)s” were collected on"
                        " %(date)s. That happens once, so that nobody finds out by"
                        " comparing who answered last.",
                        appraisal=appraisal.display_name,
                        date=appraisal.collection_closed_on,
                    )
                )
        self.sudo()._close_collection()

    def action_cancel(self, reason):
        result = super().action_cancel(reason)
        # sudo: nobody else sees them
        requests = self.sudo().request_ids
        requests.filtered("is_anonymous")._wipe_reminders()
        return result

    def _publish_before_settling(self, chosen):
        """Close the collections of these appraisals, as nobody is waited for any more.

        :param chosen: ``{appraisal: (level, reason)}`` that their ratings are settled with
        :return: those whose suggestion was accepted and is another one now: whoever
            accepted it has not seen what is published with this
        """
        moved = self.browse()
        # sudo: the check has been made; nobody else publishes what is not theirs
        asking = self.sudo().filtered(
            lambda one: one.anonymous_asked_count and not one.collection_closed_on
        )
        before = {one: one.level_suggested_id for one in asking}
        asking._close_collection()
        for appraisal, suggested in before.items():
            level, reason = chosen[appraisal.sudo(False)]
            if level and not reason and appraisal.level_suggested_id != suggested:
                moved |= appraisal.sudo(False)
        return moved

    def _say_suggestion_moved(self):
        """What to tell who has settled a rating that has just become another one."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("The suggested rating has changed"),
                "message": self.env._(
                    "The anonymous answers on %(people)s are published now, and with them"
                    " the score has moved. Read them, then settle the rating.",
                    people=format_list(self.env, self.mapped("employee_id.name")),
                ),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _close_collection(self):
        """Publish the anonymous answers of those whose collection is not closed yet.

        In superuser mode; the caller has checked who asks for it.
        """
        closing = self.filtered(lambda appraisal: not appraisal.collection_closed_on)
        if not closing:
            return
        today = fields.Date.today()
        requests = self.env["hr.performance.request"].search(
            [("appraisal_id", "in", closing.ids), ("is_anonymous", "=", True)]
        )
        rng = random.SystemRandom()
        published = closing._dealt_answers(requests, rng)
        closing.write({"collection_closed_on": today})
        closing._refresh_answered_count()
        # neither the order of the reviews nor that of the answers is anybody's
        rng.shuffle(published)
        reviews = self.env["hr.performance.review"].create(
            [
                {
                    "appraisal_id": appraisal.id,
                    "role": role,
                    "is_anonymous": True,
                    "submitted_on": today,
                }
                for appraisal, role, _answers in published
            ]
        )
        answers = [
            values | {"review_id": review.id}
            for review, (_appraisal, _role, values_list) in zip(
                reviews, published, strict=True
            )
            for values in values_list
        ]
        rng.shuffle(answers)
        self.env["hr.performance.answer"].create(answers)
        requests._close()

    def _dealt_answers(self, requests, rng):
        """``[(appraisal, role, [values of answers]), ...]``, a part for each new review.

        :param requests: those of all these appraisals in anonymous roles
        """
        drafts = self.env["hr.performance.request.draft"].search_fetch(
            [("request_id", "in", requests.ids)], ["request_id", "answers"]
        )
        answers = {draft.request_id: draft.answers or {} for draft in drafts}
        done = requests.filtered(lambda request: request.state == "done")
        published = []
        for appraisal, of_appraisal in done.grouped("appraisal_id").items():
            by_role = of_appraisal.grouped("role")
            groups = appraisal._anonymous_groups(
                {role: len(several) for role, several in by_role.items()}
            )
            items = {item.id: item for item in appraisal.item_ids}
            for role, together in groups.shown.items():
                forms = [
                    {
                        item.id: as_answer(answers.get(request, {}).get(str(item.id)))
                        for item in request._items()
                    }
                    for member in together
                    for request in by_role[member]
                ]
                published += [
                    (
                        appraisal,
                        role,
                        [
                            items[item_id]._answer_values(as_draft(answer))
                            for item_id, answer in form.items()
                        ],
                    )
                    for form in anonymity.shuffle(
                        forms, appraisal.anonymity_minimum, rng
                    )
                ]
        return published

    def _anonymous_groups(self, counts):
        """What becomes of the groups: see ``engine.anonymity``.

        :param counts: ``{role: how many have answered}``
        """
        self.ensure_one()
        return anonymity.groups(
            counts,
            self.anonymity_minimum,
            {
                role.role: role.merge_into
                for role in self.template_id.role_ids
                if role.is_anonymous and role.merge_into
            },
        )

    # ---------------------------------------------------------------- at night

    @api.model
    def _cron_close_collections(self, limit=BATCH):
        """Close the collections whose time is over, and count the answers of the others."""
        cron = self.env["ir.cron"]
        while due := self._due_collections(limit):
            due._close_collection()
            if not cron._commit_progress(len(due), remaining=1):
                return
        self.search([("is_collecting", "=", True)])._refresh_answered_count()
        cron._commit_progress(remaining=0)

    @api.model
    def _due_collections(self, limit):
        """Collections whose deadline has passed, or in which nobody is waited for any more.

        Before the deadline those are left open in which a role has too few answers to be
        shown, or somebody has still to be named.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT due.id
                  FROM (
                    SELECT appraisal.id, appraisal.template_id,
                           max(asked.deadline) < %(today)s
                               AND count(asked.deadline) = count(*) AS is_over,
                           bool_and(asked.state IN ('done', 'declined')) AS is_complete
                      FROM hr_performance_appraisal appraisal
                      JOIN hr_performance_request asked
                        ON asked.appraisal_id = appraisal.id AND asked.is_anonymous
                     WHERE appraisal.is_collecting
                       AND appraisal.collection_closed_on IS NULL
                  GROUP BY appraisal.id
                  ) due
                 WHERE due.is_over
                    OR due.is_complete
                   AND NOT EXISTS (
                       SELECT FROM hr_performance_nomination named
                        WHERE named.appraisal_id = due.id AND named.state = 'proposed')
                   AND NOT EXISTS (
                       SELECT FROM hr_performance_template_role role
                         JOIN hr_performance_appraisal appraisal ON appraisal.id = due.id
                        WHERE role.template_id = due.template_id AND role.is_anonymous
                          AND appraisal.anonymity_minimum > (
                              SELECT count(*)
                                FROM hr_performance_request asked
                               WHERE asked.appraisal_id = due.id
                                 AND asked.role = role.role AND asked.state = 'done'))
                 ORDER BY due.id
                 LIMIT %(limit)s%(flush)s
                """,
                today=fields.Date.today(),
                limit=limit,
                flush=flush_sql(
                    self.env,
                    (
                        "hr.performance.appraisal",
                        "is_collecting collection_closed_on template_id"
                        " anonymity_minimum",
                    ),
                    (
                        "hr.performance.request",
                        "appraisal_id role state deadline is_anonymous",
                    ),
                    ("hr.performance.nomination", "appraisal_id state"),
                    (
                        "hr.performance.template.role",
                        "template_id role is_anonymous",
                    ),
                ),
            )
        )
        return self.browse([row[0] for row in rows])

    def _refresh_answered_count(self):
        """Say how many answers can be shown by now.

        Those of groups that are too small count nowhere, so that no difference finds them.
        Past the ORM, which would say when.
        """
        done = defaultdict(dict)
        for appraisal, role, count in self.env["hr.performance.request"]._read_group(
            [
                ("appraisal_id", "in", self.ids),
                ("is_anonymous", "=", True),
                ("state", "=", "done"),
            ],
            ["appraisal_id", "role"],
            ["__count"],
        ):
            done[appraisal][role] = count
        changed = {}
        for appraisal in self:
            counts = done.get(appraisal, {})
            shown = appraisal._anonymous_groups(counts).shown if counts else {}
            count = sum(counts[role] for roles in shown.values() for role in roles)
            if count != appraisal.anonymous_answered_count:
                changed[appraisal.id] = count
        if not changed:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE hr_performance_appraisal appraisal
                   SET anonymous_answered_count = told.count
                  FROM unnest(%s, %s) AS told (id, count)
                 WHERE told.id = appraisal.id
                """,
                list(changed),
                list(changed.values()),
            )
        )
        self.browse(changed).invalidate_recordset(
            ["anonymous_answered_count"], flush=False
        )


class HrPerformanceRequest(models.Model):
    _inherit = "hr.performance.request"

    @api.model_create_multi
    def create(self, vals_list):
        # whoever asks neither follows, as followers get copies of what is said, nor writes
        # the first note, whose author Odoo shows the notes below it
        quiet = self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        requests = super(HrPerformanceRequest, quiet).create(
            [
                # whoever asks, and however: a role that was promised it is anonymous
                {"is_anonymous": self._is_anonymous_role(vals)} | vals
                for vals in vals_list
            ]
        )
        requests = requests.with_env(self.env)
        for request in requests:
            appraisal = request.appraisal_id
            if request.is_anonymous and appraisal.collection_closed_on:
                raise UserError(
                    self.env._(
                        "The anonymous answers of “%(appraisal)s” have been collected:"
                        " nobody can be asked anonymously any more.",
                        appraisal=appraisal.display_name,
                    )
                )
        return requests

    @api.model
    def _is_anonymous_role(self, vals):
        """Whether the form of a new request with ``vals`` keeps its role anonymous."""
        appraisal = self.env["hr.performance.appraisal"].browse(
            vals.get("appraisal_id")
        )
        # sudo: what a form promises is no secret
        return any(
            line.is_anonymous and line.role == vals.get("role")
            for line in appraisal.sudo().template_id.role_ids
        )

    def _close(self):
        """Wipe what was written, and when: who has answered is all that is left.

        Their author alone reads that. In superuser mode.
        """
        self._forget()
        done = self.filtered("submitted_on")
        done.write({"submitted_on": fields.Date.today()})
        self.env.flush_all()
        # of those who have not answered as well
        self.env.cr.execute(
            SQL(
                """
                UPDATE hr_performance_request
                   SET write_uid = create_uid, write_date = %s
                 WHERE id = ANY(%s)
                """,
                self.env.cr.now(),
                self.ids,
            )
        )
        self.invalidate_recordset(["write_uid", "write_date"], flush=False)
        self._sync_owed()
        self._wipe_reminders()

    def _wipe_reminders(self):
        """Those put away as well (``dialogue_around.py``), all in one moment."""
        activities = self.env["mail.activity"].with_context(active_test=False)
        activities.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()


def as_answer(draft):
    """What somebody has answered to one item, as the engine deals it out; or None."""
    if not isinstance(draft, dict):
        return None
    rating = tuple(draft.get(name) or False for name in RATINGS)
    return anonymity.Answer(
        rating if any(rating) else None,
        (draft.get("text") or "").strip() or None,
        bool(draft.get("dont_know")),
    )


def as_draft(answer):
    """The reverse of :func:`as_answer`."""
    return {
        **dict(zip(RATINGS, answer.rating or (), strict=False)),
        "text": answer.text,
        "dont_know": answer.dont_know,
    }
