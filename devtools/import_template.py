"""Make the files that people start an import of readings or goals from.

    .odoo/venv/bin/python devtools/import_template.py

Their headings are matched by themselves in the import dialog, by the labels of the fields
and by ``data/base_import_mapping_data.xml``.
"""

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

FOLDER = Path(__file__).parents[1] / "static" / "import"
#: heading, width, and what the rows may say
READINGS = (
    ("Indicator code", 18, "NEW_CUSTOMERS", "RETURN_RATE"),
    ("Employee (work email)", 28, "ann.lee@example.com", None),
    ("Department", 24, None, "Sales / Sales North"),
    ("Date", 12, date(2026, 1, 31), date(2026, 1, 31)),
    ("Value", 10, 4, None),
    ("Numerator", 12, None, 3),
    ("Denominator", 12, None, 120),
    ("Weight", 10, None, None),
    ("Note", 40, "Example: put your own rows here", "A rate: 3 of 120 returned"),
)
GOALS = (
    ("Code", 12, "SALES", None, "ANN-1"),
    (
        "Goal",
        44,
        "Grow with customers we like",
        None,
        "Example: put your own rows here",
    ),
    ("Period", 14, "2026", None, "2026"),
    ("Goal Of", 14, "Department", None, "Personal"),
    ("Department", 24, "Sales / Sales North", None, None),
    ("Employee (work email)", 28, None, None, "ann.lee@example.com"),
    ("Goal above (code)", 18, None, None, "SALES"),
    ("Weight", 10, 50, None, 30),
    ("Indicator code", 18, "NEW_CUSTOMERS", "RETURN_RATE", "NEW_CUSTOMERS"),
    ("Baseline", 10, 0, 5, 0),
    ("Target", 10, 40, 3, 12),
    ("Weight of the measure", 22, 70, 30, 100),
)


def main():
    save("readings", "Readings", READINGS)
    save("goals", "Goals", GOALS)


def save(name, title, columns):
    book = Workbook()
    # the file changes only when its content does
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    sheet = book.active
    sheet.title = title
    for row in zip(
        *((heading, *cells) for heading, _width, *cells in columns), strict=True
    ):
        sheet.append(row)
    for column, (_heading, width, *_cells) in zip(sheet.columns, columns, strict=True):
        head, *cells = column
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E9ECEF")
        sheet.column_dimensions[head.column_letter].width = width
        for cell in cells:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    FOLDER.mkdir(parents=True, exist_ok=True)
    book.save(FOLDER / f"{name}.xlsx")


if __name__ == "__main__":
    main()
