from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import date_utils, format_date

from .appraisal import RELEASED_STATES

#: the newest of what was said in the period are shown; more than these nobody reads
MOST_ENTRIES = 500


class HrPerformanceRequest(models.Model):
    """What stands beside the form, so that memory is not the only witness.

    All of it is found under the reader's own rules: nobody meets here what they may not
    read elsewhere. It is asked for once, when the screen opens, in a number of queries that
    depends neither on the items nor on how much was said.
    """

    _inherit = "hr.performance.request"

    def get_evidence(self):
        """What the screen shows beside the form, as far as the user may read it.

        :return: a dict of ``items`` (per item: ``goal``, ``last``, ``answers``), ``goals``,
            ``skills``, ``last`` (the last appraisal), ``months`` of the period and
            ``entries`` (check-ins and feedback); empty when the form is not the user's
        """
        self.ensure_one()
        # whatever the mode: the evidence is the reader's
        user = self.sudo(False)
        user.check_access("read")
        if not user.is_author and user.state != "done":
            return {}
        # sudo: who is asked need not read the appraisal; what is shown is looked up as user
        request = self.sudo()
        items, sections = request._items(), request._items().section_id
        shows = {
            name: bool(sections.filtered(f"show_{name}"))
            for name in ("goals", "talk", "last", "skills")
        }
        goals = user._goal_evidence(request) if shows["goals"] else {}
        last, last_answers = user._last_evidence(request) if shows["last"] else ({}, {})
        voices = user._voices_evidence(request)
        return {
            "items": {
                str(item.id): {
                    "goal": goals.get(item.goal_id.id, False),
                    "last": last_answers.get(item._topic(), []),
                    "answers": voices.get(item.id, []),
                }
                for item in items
            },
            "goals": list(goals.values()),
            "last": last,
            "skills": user._skill_evidence(request) if shows["skills"] else [],
            **(
                user._talk_evidence(request)
                if shows["talk"]
                else {"months": [], "entries": []}
            ),
        }

    # ---------------------------------------------------------------- goals

    def _goal_evidence(self, request):
        """``{goal id: what it came to}`` of the goals of the appraisal.

        Who may not read a goal sees nothing of it, with one exception: the manager who is
        asked, of the line or not, sees the results that they are asked to judge, as long as
        they are asked.
        """
        goals = request.appraisal_id.item_ids.goal_id
        sees_all = (
            request.role == "manager"
            and self.is_author
            and request.state in ("to_do", "overdue")
        )
        return goals._evidence_for(self.env, sees_all)

    # ---------------------------------------------------------------- what was said

    def _talk_evidence(self, request):
        """Check-ins and feedback of the whole period, and the months without any."""
        appraisal = request.appraisal_id
        start, end = appraisal.date_start, appraisal.date_end
        person = request.employee_id
        checkins = self.env["hr.performance.checkin"].search_fetch(
            [
                ("owner_id", "=", person.id),
                ("state", "in", ("posted", "acknowledged")),
                ("corrected_by_id", "=", False),
                ("date", ">=", start),
                ("date", "<=", end),
            ],
            ["goal_id", "date", "employee_id", "health", "assessment", "figure"],
            limit=MOST_ENTRIES,
        )
        feedback = self.env["hr.performance.feedback"].search_fetch(
            [
                ("employee_id", "=", person.id),
                ("state", "=", "given"),
                ("date", ">=", start),
                ("date", "<=", end),
            ],
            ["author_id", "date", "tone", "text", "goal_id"],
            limit=MOST_ENTRIES,
        )
        entries = [
            {
                "kind": "checkin",
                "date": checkin.date,
                "title": checkin.goal_id.name,
                "who": ""
                if checkin.employee_id.id == person.id
                else checkin.employee_id.name,
                "text": checkin.assessment or "",
                "figure": checkin.figure or "",
                "health": checkin.health or "",
                "goal_id": checkin.goal_id.id,
            }
            for checkin in checkins
        ] + [
            {
                "kind": each.tone,
                "date": each.date,
                "title": "",
                "who": each.author_id.name,
                "text": each.text,
                "figure": "",
                "health": "",
                "goal_id": each.goal_id.id,
            }
            for each in feedback
        ]
        entries.sort(key=lambda entry: entry["date"])
        for entry in entries:
            entry["month"] = f"{entry['date']:%Y-%m}"
            entry["day"] = format_date(self.env, entry["date"], date_format="d MMM")
        return {"months": self._period_months(start, end), "entries": entries}

    def _period_months(self, start, end):
        """The months of the period that have begun, named for people."""
        month = date_utils.start_of(start, "month")
        months = []
        while month <= min(end, fields.Date.context_today(self)):
            months.append(
                {
                    "key": f"{month:%Y-%m}",
                    "name": format_date(self.env, month, date_format="LLLL y"),
                    "short": format_date(self.env, month, date_format="LLL"),
                }
            )
            month += relativedelta(months=1)
        return months

    # ---------------------------------------------------------------- the last one

    def _last_evidence(self, request):
        """The appraisal before this one: its result, and what was said then by topic.

        :return: a dict, empty without one, and ``{topic: [what was said of it]}``
        """
        appraisal = request.appraisal_id
        # of a year there are few: its middle, its end, a project
        former = self.env["hr.performance.appraisal"].search(
            [
                ("employee_id", "=", request.employee_id.id),
                ("id", "!=", appraisal.id),
                ("state", "in", RELEASED_STATES),
                ("date_end", "<=", appraisal.date_end),
            ],
            order="date_end desc, released_date desc, id desc",
            limit=10,
        )
        if not former:
            return {}, {}
        last = former.filtered(lambda one: one.purpose == appraisal.purpose)[:1]
        last = last or former[0]
        answers = self.env["hr.performance.answer"].search(
            [
                ("item_id.appraisal_id", "=", last.id),
                ("review_id.role", "in", ("self", "manager")),
            ]
        )
        topics = {}
        # sudo: of the items only what they are about
        for item, voices in answers._voices().items():
            topic = item.sudo()._topic()
            if topic:
                topics.setdefault(topic, []).extend(voices)
        return {
            "id": last.id,
            # sudo: the name of the period
            "name": last.sudo().cycle_id.name,
            "purpose": ""
            if last.purpose == appraisal.purpose
            else dict(last._fields["purpose"]._description_selection(self.env))[
                last.purpose
            ],
            "level": last.level_final_id.name or self.env._("without a rating"),
            "reason": last.override_reason or "",
            "released": last.released_date
            and format_date(self.env, last.released_date),
        }, topics

    # ---------------------------------------------------------------- skills

    def _skill_evidence(self, request):
        """What the profile says now, beside what the post asks for."""
        today = fields.Date.context_today(self)
        is_valid = ["|", ("valid_to", "=", False), ("valid_to", ">=", today)]
        person, job = request.employee_id, request.appraisal_id.job_id
        shown = {
            line.skill_id.id: {
                "name": line.skill_id.name,
                "current": line.skill_level_id.name,
                "progress": line.level_progress,
                "expected": "",
                "expected_progress": 0,
            }
            for line in self.env["hr.employee.skill"].search(
                [("employee_id", "=", person.id), *is_valid]
            )
        }
        for line in self.env["hr.job.skill"].search(
            [("job_id", "=", job.id), *is_valid] if job else [("id", "=", False)]
        ):
            known = shown.setdefault(
                line.skill_id.id,
                {"name": line.skill_id.name, "current": "", "progress": 0},
            )
            known["expected"] = line.skill_level_id.name
            known["expected_progress"] = line.level_progress
        return sorted(
            shown.values(),
            key=lambda each: (not each["expected"], each["name"]),
        )

    # ---------------------------------------------------------------- the others

    def _voices_evidence(self, request):
        """``{item id: what others said}``, of what the user may read by now."""
        answers = self.env["hr.performance.answer"].search(
            [("review_id.appraisal_id", "=", request.appraisal_id.id)]
        )
        return {item.id: voices for item, voices in answers._voices().items()}


class HrPerformanceAppraisalItem(models.Model):
    _inherit = "hr.performance.appraisal.item"

    def _topic(self):
        """What an item is about, the same in each appraisal of a person; None for goals."""
        if self.question_id:
            return f"question {self.question_id.id}"
        if self.skill_id:
            return f"skill {self.skill_id.id}"
        return None


class HrPerformanceAnswer(models.Model):
    """Answers as they are read: by item, role after role."""

    _inherit = "hr.performance.answer"

    def _voices(self):
        """``{item: [who said what]}``; only of answers that the user may read.

        Those of one role without names become one voice: how often each level was chosen,
        and the texts in the order of the alphabet, which tells nothing about anybody.

        :return: per item dicts of ``role``, ``label``, ``who`` (empty: nobody's name),
            ``mine``, ``count``, ``choices`` (``name`` and ``count``), ``texts`` and
            ``dont_know`` (how many)
        """
        field = self.env["hr.performance.review"]._fields["role"]
        labels = dict(field._description_selection(self.env))
        order = list(labels)
        voices = {}
        # sudo: the answers are those that the rules let through; of their reviews only the
        # role and who is named with it
        for answer in self.sudo():
            review = answer.review_id
            key = (
                order.index(review.role),
                0 if review.is_anonymous else review.id,
            )
            voices.setdefault(answer.item_id, {}).setdefault(key, []).append(answer)
        return {
            item: [
                self._voice(labels, answers)
                for _key, answers in sorted(by_voice.items(), key=lambda pair: pair[0])
            ]
            for item, by_voice in voices.items()
        }

    def _voice(self, labels, answers):
        review = answers[0].review_id
        choices = {}
        for answer in answers:
            name = answer._choice_name()
            if name:
                # from best to worst
                rank = -(answer.value if answer.value is not None else float("-inf"))
                count = choices.get(name, (rank, 0))[1]
                choices[name] = (rank, count + 1)
        named = not review.is_anonymous and review.role not in ("self", "manager")
        return {
            "role": review.role,
            "label": labels[review.role],
            "who": review.reviewer_id.name or "" if named else "",
            "mine": bool(review.reviewer_id)
            and review.reviewer_id.user_id == self.env.user,
            "count": len(answers),
            "choices": [
                {"name": name, "count": count}
                for name, (_rank, count) in sorted(
                    choices.items(), key=lambda pair: pair[1][0]
                )
            ],
            "texts": sorted(answer.text for answer in answers if answer.text),
            "dont_know": sum(answer.dont_know for answer in answers),
        }

    def _choice_name(self):
        """What was chosen, in words."""
        choices = dict(self._fields["yes_no"]._description_selection(self.env))
        return (
            self.level_id.name
            or self.option_id.name
            or self.skill_level_id.name
            or choices.get(self.yes_no, "")
        )


class HrPerformanceGoal(models.Model):
    _inherit = "hr.performance.goal"

    def _evidence_for(self, env, sees_all):
        """``{goal id: what it came to}``, in the order of these; in superuser mode.

        :param env: of the reader, whose rules say what they see
        :param sees_all: whether results are shown of goals too that the reader may not read:
            results alone, neither curve nor readings
        """
        readable = env[self._name].browse(self.ids)._filtered_access("read")
        curves = readable.measure_ids._curves(fields.Date.context_today(readable))
        shown = {goal.id: goal._evidence(curves) for goal in readable}
        if sees_all:
            hidden = self.filtered(lambda goal: goal.id not in shown)
            shown |= {goal.id: goal._evidence({}) for goal in hidden}
        return {goal.id: shown[goal.id] for goal in self if goal.id in shown}

    def _evidence(self, curves):
        """The goal's result as it stands beside a form.

        :param curves: of its measures, ``{measure: curve}``; without, results alone are told
        """
        return {
            "id": self.id,
            "name": self.name,
            "figure": self.figure or "",
            "health": self.health,
            "points": self.score if self.score is not None else False,
            "measures": [
                {
                    "name": measure.indicator_id.name,
                    "figure": measure.figure,
                    "points": measure.score if measure.score is not None else False,
                    "curve": curves.get(measure, False),
                    "explanation": measure.explanation or ""
                    if measure in curves
                    else "",
                }
                for measure in self.measure_ids
            ],
        }
