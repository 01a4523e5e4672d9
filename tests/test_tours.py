"""The whole chain in the browser, as employee, manager and HR, down to the printed form."""

import io
import json
from urllib.parse import quote

from pypdf import PdfReader

from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestChain(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Chain Ltd"})
        users = {
            login: new_test_user(
                cls.env,
                login=login,
                name=name,
                groups=groups,
                company_id=company.id,
            )
            for login, name, groups in (
                ("chain_employee", "Chain Employee", "base.group_user"),
                ("chain_manager", "Chain Manager", "base.group_user"),
                (
                    "chain_hr",
                    "Chain HR",
                    "hr_performance.group_hr_performance_officer",
                ),
            )
        }
        manager, _hr, employee = (
            cls.env["hr.employee"].create(
                {
                    "name": users[login].name,
                    "user_id": users[login].id,
                    "company_id": company.id,
                }
            )
            for login in ("chain_manager", "chain_hr", "chain_employee")
        )
        department = cls.env["hr.department"].create(
            {
                "name": "Chain Sales",
                "manager_id": manager.id,
                "company_id": company.id,
            }
        )
        (manager | employee).department_id = department
        employee.parent_id = manager
        manager.parent_id = False
        cls.employee = employee
        cls.company = company

    def walk(self, name, login):
        self.start_tour("/odoo", f"hr_performance_{name}", login=login, timeout=120)

    def test_chain(self):
        self.walk("hr_sets_up", "chain_hr")
        self.walk("manager_sets_department_goal", "chain_manager")
        self.walk("hr_agrees_from_the_board", "chain_hr")
        self.walk("employee_proposes_goal", "chain_employee")
        self.walk("manager_agrees", "chain_manager")
        self.walk("employee_checks_in", "chain_employee")

        # 14 of 20, of 40 and of 100: one value moves the person, the unit, the company
        self.env.invalidate_all()
        goals = self.env["hr.performance.goal"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            {goal.name: goal.progress for goal in goals},
            {
                "Grow in Scandinavia": 14.0,
                "Win 40 customers": 35.0,
                "Win 20 customers": 70.0,
            },
        )

        self.walk("hr_launches", "chain_hr")
        self.walk("employee_reviews", "chain_employee")
        self.walk("manager_reviews", "chain_manager")
        self.walk("hr_releases", "chain_hr")
        self.walk("employee_answers", "chain_employee")

        self.env.invalidate_all()
        appraisal = self.env["hr.performance.appraisal"].search(
            [("employee_id", "=", self.employee.id)]
        )
        # goals 70 points x 70 % + conduct 100 points x 30 % = 79, which is below 85
        self.assertEqual(round(appraisal.score, 6), 79.0)
        self.assertEqual(appraisal.level_final_id.name, "Below expectations")
        self.assertEqual(appraisal.state, "acknowledged")
        self.assertPrinted(appraisal)

    def assertPrinted(self, appraisal):
        """The employee prints the form; the paper holds what it must hold."""
        # the printer asks for styles in a read-only transaction, which in tests cannot turn
        # into a writing one; so they are made first
        qweb = self.env["ir.qweb"]
        qweb._get_asset_bundle("web.report_assets_common", autoprefix=True).css()
        qweb._get_asset_bundle("web.report_assets_pdf", autoprefix=True).css()
        qweb._get_asset_bundle("web.report_assets_common").js()
        self.authenticate("chain_employee", "chain_employee")
        # without this context Odoo answers with HTML while tests run
        context = quote(json.dumps({"force_report_rendering": True}))
        response = self.url_open(
            f"/report/pdf/hr_performance.report_appraisal/{appraisal.id}"
            f"?context={context}",
            timeout=120,
        )
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        pages = PdfReader(io.BytesIO(response.content)).pages
        # how a PDF spaces its words is no matter of ours
        text = "".join("".join(page.extract_text() for page in pages).split())
        for expected in (
            "Chain Employee",
            "The year",
            "Chain Manager",
            "Win 20 customers",
            # measure: weight, baseline, target, actual, achieved, points
            "New customers (customers) 100.0 0 20 14 70.0 % 70.0",
            # how the sections add up, and each one's weight and points
            "Score 70% Goals × 70.0 + 30% How the work is done × 100.0 = 79.0",
            "Goals 70% 70.0",
            "= 100.0 30% 100.0",
            "Overall score 79.0",
            "Rating Below expectations",
            "Read and agreed",
            "A fair picture of the year.",
            "Employee · date, signature",
        ):
            self.assertIn("".join(expected.split()), text)
