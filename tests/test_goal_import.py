"""Goals through spreadsheets and back: by codes, whole, and only what was edited."""

import csv
import io
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from openpyxl import Workbook, load_workbook
from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from .common import PerformanceCommon
from .test_reading_import import OPTIONS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (
    "Code",
    "Goal",
    "Period",
    "Goal Of",
    "Employee (work email)",
    "Goal above (code)",
    "Weight",
    "Indicator code",
    "Baseline",
    "Target",
)
#: the columns of an export that can be imported again
EXPORTED = [
    "id",
    "code",
    "name",
    "weight",
    "state",
    "description",
    "employee_id/id",
    "cycle_id/id",
    "parent_id/id",
    "measure_ids/id",
    "measure_ids/indicator_id/id",
    "measure_ids/baseline",
    "measure_ids/target",
]


@tagged("post_install", "-at_install")
class TestGoalImport(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goals = cls.env["hr.performance.goal"]
        cls.officer_user.group_ids += cls.env.ref("base.group_allow_export")
        cls.employee.work_email = "employee@work.example"
        year = cls.cycle.name
        own = ["Personal", "employee@work.example"]
        # the goal below comes first, and names one that comes later
        cls.rows = [
            ["OWN", "Win customers", year, *own, "ALL", "30", "T_SUM", "0", "12"],
            ["", "", "", "", "", "", "", "T_RATIO", "0", "99.5"],
            ["ALL", "Grow", year, "Company", "", "", "100", "T_SUM", "0", "100"],
            ["", "Without a code", year, *own, "OWN", "20", "", "", ""],
        ]

    def file(self, kind, rows, headings=HEADINGS):
        if kind == "csv":
            stream = io.StringIO()
            csv.writer(stream).writerows([headings, *rows])
            return stream.getvalue().encode(), "text/csv"
        book = Workbook()
        book.active.append(list(headings))
        for row in rows:
            book.active.append([cell or None for cell in row])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue(), XLSX

    def execute(self, content, kind, by="officer", fields=None, **options):
        """Upload a file, take the columns as matched, and import it."""
        dialog = self.as_(self.env["base_import.import"], by).create(
            {
                "res_model": "hr.performance.goal",
                "file": content,
                "file_type": kind,
                "file_name": "goals.csv" if kind == "text/csv" else "goals.xlsx",
            }
        )
        options = OPTIONS | options
        preview = dialog.parse_preview(dict(options))
        self.assertNotIn("error", preview)
        matched = fields or [
            "/".join(preview["matches"].get(index, []))
            for index in range(len(preview["headers"]))
        ]
        columns = [heading.lower() for heading in preview["headers"]]
        options["sheet"] = preview["options"].get("sheet", "")
        result = dialog.execute_import(matched, columns, options)
        self.env.invalidate_all()
        return result

    def by_code(self, code):
        return self.goals.search(
            [("code", "=", code), ("company_id", "=", self.company.id)]
        )

    # ---------------------------------------------------------------- codes

    def test_codes_are_given(self):
        first, second = (self.make_goal() for _number in range(2))
        self.assertRegex(first.code, r"^G\d{5,}$")
        self.assertNotEqual(first.code, second.code)
        self.assertNotEqual(first.copy().code, first.code)
        first.code = False
        self.assertTrue(first.code)

    def test_a_typed_code_is_stepped_over(self):
        number = int(self.make_goal().code[1:])
        self.make_goal(code=f"G{number + 1:05}")
        self.assertEqual(self.make_goal().code, f"G{number + 2:05}")

    def test_codes_are_unique_in_a_company(self):
        self.make_goal(code="MINE")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.make_goal(code="MINE")
        self.make_goal(self.other_employee, code="MINE", cycle_id=self.cycle_2.id)

    # ---------------------------------------------------------------- in

    def test_csv_and_xlsx(self):
        for kind in ("csv", "xlsx"):
            with self.subTest(kind):
                result = self.execute(*self.file(kind, self.rows))
                self.assertFalse(result["messages"])
                own, whole = self.by_code("OWN"), self.by_code("ALL")
                self.assertEqual(own.parent_id, whole)
                self.assertEqual(own.responsible_id, self.employee)
                self.assertEqual(own.weight, 30)
                self.assertEqual(
                    own.measure_ids.mapped(
                        lambda line: (line.indicator_id.code, line.target)
                    ),
                    [("T_SUM", 12), ("T_RATIO", 99.5)],
                )
                below = own.child_ids
                self.assertEqual(below.name, "Without a code")
                self.assertTrue(below.code)
                # once more changes those with codes; a measure is found by its indicator
                again = [list(row) for row in self.rows[:3]]
                again[1][9] = "120"
                self.assertFalse(self.execute(*self.file(kind, again))["messages"])
                self.assertEqual(own.measure_ids.mapped("target"), [12, 120])
                self.assertEqual(self.by_code("OWN"), own)
                (below | own | whole).unlink()

    def test_one_bad_row_is_named_and_nothing_is_kept(self):
        cases = {
            "person": (4, "nobody@x", "employee_id", "work email"),
            "goal above": (5, "NOWHERE", "parent_id", "NOWHERE"),
            "below itself": (5, "BAD", "parent_id", "below itself"),
            "indicator": (7, "T_NOTHING", "measure_ids", "T_NOTHING"),
            "period": (2, "Some year", "cycle_id", "Some year"),
        }
        before = self.goals.search_count([])
        for label, (column, cell, field, word) in cases.items():
            bad = list(self.rows[0])
            bad[0] = "BAD"
            bad[column] = cell
            for kind in ("csv", "xlsx"):
                with self.subTest(label, file=kind):
                    result = self.execute(*self.file(kind, [*self.rows, bad]))
                    self.assertFalse(result["ids"])
                    message = result["messages"][0]
                    self.assertEqual(message["type"], "error")
                    self.assertEqual(message["rows"]["from"], 4)
                    self.assertEqual(message["field"], field)
                    self.assertIn(word, message["message"])
                    self.assertEqual(self.goals.search_count([]), before)

    def test_a_weight_below_zero(self):
        bad = list(self.rows[3])
        bad[6] = "-1"
        before = self.goals.search_count([])
        result = self.execute(*self.file("csv", [*self.rows[:3], bad]))
        self.assertFalse(result["ids"])
        self.assertIn("“Weight” cannot be negative", result["messages"][0]["message"])
        self.assertEqual(self.goals.search_count([]), before)

    def test_the_rules_decide(self):
        result = self.execute(*self.file("csv", self.rows), by="employee")
        self.assertFalse(result["ids"])
        self.assertFalse(self.by_code("ALL"))
        mine = [list(self.rows[0])]
        mine[0][5] = ""
        self.assertTrue(self.execute(*self.file("csv", mine), by="employee")["ids"])

    # ---------------------------------------------------------------- out and in again

    def exported(self, goals, by="officer"):
        goals = self.as_(goals, by).with_context(import_compat=True)
        return [list(row) for row in goals.export_data(EXPORTED)["datas"]]

    def imported(self, kind, rows):
        rows = [["" if cell is False else cell for cell in row] for row in rows]
        result = self.execute(*self.file(kind, rows, EXPORTED), fields=EXPORTED)
        self.assertFalse(result["messages"])

    def test_round_trip(self):
        """Of agreed goals too, as long as what is locked was not edited."""
        parent = self.make_goal(self.company, name="Above")
        goals = self.make_goal(
            self.employee,
            {"indicator_id": self.ind_sum.id, "baseline": 1 / 3, "target": 20},
            (self.ind_average, 0.1 + 0.2),
            name="Below",
            description="<p>What is <b>different</b></p>",
            parent_id=parent.id,
        )
        goals |= self.agree(self.make_goal(self.colleague, (self.ind_sum, 5)))
        for kind in ("csv", "xlsx"):
            with self.subTest(kind):
                rows = self.exported(goals)
                before = goals.read(["name", "weight", "description", "parent_id"])
                with self.nothing_written():
                    self.imported(kind, rows)
                self.assertEqual(
                    goals.read(["name", "weight", "description", "parent_id"]), before
                )
                rows[0][EXPORTED.index("weight")] = 44
                rows[1][EXPORTED.index("measure_ids/target")] = 7
                self.imported(kind, rows)
                self.assertEqual(goals[0].weight, 44)
                self.assertEqual(goals[0].measure_ids.mapped("target"), [20, 7])
                self.assertEqual(goals[0].measure_ids[0].baseline, 1 / 3)
                goals[0].weight = 10
                goals[0].measure_ids[1].target = 9

    @contextmanager
    def nothing_written(self):
        """What was not edited is not written: not even the same once more."""
        with ExitStack() as patches:
            for name in ("hr.performance.goal", "hr.performance.measure"):
                write = patches.enter_context(
                    patch.object(type(self.env[name]), "write", autospec=True)
                )
                patches.callback(write.assert_not_called)
            yield

    def test_the_template_is_matched_and_read(self):
        with file_open("hr_performance/static/import/goals.xlsx", "rb") as stream:
            content = stream.read()
        headings = [cell.value for cell in load_workbook(io.BytesIO(content)).active[1]]
        dialog = self.env["base_import.import"].create(
            {
                "res_model": "hr.performance.goal",
                "file": content,
                "file_type": XLSX,
                "file_name": "goals.xlsx",
            }
        )
        preview = dialog.parse_preview(dict(OPTIONS))
        self.assertEqual(preview["headers"], headings)
        self.assertEqual(
            ["/".join(preview["matches"][index]) for index in range(len(headings))],
            [
                "code",
                "name",
                "cycle_id",
                "scope",
                "department_id",
                "employee_id",
                "parent_id",
                "weight",
                "measure_ids/indicator_id",
                "measure_ids/baseline",
                "measure_ids/target",
                "measure_ids/weight",
            ],
        )
        (template,) = self.goals.get_import_templates()
        self.assertTrue(template["template"].endswith("goals.xlsx"))
