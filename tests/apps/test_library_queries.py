"""The library's queries beside the apps they measure: accepted, and right.

Run by the stage ``library`` of ``./dev test``, on a database with all these apps.
"""

from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import ADMINISTRATOR, PerformanceCommon

#: what somebody needs to be allowed to measure everything in the library
GROUPS = (
    "account.group_account_manager",
    "hr.group_hr_manager",
    "hr_attendance.group_hr_attendance_manager",
    "hr_holidays.group_hr_holidays_manager",
    "hr_recruitment.group_hr_recruitment_manager",
    "hr_timesheet.group_timesheet_manager",
    "maintenance.group_equipment_manager",
    "mass_mailing.group_mass_mailing_user",
    "mrp.group_mrp_manager",
    "project.group_project_manager",
    "purchase.group_purchase_manager",
    "sales_team.group_sale_manager",
    "stock.group_stock_manager",
)


@tagged("post_install", "-at_install")
class TestLibraryQueries(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.author = new_test_user(
            cls.env,
            login="perf_author",
            groups=",".join(["base.group_user", ADMINISTRATOR, *GROUPS]),
            company_id=cls.company.id,
        )
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.queries = cls.env["hr.performance.indicator"].search(
            [("source", "=", "odoo"), ("set_id", "!=", False)]
        )
        cls.today = fields.Date.today()
        cls.noon = datetime.combine(cls.today, time(12))
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})
        cls.service, cls.goods = cls.env["product.product"].create(
            [
                {
                    "name": "Advice",
                    "type": "service",
                    "list_price": 1000,
                    "standard_price": 600,
                    "taxes_id": False,
                    "supplier_taxes_id": False,
                },
                {"name": "Chair", "type": "consu", "is_storable": True},
            ]
        )

    def of(self, code):
        return self.queries.filtered(lambda indicator: indicator.code == code)

    def activate(self, indicators):
        self.as_(indicators, self.author).action_activate()

    def measure(self, *codes):
        """Put the indicators into use and fetch the values of the last month.

        :return: for each code ``{holder's name: [(value, weight) of each reading]}``
        """
        indicators = [self.of(code) for code in codes]
        for indicator in indicators:
            self.activate(indicator)
            self.as_(indicator, self.author).action_refresh(
                self.today - timedelta(31), self.today
            )
        found = []
        for indicator in indicators:
            readings = self.env["hr.performance.reading"].search(
                [("indicator_id", "=", indicator.id)], order="date"
            )
            values = {}
            for reading in readings:
                holder = (
                    reading.employee_id or reading.department_id or reading.company_id
                )
                values.setdefault(holder.name, []).append(
                    (reading.value, reading.weight)
                )
            found.append(values)
        return found if len(found) > 1 else found[0]

    def created_on(self, records, day):
        """Date records back, which ``create`` does not let one do."""
        self.env.flush_all()
        self.env.cr.execute(
            f'UPDATE "{records._table}" SET create_date = %s WHERE id IN %s',
            [day, tuple(records.ids)],
        )
        self.env.invalidate_all()

    # ------------------------------------------------------------- all of them

    def test_every_query_is_accepted(self):
        """Put into use and refreshed by somebody with the rights, without a complaint."""
        waiting = self.queries.filtered("is_app_missing")
        self.assertEqual(
            set(waiting.mapped("query_app")),
            {"helpdesk_mgmt"},
            "every other app is part of Odoo Community",
        )
        for indicator in self.queries - waiting:
            with self.subTest(indicator.code):
                self.activate(indicator)
                self.assertEqual(indicator.query_author_id, self.author)
                self.assertEqual(indicator.query_state, "ready")
                self.as_(indicator, self.author).action_refresh()
                self.assertFalse(indicator.query_problem)

    def test_what_waits_for_an_app_says_so(self):
        tickets = self.of("TICKETS_SOLVED")
        self.assertEqual(tickets.query_state, "missing")
        with self.refused("“Requests solved”", "helpdesk_mgmt"):
            self.activate(tickets)

    def test_an_officer_without_the_rights_measures_nothing(self):
        with self.refused("may not read"):
            self.as_(self.of("ORDER_INTAKE"), "officer").action_activate()

    # ------------------------------------------------------------- sales and marketing

    def make_order(self, price, user=None, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": (user or self.employee_user).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.service.id,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
            | values
        )

    def test_sales_orders(self):
        orders = self.make_order(1000) | self.make_order(500)
        orders |= self.make_order(300, self.colleague_user)
        orders.action_confirm()
        self.make_order(7000)  # a quotation
        cancelled = self.make_order(9000)
        cancelled.action_confirm()
        cancelled._action_cancel()
        intake, number, margin = self.measure(
            "ORDER_INTAKE", "ORDERS_CONFIRMED", "ORDER_MARGIN"
        )
        self.assertEqual(intake, {"Employee": [(1500, 1)], "Colleague": [(300, 1)]})
        self.assertEqual(number, {"Employee": [(2, 1)], "Colleague": [(1, 1)]})
        # 1000 − 600 + 500 − 600, and 300 − 600
        self.assertEqual(margin, {"Employee": [(300, 1)], "Colleague": [(-300, 1)]})

    def test_formulas_over_queries(self):
        """A goal on an average order sees the quotient of the sums."""
        (self.make_order(1000) | self.make_order(500)).action_confirm()
        average = self.env.ref("hr_performance.indicator_average_order_value")
        self.activate(average)
        goal = self.agree(self.make_goal(None, (average, 1000)))
        for part in average.part_ids:
            self.assertEqual(part.state, "active")
            self.as_(part, self.author).action_refresh()
        self.assertEqual(goal.measure_ids.actual, 750)

    def test_opportunities(self):
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        won, won_too, won_again, lost, still_open, lead = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": kind,
                    "user_id": self.employee_user.id,
                    "company_id": self.company.id,
                    "campaign_id": campaign.id,
                    "expected_revenue": 4000,
                }
                for name, kind in (
                    ("Won", "opportunity"),
                    ("Won too", "opportunity"),
                    ("Won again", "opportunity"),
                    ("Lost", "opportunity"),
                    ("Open", "opportunity"),
                    ("Lead", "lead"),
                )
            ]
        )
        (won | won_too | won_again).action_set_won()
        lost.action_set_lost()
        self.env["calendar.event"].create(
            {
                "name": "First meeting",
                "opportunity_id": still_open.id,
                "user_id": self.employee_user.id,
                "start": self.noon,
                "stop": self.noon + timedelta(hours=1),
            }
        )
        created, rate, meetings, leads, qualified, value = self.measure(
            "OPPORTUNITIES_CREATED",
            "OPPORTUNITY_WIN_RATE",
            "SALES_MEETINGS",
            "MARKETING_LEADS",
            "LEAD_QUALIFICATION_RATE",
            "MARKETING_WON_VALUE",
        )
        self.assertEqual(created, {"Employee": [(5, 1)]})
        self.assertEqual(rate, {"Employee": [(75, 4)]})
        self.assertEqual(meetings, {"Employee": [(1, 1)]})
        self.assertEqual(leads, {self.company.name: [(6, 1)]})
        ((share, weight),) = qualified[self.company.name]
        self.assertAlmostEqual(share, 100 * 5 / 6)
        self.assertEqual(weight, 6)
        self.assertEqual(value, {self.company.name: [(12000, 1)]})
        self.assertEqual(lead.type, "lead")

    # ------------------------------------------------------------- people

    def test_sick_days_are_the_department_s(self):
        sick, holiday = self.env["hr.leave.type"].create(
            [
                {
                    "name": name,
                    "requires_allocation": False,
                    "leave_validation_type": "no_validation",
                    "company_id": self.company.id,
                }
                for name in ("Sick leave", "Summer")
            ]
        )
        monday = self.today - timedelta(self.today.weekday() + 14)
        # two days in one month: the reading is one
        if (monday + timedelta(1)).month != monday.month:
            monday -= timedelta(7)
        for employee, kind, days in (
            (self.employee, sick, 2),
            (self.colleague, sick, 1),
            (self.manager, holiday, 2),
        ):
            self.env["hr.leave"].create(
                {
                    "employee_id": employee.id,
                    "holiday_status_id": kind.id,
                    "request_date_from": monday,
                    "request_date_to": monday + timedelta(days - 1),
                }
            )
        self.assertEqual(
            self.measure("SICK_DAYS"), {self.department_sub.name: [(3, 1)]}
        )

    def test_hours(self):
        self.env["hr.attendance"].create(
            [
                {
                    "employee_id": self.employee.id,
                    "check_in": self.noon - timedelta(hours=hours + before),
                    "check_out": self.noon - timedelta(hours=before),
                }
                for hours, before in ((2, 0), (1.5, 3))
            ]
        )
        project = self.env["project.project"].create(
            {
                "name": "Building",
                "company_id": self.company.id,
                "allow_timesheets": True,
                "user_id": self.employee_user.id,
            }
        )
        self.env["account.analytic.line"].create(
            [
                {
                    "name": "Work",
                    "project_id": project.id,
                    "employee_id": self.employee.id,
                    "date": self.today,
                    "unit_amount": hours,
                }
                for hours in (3, 4.5)
            ]
        )
        worked, booked, billable = self.measure(
            "HOURS_WORKED", "HOURS_BOOKED", "BILLABLE_HOURS"
        )
        self.assertEqual(worked, {"Employee": [(3.5, 1)]})
        self.assertEqual(booked, {"Employee": [(7.5, 1)]})
        self.assertEqual(billable, {})

    def test_recruitment_and_departures(self):
        job = self.job
        job.department_id = self.department
        hired, refused = self.env["hr.applicant"].create(
            [
                {
                    "partner_name": name,
                    "job_id": job.id,
                    "department_id": self.department.id,
                    "company_id": self.company.id,
                }
                for name in ("Ann", "Bob")
            ]
        )
        self.created_on(hired, self.noon - timedelta(20))
        hired.date_closed = self.noon
        self.assertFalse(refused.date_closed)
        self.colleague.departure_date = self.today
        posts, leavers = self.measure("POSTS_FILLED", "LEAVERS")
        self.assertEqual(posts, {"Sales": [(1, 1)]})
        self.assertEqual(leavers, {"Sales North": [(1, 1)]})

    # ------------------------------------------------------------- goods and machines

    def test_purchases(self):
        orders = self.env["purchase.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.employee_user.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.service.id,
                                "product_qty": 1,
                                "price_unit": price,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
                for price in (300, 200)
            ]
        )
        orders[0].button_confirm()
        value, agreements = self.measure("PURCHASE_VALUE", "AGREEMENT_SHARE")
        self.assertEqual(value, {"Employee": [(300, 1)]})
        self.assertEqual(agreements, {"Employee": [(0, 1)]})

    def test_deliveries_and_returns(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        customers = self.env.ref("stock.stock_location_customers")

        def transfer(kind, origin, destination, **values):
            picking = self.env["stock.picking"].create(
                {
                    "picking_type_id": kind.id,
                    "location_id": origin.id,
                    "location_dest_id": destination.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_uom_qty": 2,
                                "quantity": 2,
                                "picked": True,
                                "location_id": origin.id,
                                "location_dest_id": destination.id,
                            }
                        )
                    ],
                }
                | values
            )
            picking.action_confirm()
            picking.move_ids.write({"quantity": 2, "picked": True})
            picking._action_done()
            self.assertEqual(picking.state, "done")
            return picking

        stock = warehouse.lot_stock_id
        delivery = transfer(warehouse.out_type_id, stock, customers)
        for _more in range(2):
            transfer(warehouse.out_type_id, stock, customers)
        transfer(warehouse.out_type_id, stock, customers, backorder_id=delivery.id)
        transfer(warehouse.in_type_id, customers, stock, return_id=delivery.id)
        deliveries, backorders, returns, lines = self.measure(
            "DELIVERIES_MADE", "BACKORDER_SHARE", "CUSTOMER_RETURNS", "LINES_PICKED"
        )
        self.assertEqual(deliveries, {self.company.name: [(4, 1)]})
        self.assertEqual(backorders, {self.company.name: [(25, 4)]})
        self.assertEqual(returns, {self.company.name: [(1, 1)]})
        self.assertEqual(lines, {self.company.name: [(4, 1)]})

    def test_maintenance(self):
        team = self.env["maintenance.team"].create(
            {"name": "Fitters", "company_id": self.company.id}
        )
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        *closed, _open = self.env["maintenance.request"].create(
            [
                {
                    "name": name,
                    "maintenance_type": kind,
                    "company_id": self.company.id,
                    "maintenance_team_id": team.id,
                    "request_date": self.today,
                }
                for name, kind in (
                    ("Belt torn", "corrective"),
                    ("Oil", "preventive"),
                    ("Fuse", "corrective"),
                    ("Lamp", "corrective"),
                    ("Noise", "corrective"),
                )
            ]
        )
        for request in closed:
            request.stage_id = done
        breakdowns, share = self.measure("BREAKDOWNS", "PREVENTIVE_MAINTENANCE_SHARE")
        self.assertEqual(breakdowns, {self.company.name: [(4, 1)]})
        self.assertEqual(share, {self.company.name: [(25, 4)]})

    # ------------------------------------------------------------- projects and money

    def test_tasks_and_milestones(self):
        stage = self.env["project.task.type"].create({"name": "Closed", "fold": True})
        project = self.env["project.project"].create(
            {
                "name": "Building",
                "company_id": self.company.id,
                "user_id": self.employee_user.id,
                "type_ids": [Command.link(stage.id)],
            }
        )
        finished, cancelled, _open = self.env["project.task"].create(
            [
                {"name": name, "project_id": project.id}
                for name in ("Roof", "Tower", "Door")
            ]
        )
        finished.write({"state": "1_done", "date_end": self.noon})
        cancelled.write({"state": "1_canceled", "date_end": self.noon})
        self.env["project.milestone"].create(
            [
                {
                    "name": name,
                    "project_id": project.id,
                    "deadline": self.today,
                    "is_reached": reached,
                }
                for name, reached in (
                    ("Walls", True),
                    ("Roof", True),
                    ("Garden", False),
                )
            ]
        )
        tasks, milestones = self.measure("TASKS_FINISHED", "MILESTONES_ON_TIME")
        self.assertEqual(tasks, {"Employee": [(1, 1)]})
        ((share, weight),) = milestones["Employee"]
        self.assertAlmostEqual(share, 200 / 3)
        self.assertEqual(weight, 3)

    def test_invoices_and_cost(self):
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=self.company, install_demo=False
        )

        def invoice(move_type, price, due):
            move = self.env["account.move"].create(
                {
                    "move_type": move_type,
                    "partner_id": self.customer.id,
                    "invoice_user_id": self.employee_user.id,
                    "invoice_date": self.today,
                    "invoice_date_due": due,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Work", "price_unit": price, "tax_ids": False}
                        )
                    ],
                }
            )
            move.action_post()
            return move

        invoice("out_invoice", 400, self.today)
        invoice("out_invoice", 200, self.today)
        invoice("out_invoice", 100, self.today)
        invoice("out_refund", 150, self.today)
        invoice("in_invoice", 80, self.today)
        sales, credit, cost = self.measure(
            "INVOICED_SALES", "CREDIT_NOTE_SHARE", "OPERATING_COST"
        )
        self.assertEqual(sales, {"Employee": [(550, 1)]})
        self.assertEqual(credit, {self.company.name: [(25, 4)]})
        self.assertEqual(cost, {self.company.name: [(80, 1)]})
