from odoo import models

from .request_form import form_item
from .template_check import ASKING_KINDS


class HrPerformanceTemplate(models.Model):
    """The form as each of those who will be asked sees it, before anybody is."""

    _inherit = "hr.performance.template"

    def action_preview(self):
        """Open the form as the first of its reviewers sees it."""
        self.ensure_one()
        preview = self.env["hr.performance.template.preview"].create(
            {"template_id": self.id, "role_id": self.role_ids[:1].id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of %(form)s", form=self.name),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview_form(self, role):
        """What the review screen shows, with an example person and no answers.

        :param role: see ``ROLES``; one of the form's
        :return: as ``request.form``; without sections when the role sees nothing
        """
        self.ensure_one()
        reviewer = self.role_ids.filtered(lambda line: line.role == role)
        # sudo: scales and questions of the form, which the user may read
        sections = self.sudo().section_ids.filtered(
            lambda section: section._is_answered_by(reviewer.sudo())
        )
        person = self.env._("Sam Example")
        scale = self.env.ref("hr_performance.scale_points").sudo()
        minimum = self._usual_minimum()
        return {
            "person": person,
            "readonly": True,
            "preview": True,
            "sections": [
                section._form_section(
                    scale,
                    section._preview_items(),
                    section._tag(role, reviewer.is_anonymous, person, minimum),
                )
                for section in (sections if reviewer else ())
            ],
        }


class HrPerformanceTemplateSection(models.Model):
    _inherit = "hr.performance.template.section"

    def _preview_items(self):
        """The section's questions; examples of what each person has of their own."""
        self.ensure_one()
        if self.kind in ASKING_KINDS:
            return [question._form_item() for question in self.question_ids]
        if self.kind == "goals":
            is_rated = self.goal_rating == "rating"
            return [
                form_item(-number, name, "goal", is_rated=is_rated)
                for number, name in enumerate(self._example_goals(), 1)
            ]
        skill_levels = (
            (self.env._("Beginner"), 25),
            (self.env._("Independent"), 50),
            (self.env._("Teaches others"), 100),
        )
        return [
            form_item(
                -1,
                self.env._("A competency of the post"),
                "skill",
                levels=[
                    {"id": -number, "name": name, "progress": progress}
                    for number, (name, progress) in enumerate(skill_levels, 1)
                ],
                expected=skill_levels[1][0],
                current=skill_levels[0][0],
                expected_level_id=-2,
                current_level_id=-1,
            )
        ]

    def _example_goals(self):
        _ = self.env._
        examples = {
            "result": [_("Example: win 20 new customers")],
            "process": [_("Example: answer enquiries within four hours")],
            "growth": [_("Example: hold a meeting in Spanish")],
            "okr": [_("Example: newcomers feel at home within a week")],
        }
        if self.goal_filter != "all":
            return examples[self.goal_filter]
        goals = self.template_id.section_ids.filtered(lambda s: s.kind == "goals")
        goals = list(goals.sorted("sequence"))
        before = [section.goal_filter for section in goals[: goals.index(self)]]
        return [
            name
            for kind, names in examples.items()
            for name in names
            if kind not in before
        ][:2]
