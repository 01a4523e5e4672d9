from odoo import models

#: so many lines and their answers fit on a page, below the heading of their section
SHORT = 12


class HrPerformanceAppraisal(models.Model):
    """What the printed form shows; see ``reports/appraisal_templates.xml``."""

    _inherit = "hr.performance.appraisal"

    def _lines_to_print(self):
        """Section by section what the printed form shows, save what is never shared.

        Whoever prints it may read more than the person whom it is handed to.
        """
        self.ensure_one()
        shown = self.item_ids.filtered(lambda item: item.sharing != "never")
        return [
            {"section": section, "items": items, "is_short": len(items) <= SHORT}
            for section, items in shown.grouped("section_id").items()
        ]

    def _answers_to_print(self):
        """The answers that the user may read, in the order of the roles.

        :return: ``{item: [{"role", "level", "text"}, ...]}``
        """
        role_field = self.env["hr.performance.review"]._fields["role"]
        roles = dict(role_field._description_selection(self.env))
        order = list(roles)
        answers = self.env["hr.performance.answer"].search(
            [("item_id.appraisal_id", "=", self.id), ("sharing", "!=", "never")]
        )
        by_item = {item: [] for item in self.item_ids}
        for answer in answers.sorted(lambda answer: order.index(answer.review_id.role)):
            by_item[answer.item_id].append(
                {
                    "role": roles[answer.review_id.role],
                    "level": answer._choice_to_print(),
                    "text": answer.text or "",
                }
            )
        return by_item


class HrPerformanceAnswer(models.Model):
    _inherit = "hr.performance.answer"

    def _choice_to_print(self):
        """What was chosen, in words."""
        if self.dont_know:
            return self.env._("Don't know")
        return self._choice_name()
