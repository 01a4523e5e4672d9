"""Files through Odoo's own import dialog: CSV and XLSX, all of a file or nothing."""

import csv
import io

from openpyxl import Workbook

from odoo.tests import tagged
from odoo.tools.misc import file_open

from .common import PerformanceCommon

OPTIONS = {
    "has_headers": True,
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "float_decimal_separator": ".",
    "float_thousand_separator": ",",
    "date_format": "%Y-%m-%d",
    "datetime_format": "",
    "advanced": False,
    "keep_matches": False,
    "skip": 0,
    # the dialog asks for a file in parts of so many rows
    "limit": 2,
}
HEADINGS = (
    "Indicator code",
    "Employee (work email)",
    "Department",
    "Date",
    "Value",
    "Numerator",
    "Denominator",
    "Weight",
    "Note",
)


@tagged("post_install", "-at_install")
class TestReadingImport(PerformanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readings = cls.env["hr.performance.reading"]
        cls.employee.work_email = "employee@work.example"
        cls.manager.work_email = "manager@work.example"
        cls.good = [
            [
                "T_SUM",
                "employee@work.example",
                "",
                "2031-01-31",
                "1,004.5",
                "",
                "",
                "",
                "",
            ],
            ["T_AVG", "Manager", "", "2031-01-31", "", "1", "4", "", "Counted"],
            ["T_SUM", "", "Sales / Sales North", "2031-01-31", "0", "", "", "2", ""],
            ["Revenue", "", "", "2031-01-31", "-3", "", "", "", ""],
        ]
        cls.expected = [
            {
                "value": 1004.5,
                "weight": 1,
                "employee_id": cls.employee.id,
                "note": False,
            },
            {
                "value": 25,
                "weight": 4,
                "employee_id": cls.manager.id,
                "note": "Counted",
            },
            {"value": 0, "weight": 2, "employee_id": False, "note": False},
            {"value": -3, "weight": 1, "employee_id": False, "note": False},
        ]

    def csv_file(self, rows, **dialect):
        stream = io.StringIO()
        csv.writer(stream, **dialect).writerows([HEADINGS, *rows])
        return stream.getvalue().encode(), "text/csv"

    def xlsx_file(self, rows):
        book = Workbook()
        book.active.append(HEADINGS)
        for row in rows:
            book.active.append(
                [
                    float(cell.replace(",", "")) if _is_number(cell) else cell
                    for cell in row
                ]
            )
        stream = io.BytesIO()
        book.save(stream)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return stream.getvalue(), kind

    def execute(self, content, kind, by="officer", dryrun=False, **options):
        """Upload a file, take the columns as matched, and import it."""
        dialog = self.as_(self.env["base_import.import"], by).create(
            {
                "res_model": "hr.performance.reading",
                "file": content,
                "file_type": kind,
                "file_name": "readings.csv" if kind == "text/csv" else "readings.xlsx",
            }
        )
        options = OPTIONS | options
        preview = dialog.parse_preview(dict(options))
        self.assertNotIn("error", preview)
        matched = [
            "/".join(preview["matches"].get(index, []))
            for index in range(len(preview["headers"]))
        ]
        columns = [heading.lower() for heading in preview["headers"]]
        options["sheet"] = preview["options"].get("sheet", "")
        result = dialog.execute_import(matched, columns, dict(options), dryrun=dryrun)
        self.env.invalidate_all()
        return result

    def test_csv_and_xlsx(self):
        goal = self.make_goal(self.company, (self.ind_sum, 100))
        goal.measure_ids.write({"date_end": goal.cycle_id.date_end})
        for content in (self.csv_file(self.good), self.xlsx_file(self.good)):
            with self.subTest(content[1]):
                result = self.execute(*content)
                self.assertFalse(result["messages"])
                readings = self.readings.browse(result["ids"])
                self.assertRecordValues(readings, self.expected)
                self.assertEqual(set(readings.mapped("source")), {"import"})
                self.assertEqual(readings.create_uid, self.officer_user)
                # the whole file at once, whatever parts the dialog asks for
                self.assertFalse(result["nextrow"])
                # once more changes nothing
                self.assertEqual(self.execute(*content)["ids"], readings.ids)
                self.assertFalse(readings.correction_ids)
                readings.unlink()

    def test_separators_of_another_country(self):
        row = list(self.good[0])
        row[4] = "1.004,5"
        row[3] = "31.01.2031"
        result = self.execute(
            *self.csv_file([row], delimiter=";"),
            separator=";",
            float_decimal_separator=",",
            float_thousand_separator=".",
            date_format="%d.%m.%Y",
        )
        self.assertFalse(result["messages"])
        self.assertRecordValues(self.readings.browse(result["ids"]), self.expected[:1])

    def test_one_bad_row_is_named_and_nothing_is_kept(self):
        self.env["hr.employee"].create(
            {"name": "Employee", "company_id": self.company.id}
        )
        cases = {
            "unknown code": (0, "T_NOBODY", "indicator_id", "T_NOBODY"),
            "unknown person": (1, "nobody@x", "employee_id", "nobody@x"),
            "two of a name": (1, "Employee", "employee_id", "2 in"),
            "unknown unit": (2, "Nowhere", "department_id", "empty"),
            "no value": (4, "", "value", "missing"),
            "half a rate": (5, "3", "value", "not both"),
            "weight": (7, "-1", "weight", "negative"),
        }
        before = self.readings.search_count([])
        for label, (column, cell, field, word) in cases.items():
            rows = [list(row) for row in self.good]
            bad = list(self.good[0])
            bad[3] = "2031-02-28"
            bad[column] = cell
            for make_file in (self.csv_file, self.xlsx_file):
                with self.subTest(label, file=make_file.__name__):
                    result = self.execute(*make_file([*rows, bad]))
                    self.assertFalse(result["ids"])
                    (message,) = result["messages"]
                    self.assertEqual(message["type"], "error")
                    self.assertEqual(message["rows"], {"from": 4, "to": 4})
                    self.assertEqual(message["record"], 4)
                    self.assertEqual(message["field"], field)
                    self.assertIn(word, message["message"])
                    self.assertEqual(self.readings.search_count([]), before)

    def test_the_rules_decide_by_row(self):
        result = self.execute(*self.csv_file(self.good[:2]), by="employee")
        (message,) = result["messages"]
        self.assertEqual(message["record"], 1)
        self.assertIn("you may not", message["message"])
        self.assertFalse(self.readings.search([("note", "=", "Counted")]))

    def test_a_trial_keeps_nothing(self):
        before = self.readings.search_count([])
        result = self.execute(*self.csv_file(self.good), dryrun=True)
        self.assertFalse(result["messages"])
        self.assertEqual(self.readings.search_count([]), before)

    def test_a_correction_by_file_says_so(self):
        (found,) = self.execute(*self.csv_file(self.good[:1]))["ids"]
        changed = [list(self.good[0])]
        changed[0][4] = "7"
        self.execute(*self.csv_file(changed))
        self.assertRecordValues(
            self.readings.browse(found).correction_ids,
            [{"former_value": 1004.5, "value": 7, "reason": "Imported again"}],
        )

    def test_what_was_exported_is_left_to_odoo(self):
        """Rows that name the record itself: Odoo's own way, with its own rules."""
        reading = self.add_reading(self.ind_sum, 4)
        result = self.readings.load([".id", "note"], [[str(reading.id), "Seen"]])
        self.assertEqual(result["ids"], reading.ids)
        self.assertEqual(reading.note, "Seen")
        columns = ["indicator_id/.id", "employee_id/.id", "date", "value"]
        row = [str(self.ind_sum.id), str(self.employee.id), "2031-03-01", "5"]
        result = self.readings.load(columns, [row])
        self.assertEqual(self.readings.browse(result["ids"]).source, "import")

    def test_the_template_matches_by_itself(self):
        (template,) = self.readings.get_import_templates()
        with file_open(template["template"].removeprefix("/"), "rb") as file:
            content = file.read()
        (
            self.ind_sum.code,
            self.ind_average.code,
            self.employee.work_email,
        ) = ("NEW_CUSTOMERS", "RETURN_RATE", "ann.lee@example.com")
        result = self.execute(content, self.xlsx_file([])[1])
        self.assertFalse(result["messages"])
        self.assertRecordValues(
            self.readings.browse(result["ids"]),
            [
                {"value": 4, "weight": 1, "employee_id": self.employee.id},
                {"value": 2.5, "weight": 120, "employee_id": False},
            ],
        )


def _is_number(cell):
    return cell and not cell.strip("-.,0123456789") and "-" not in cell[1:]
