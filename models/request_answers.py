from odoo import models
from odoo.exceptions import UserError

from ..engine.wording import word_count

#: what an answer in a draft consists of
ANSWER_TYPES = {
    "level_id": int,
    "option_id": int,
    "skill_level_id": int,
    "yes_no": str,
    "text": str,
    "dont_know": bool,
}
#: what a draft chooses, by the kind of item it is for
CHOSEN_BY_KIND = {
    "rating": "level_id",
    "choice": "option_id",
    "yes_no": "yes_no",
    "skill": "skill_level_id",
}
#: nobody types more; what is longer is a mistake or an attack
LONGEST_TEXT = 20_000


class HrPerformanceRequest(models.Model):
    """Which answers a draft may hold, which it must hold, and what is kept of them.

    A draft may be unfinished, but never hold what the form does not offer. What has to be
    said in words (word limits, examples, reasons) is asked for on submission, so that
    nobody is interrupted while writing.
    """

    _inherit = "hr.performance.request"

    def _check_answers(self, answers):
        """Refuse answers to items that were not asked, or that the form does not offer."""
        items = {str(item.id): item for item in self.sudo()._items()}
        if not isinstance(answers, dict):
            raise UserError(
                self.env._(
                    "The answers to “%(request)s” must be given per item.",
                    request=self.display_name,
                )
            )
        for key, answer in answers.items():
            item = items.get(str(key))
            if not item or not isinstance(answer, dict):
                raise UserError(
                    self.env._(
                        "“%(request)s” has no item %(item)s. Reload the form.",
                        request=self.display_name,
                        item=key,
                    )
                )
            item._check_answer(answer)

    def _check_complete(self, answers):
        """Refuse to submit what is not finished; say at once all that is missing."""
        problems = [
            problem
            for item in self.sudo()._items()
            for problem in item._problems(
                answers.get(str(item.id)) or {}, self.sudo().role
            )
        ]
        if problems:
            raise UserError("\n".join(problems))

    def _answer_values(self, answers):
        """The values of ``hr.performance.answer`` that ``answers`` become.

        What each choice counts as is kept with it, so that a later change of the form's
        scale does not rewrite a given answer.

        :param answers: a draft: ``{item id as text: answer}``
        """
        items = {str(item.id): item for item in self.sudo()._items()}
        return [
            items[key]._answer_values(answer)
            for key, answer in answers.items()
            if key in items and any(answer.values())
        ]


class HrPerformanceAppraisalItem(models.Model):
    _inherit = "hr.performance.appraisal.item"

    def _chosen_by(self):
        """What of a draft holds the choice; none where words alone are asked for."""
        return "level_id" if self._is_rated() else CHOSEN_BY_KIND.get(self.kind)

    def _offered(self):
        """``{what a draft may choose: the record chosen, or what it counts as}``."""
        if self._is_rated():
            return {level.id: level for level in self._scale().level_ids}
        if self.kind == "choice":
            return {option.id: option for option in self.question_id.option_ids}
        if self.kind == "skill":
            levels = self.skill_id.skill_type_id.skill_level_ids
            return {level.id: level for level in levels}
        if self.kind == "yes_no":
            scale = self._scale()
            return {"yes": scale.value_max, "no": scale.value_min}
        return {}

    def _is_answered(self, answer):
        """Whether the draft ``answer`` says what is asked for."""
        chosen_by = self._chosen_by()
        if not chosen_by:
            return bool((answer.get("text") or "").strip())
        return bool(answer.get(chosen_by) or answer.get("dont_know"))

    def _check_answer(self, answer):
        """Refuse what the form does not offer."""
        for name, value in answer.items():
            is_empty = value is None or value is False or value == ""
            if name not in ANSWER_TYPES or not (
                is_empty or type(value) is ANSWER_TYPES[name]
            ):
                raise UserError(
                    self.env._(
                        "“%(item)s” cannot be answered with “%(name)s”. Reload the form.",
                        item=self.name,
                        name=name,
                    )
                )
            if is_empty or name == "dont_know":
                continue
            if name == "text":
                if len(value) > LONGEST_TEXT:
                    raise UserError(
                        self.env._(
                            "“%(item)s”: the text is too long to be kept. Shorten it.",
                            item=self.name,
                        )
                    )
            elif name != self._chosen_by() or value not in self._offered():
                raise UserError(self._say_what_is_offered())

    def _say_what_is_offered(self):
        if self._is_rated() or self.kind in ("goal", "text"):
            return self.env._(
                "“%(item)s”: choose a level of the scale “%(scale)s”.",
                item=self.name,
                scale=self._scale().name,
            )
        return self.env._(
            "“%(item)s”: choose one of the answers that the form offers.",
            item=self.name,
        )

    def _problems(self, answer, role):
        """What is missing of the draft ``answer``, as sentences for who writes it."""
        _ = self.env._
        text = (answer.get("text") or "").strip()
        words = word_count(text)
        if self.word_limit and words > self.word_limit:
            yield _(
                "“%(item)s” has %(words)s words; at most %(limit)s are asked for. Shorten"
                " it.",
                item=self.name,
                words=words,
                limit=self.word_limit,
            )
        if not self._is_answered(answer):
            if self.required and self._is_counted():
                yield self._say_not_answered()
        elif not text:
            yield from self._missing_words(answer, role)

    def _say_not_answered(self):
        if not self._chosen_by():
            return self.env._(
                "“%(item)s” is not answered yet. Write a few words.", item=self.name
            )
        if self._chosen_by() in ("level_id", "skill_level_id"):
            return self.env._(
                "“%(item)s” is not answered yet. Choose a level, or “Don't know”.",
                item=self.name,
            )
        return self.env._(
            "“%(item)s” is not answered yet. Choose an answer, or “Don't know”.",
            item=self.name,
        )

    def _missing_words(self, answer, role):
        """Why the choice in ``answer`` needs words, if it does."""
        _ = self.env._
        chosen = self._offered().get(answer.get(self._chosen_by() or ""))
        if self._is_rated() and chosen:
            if chosen.evidence_required:
                yield _(
                    "“%(item)s”: “%(level)s” needs an example. Say what you saw.",
                    item=self.name,
                    level=chosen.name,
                )
            elif self.suggested_level_id and chosen != self.suggested_level_id:
                yield _(
                    "“%(item)s”: you chose another level than “%(suggested)s”, which the"
                    " points suggest. Say why.",
                    item=self.name,
                    suggested=self.suggested_level_id.name,
                )
        elif (
            self.kind == "skill"
            and chosen
            and chosen != self.current_level_id
            # it becomes what the employee's profile says
            and role == "manager"
        ):
            yield _(
                "“%(item)s”: the level changes to “%(level)s”. Say what shows it.",
                item=self.name,
                level=chosen.name,
            )

    def _answer_values(self, answer):
        """The values of the ``hr.performance.answer`` that the draft ``answer`` becomes."""
        chosen_by, offered = self._chosen_by(), self._offered()
        choice = answer.get(chosen_by) if chosen_by else None
        is_chosen = choice in offered
        values = {
            "item_id": self.id,
            "text": (answer.get("text") or "").strip() or False,
            "dont_know": bool(answer.get("dont_know")) and not is_chosen,
            "value": None,
            "sharing": self.sharing,
        }
        if is_chosen:
            chosen = offered[choice]
            values[chosen_by] = choice
            if self.kind == "yes_no":
                values["value"] = chosen
            elif self.kind == "skill":
                values["value"] = chosen.level_progress
            else:
                values["value"] = chosen.value
        return values


class HrPerformanceAnswer(models.Model):
    _inherit = "hr.performance.answer"

    def _draft_answers(self):
        """These answers as a draft again: ``{item id as text: answer}``."""
        return {
            str(answer.item_id.id): {
                "level_id": answer.level_id.id,
                "option_id": answer.option_id.id,
                "skill_level_id": answer.skill_level_id.id,
                "yes_no": answer.yes_no or False,
                "text": answer.text or "",
                "dont_know": answer.dont_know,
            }
            for answer in self
        }
