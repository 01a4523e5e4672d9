"""HR makes an appraisal form by clicks alone, tries it out, and goes on from one in use."""

from odoo.tests import HttpCase, tagged

from .common import PerformanceCommon


@tagged("post_install", "-at_install")
class TestTemplateTour(PerformanceCommon, HttpCase):
    def test_a_form_is_made_previewed_and_renewed(self):
        self.start_tour(
            "/odoo/appraisal-forms", "hr_performance_form", login="perf_officer"
        )
        form = self.env["hr.performance.template"].search([("name", "=", "Teamwork")])
        question = form.section_ids.question_ids
        self.assertEqual(form.section_ids.kind, "criteria")
        self.assertEqual((question.name, question.kind), ("Helps others", "choice"))
        self.assertEqual(
            [(option.name, option.value) for option in question.option_ids],
            [("Often", 120), ("I could not see it", None)],
        )
        self.assertEqual(
            [(role.role, role.is_anonymous) for role in form.role_ids],
            [("self", False), ("manager", False), ("peer", True)],
        )
        self.make_appraisal(template_id=form.id)
        self.start_tour(
            f"/odoo/appraisal-forms/{form.id}",
            "hr_performance_form_version",
            login="perf_officer",
        )
        self.env.invalidate_all()
        new = self.env["hr.performance.template"].search([("name", "=", "Teamwork")])
        self.assertEqual((new.version, new.previous_id), (2, form))
        self.assertFalse(form.active)
