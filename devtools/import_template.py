"""Make the file that people start an import of readings from.

    .odoo/venv/bin/python devtools/import_template.py

Its headings are matched by themselves in the import dialog, by the labels of the fields
and by ``data/base_import_mapping_data.xml``.
"""

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

TARGET = Path(__file__).parents[1] / "static" / "import" / "readings.xlsx"
#: heading, width, and what two rows may say
COLUMNS = (
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


def main():
    book = Workbook()
    # the file changes only when its content does
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    sheet = book.active
    sheet.title = "Readings"
    for row in zip(
        *((heading, *cells) for heading, _width, *cells in COLUMNS), strict=True
    ):
        sheet.append(row)
    for column, (_heading, width, *_cells) in zip(sheet.columns, COLUMNS, strict=True):
        head, *cells = column
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E9ECEF")
        sheet.column_dimensions[head.column_letter].width = width
        for cell in cells:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    book.save(TARGET)


if __name__ == "__main__":
    main()
