from odoo import models


class HrPerformanceAppraisal(models.Model):
    """What an appraisal is about: the person's goals and the questions of the form."""

    _inherit = "hr.performance.appraisal"

    def action_sync_goals(self):
        """Take in goals that were agreed after the appraisal was opened."""
        self.check_access("write")
        self.sudo().filtered(lambda a: a.state == "open")._sync_items()

    def _sync_items(self):
        """Create the items that are missing, in a fixed number of queries."""
        return self.env["hr.performance.appraisal.item"]._make(self._missing_items())

    def _missing_items(self):
        """The values of the items that are missing."""
        Item = self.env["hr.performance.appraisal.item"]
        goals = self._goals_by_appraisal()
        vals_list = []
        for appraisal in self:
            known_goals = appraisal.item_ids.goal_id
            known_questions = appraisal.item_ids.question_id
            # a goal goes to the first section that takes it
            left = dict(enumerate(goals[appraisal] - known_goals, len(known_goals)))
            for section in appraisal.template_id.section_ids:
                if section.kind == "goals":
                    taken = {
                        number: goal
                        for number, goal in left.items()
                        if section._takes(goal)
                    }
                    left = {
                        number: goal
                        for number, goal in left.items()
                        if number not in taken
                    }
                    vals_list += [
                        {
                            "appraisal_id": appraisal.id,
                            "section_id": section.id,
                            "sequence": number,
                            "name": goal.name,
                            "kind": "goal",
                            "goal_id": goal.id,
                            "weight": Item._goal_weight(goal, section),
                            "sharing": section.sharing,
                        }
                        for number, goal in taken.items()
                    ]
                else:
                    vals_list += [
                        {
                            "appraisal_id": appraisal.id,
                            "section_id": section.id,
                            "sequence": question.sequence,
                            "name": question.name,
                            "kind": question.kind,
                            "question_id": question.id,
                            "weight": question.weight,
                            "required": question.required,
                            "word_limit": question.word_limit,
                            "sharing": section.sharing,
                        }
                        for question in section.question_ids
                        if question not in known_questions
                    ]
        return vals_list

    def _goals_by_appraisal(self):
        """The agreed or closed personal goals in each appraisal's cycle and below it."""
        goals = self.env["hr.performance.goal"].search(
            [
                ("scope", "=", "employee"),
                ("employee_id", "in", self.employee_id.ids),
                ("cycle_id", "child_of", self.cycle_id.ids),
                ("state", "in", ("agreed", "closed")),
            ]
        )
        by_employee = goals.grouped("employee_id")
        return {
            appraisal: by_employee.get(appraisal.employee_id, goals.browse()).filtered(
                lambda goal, appraisal=appraisal: goal.cycle_id.parent_path.startswith(
                    appraisal.cycle_id.parent_path
                )
            )
            for appraisal in self
        }
