"""The one way in for readings that come by the row: API, files and the grid."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from .row_insert import in_columns, insert

#: how many faulty rows a refusal names
PROBLEMS_SHOWN = 20
#: and how many characters of what was wrong in each
MAX_QUOTED = 80
HOLDERS = ("employee", "department")
NUMBERS = ("value", "numerator", "denominator", "weight")
ROW_FIELDS = ("indicator", *HOLDERS, "company", "date", *NUMBERS, "note")
#: columns of a file and what they are called in a row
COLUMNS = {
    "indicator_id": "indicator",
    "employee_id": "employee",
    "department_id": "department",
    "company_id": "company",
} | {name: name for name in ("date", *NUMBERS, "note")}


class Problem(NamedTuple):
    """What is wrong with a row (an index from 0), with the way out."""

    row: int
    field: str
    message: str


class Known(NamedTuple):
    """A reading that is there already."""

    id: int
    value: float
    weight: float
    numerator: float | None
    denominator: float | None
    note: str | None
    period_start: date | None


class RowsRefused(Exception):
    """Rows that cannot be saved; none of them was."""

    def __init__(self, problems, error=ValidationError):
        super().__init__(problems)
        self.problems = sorted(problems)
        self.error = error


class HrPerformanceReading(models.Model):
    _inherit = "hr.performance.reading"

    @api.model
    def upsert(self, rows, reason=None):
        """Save ``rows``: new readings, and corrections of those that are there already.

        A row finds its reading by indicator, holder and date. Sending the same rows again
        changes nothing; other figures correct the reading and keep the former ones with
        ``reason``. What a row does not name stays as it is. All rows are saved or none.

        :param rows: list of dicts with

            - ``indicator``: its code
            - ``employee`` (work email, unique name or id) or ``department`` (full or
              unique name, or id); neither: a figure of the company
            - ``company``: name or id; without it the current one
            - ``date``: as 2026-01-31
            - ``value``, or ``numerator`` and ``denominator`` of a rate
            - ``weight`` and ``note``, if any
        :param reason: why figures are corrected
        :return: ``{"created": n, "updated": n, "unchanged": n, "ids": [...]}``, the ids in
            the order of the rows
        :raise ValidationError: naming all faulty rows, by number from 1
        :raise AccessError: naming the rows whose readings the user may not write
        """
        try:
            return self._upsert(rows, "api", reason or self.env._("Sent again"))
        except RowsRefused as refused:
            raise refused.error(self._in_lines(refused.problems)) from None

    @api.model
    def _upsert(self, rows, source, reason):
        """:meth:`upsert` for those who show the problems in their own way.

        :raise RowsRefused: when nothing was saved
        """
        reader = RowReader(self.env, rows)
        rows_vals = reader.read()
        if reader.problems:
            raise RowsRefused(reader.problems)
        # the rules speak of the companies that are switched on. And what a row does not
        # name is not said by a default of the context
        companies = self.env.company.browse({vals["company_id"] for vals in rows_vals})
        readings = self.with_context(
            clean_context(self.env.context),
            allowed_company_ids=(self.env.company | companies).ids,
        )
        with self.env.cr.savepoint():
            return readings._save_rows(rows_vals, source, reason)

    @api.model
    def _save_rows(self, rows_vals, source, reason):
        """Create, correct or leave as it is, per row; see :meth:`upsert`.

        :param rows_vals: values of readings, as :class:`RowReader` makes them
        """
        self.check_access("create")
        self.check_access("write")
        found = self._find_rows(rows_vals)
        new = {
            index: vals | {"source": source}
            for index, vals in enumerate(rows_vals)
            if index not in found
        }
        new = dict(zip(new, self.sudo()._completed(new.values()), strict=True))
        if problems := self._followed_problems(new):
            raise RowsRefused(problems)
        problems = []
        changes = {}
        for index, readings in found.items():
            if len(readings) > 1:
                message = self.env._(
                    "%(count)s readings are there already for this day. Correct them one by"
                    " one in the list of readings.",
                    count=len(readings),
                )
                problems.append(Problem(index, "date", message))
                continue
            changed = _row_changes(rows_vals[index], readings[0])
            if changed:
                changes[index] = changed
            if changed and readings[0].period_start:
                message = self.env._(
                    "this value was fetched from Odoo's records. Correct the records; the"
                    " value follows with the next refresh."
                )
                problems.append(Problem(index, "value", message))
            if changed.keys() == {"weight"} and readings[0].denominator is not None:
                message = self.env._(
                    "this reading is a rate, whose weight is its denominator. Send"
                    " “Numerator” and “Denominator”, or a value with the weight."
                )
                problems.append(Problem(index, "weight", message))
        problems += self._closed_rows({**new, **changes}, rows_vals)
        self._claim_new_rows(list(new.values()))
        created = self.sudo()._insert(list(new.values()))
        # The rules are asked of what there is, as the ORM does it; before anything else is
        # said of a row, because whether its figure is the same, or there, is news, too.
        forbidden = [
            *self._forbidden_rows(
                {
                    reading.id: index
                    for index, readings in found.items()
                    for reading in readings
                },
                "write",
                rows_vals,
            ),
            *self._forbidden_rows(
                dict(zip(created, new, strict=True)), "create", rows_vals
            ),
        ]
        if forbidden:
            raise RowsRefused(forbidden, AccessError)
        if problems:
            raise RowsRefused(problems)

        # sudo: both work on all of them at once; the rules have been asked
        changed = {found[index][0].id: vals for index, vals in changes.items()}
        self.sudo().browse(changed)._correct(changed, reason)
        self.sudo().browse(created)._recompute_measures()

        ids = {index: reading.id for index, (reading,) in found.items()}
        ids.update(zip(new, created, strict=True))
        return {
            "created": len(new),
            "updated": len(changes),
            "unchanged": len(rows_vals) - len(new) - len(changes),
            "ids": [ids[index] for index in range(len(rows_vals))],
        }

    @api.model
    def _find_rows(self, rows_vals):
        """``{index of the row: [Known, ...]}``, the readings that are there, in one query.

        What is compared here is what the rows say; the rules are asked before a change.
        """
        indexes = {_key(vals): index for index, vals in enumerate(rows_vals)}
        if not indexes:
            return {}
        indicators, companies, employees, _departments, dates = map(
            set, zip(*indexes, strict=True)
        )
        columns = ("indicator_id", "company_id", "employee_id", "department_id", "date")
        found = defaultdict(list)
        for (
            indicator,
            company,
            employee,
            department,
            day,
            *known,
        ) in self.env.execute_query(
            SQL(
                """
                SELECT %(columns)s
                  FROM hr_performance_reading
                 WHERE indicator_id = ANY(%(indicators)s)
                   AND company_id = ANY(%(companies)s)
                   AND date = ANY(%(dates)s)
                   AND COALESCE(employee_id, 0) = ANY(%(employees)s)
                   -- rows are of people and units; those of a post come by check-in
                   AND (employee_id IS NOT NULL OR job_id IS NULL)
              ORDER BY id%(flush)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, [*columns, *Known._fields])),
                indicators=list(indicators),
                companies=list(companies),
                dates=list(dates),
                employees=list(employees),
                flush=SQL(
                    "",
                    to_flush=[
                        self._fields[name] for name in (*columns, *Known._fields[1:])
                    ],
                ),
            )
        ):
            key = (
                indicator,
                company,
                employee or 0,
                0 if employee else department or 0,
                day,
            )
            if key in indexes:
                found[indexes[key]].append(Known(*known))
        return dict(found)

    @api.model
    def _claim_new_rows(self, rows_vals):
        """Let one transaction at a time add rows to an indicator.

        Two that are sent the same rows at once both find none of them: each sees the
        database as it was when it began, and waiting would not change that. Nor would an
        index help, as a holder may well have several readings of a day. So both touch the
        indicators: whoever comes second waits for the first, is refused by the database
        (a serialization failure) and called again by Odoo, and then finds the rows.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE hr_performance_indicator
                   SET write_date = write_date
                 WHERE id = ANY(%s)
                """,
                list({vals["indicator_id"] for vals in rows_vals}),
            )
        )

    @api.model
    def _insert(self, vals_list):
        """Insert readings of completed and checked values; return their ids, in order.

        In superuser mode only. ``create`` would check each once more and keep each in the
        cache; a year of a large company's figures takes a third of the time this way.
        """
        if not vals_list:
            return []
        return insert(self, in_columns(self, vals_list))

    @api.model
    def _followed_problems(self, completed):
        """What is wrong with numbers that follow from a row's, or from a default.

        :param completed: ``{index of the row: completed values}``
        """
        return [
            Problem(index, *problem)
            for index, vals in completed.items()
            if (
                problem := self._number_problem(
                    *(
                        vals.get(name)
                        for name in ("value", "weight", "numerator", "denominator")
                    )
                )
            )
        ]

    @api.model
    def _closed_rows(self, indexes, rows_vals):
        """The problems of rows that would move a closed period."""
        cycles = self.env["hr.performance.cycle"]
        where = {
            index: (rows_vals[index]["company_id"], rows_vals[index]["date"])
            for index in indexes
        }
        closed = cycles._closed_on(set(where.values()))
        return [
            Problem(index, "date", closed[place]._closed_message(place[1]))
            for index, place in where.items()
            if place in closed
        ]

    @api.model
    def _forbidden_rows(self, index_by_id, operation, rows_vals):
        """The problems of rows whose readings the record rules keep from the user.

        :param index_by_id: ``{reading id: index of its row}``
        """
        if not index_by_id:
            return []
        # sudo: the rules' own domain is the question, asked once for all
        ids = SQL("(SELECT unnest(%s))", list(index_by_id))
        allowed = self.env["ir.rule"]._compute_domain(self._name, operation) & Domain(
            "id", "in", ids
        )
        allowed = set(self.sudo()._search(allowed).get_result_ids())
        message = self.env._(
            "you may not enter values here. People report for themselves, managers for"
            " their team, suppliers of an indicator and officers for everybody."
        )
        forbidden = {
            index
            for reading_id, index in index_by_id.items()
            if reading_id not in allowed
        }
        return [
            Problem(
                index,
                "employee" if rows_vals[index]["employee_id"] else "department",
                message,
            )
            for index in forbidden
        ]

    @api.model
    def _in_lines(self, problems):
        """``problems`` for people: a line each, not too many."""
        lines = [
            self.env._(
                "Line %(line)s, %(field)s: %(message)s",
                line=problem.row + 1,
                field=problem.field,
                message=problem.message,
            )
            for problem in problems[:PROBLEMS_SHOWN]
        ]
        if len(problems) > PROBLEMS_SHOWN:
            lines.append(
                self.env._("… and %(count)s more", count=len(problems) - PROBLEMS_SHOWN)
            )
        return "\n".join(
            [self.env._("Nothing was saved. Correct these and send all again:"), *lines]
        )

    # ---------------------------------------------------------------- files

    @api.model
    def load(self, fields, data):
        """Import a file: all of its rows at once, or none.

        Odoo looks people and indicators up cell by cell and saves a long file in parts.
        Here the rows go the way of :meth:`upsert`, whole. Files that name records by
        external or database ids, or other columns, are left to Odoo.
        """
        if not fields or not COLUMNS.keys() >= set(fields):
            # what comes by a file says so
            return super(
                HrPerformanceReading, self.with_context(default_source="import")
            ).load(fields, data)
        names = [COLUMNS[field] for field in fields]
        rows = [
            {
                name: _number(cell) if name in NUMBERS else cell
                for name, cell in zip(names, line, strict=True)
                if _is_given(cell)
            }
            if isinstance(line, list | tuple) and len(line) == len(names)
            else line
            for line in data
        ]
        ids, messages = False, []
        try:
            reason = self.env._("Imported again")
            ids = self._upsert(rows, "import", reason)["ids"]
        except RowsRefused as refused:
            columns = {name: field for field, name in COLUMNS.items()}
            messages = [
                {
                    "type": "error",
                    "message": problem.message,
                    "rows": {"from": problem.row, "to": problem.row},
                    "record": problem.row,
                    "field": columns.get(problem.field, False),
                }
                for problem in refused.problems
            ]
        except UserError as error:
            messages = [{"type": "error", "message": str(error)}]
        return {"ids": ids, "messages": messages, "nextrow": 0}

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for readings"),
                "template": "/hr_performance/static/import/readings.xlsx",
            }
        ]


def _row_changes(vals, known):
    """What of a row is not so yet in the reading that is known."""
    changes = {
        name: vals[name]
        for name in ("value", "weight")
        if name in vals and vals[name] != getattr(known, name)
    }
    rate = {name: vals.get(name) for name in ("numerator", "denominator")}
    if rate["denominator"] is not None and rate != {
        "numerator": known.numerator,
        "denominator": known.denominator,
    }:
        changes |= rate
    if "note" in vals and vals["note"] != (known.note or ""):
        changes["note"] = vals["note"]
    return changes


def _number(cell):
    """``cell`` of a file as a number where it is the text of one."""
    if not isinstance(cell, str):
        return cell
    try:
        return float(cell)
    except ValueError:
        return cell


def _key(vals):
    """What finds the reading of a row: one of a day, for each indicator and holder."""
    employee_id = vals["employee_id"] or 0
    return (
        vals["indicator_id"],
        vals["company_id"],
        employee_id,
        0 if employee_id else vals["department_id"] or 0,
        vals["date"],
    )


class RowReader:
    """Turns rows into values of readings and collects what is wrong with them.

    All that the rows name is looked up at once: the number of queries does not depend on
    the number of rows.
    """

    def __init__(self, env, rows):
        self.env = env
        self.rows = rows
        self.problems = []
        #: for each field the tables ``{(company id, reference): [ids]}``, best first
        self.tables = {}
        #: what has been looked up in them, and the indicators that take values
        self.known, self.entered = {}, set()
        self.company_names = {}

    def read(self):
        """A dict of values for each row; without meaning once there are problems."""
        if not isinstance(self.rows, list | tuple):
            self._add(0, "rows", self.env._("send a list of rows, even for one."))
            return []
        for index, row in enumerate(self.rows):
            self._check_shape(index, row)
        if self.problems:
            return []
        company_ids = self._read_companies()
        self._read_references(sorted({*company_ids} - {None}))
        rows_vals = [
            self._values(index, row, company_id)
            for index, (row, company_id) in enumerate(
                zip(self.rows, company_ids, strict=True)
            )
        ]
        if not self.problems:
            self._check_doubles(rows_vals)
        return rows_vals

    def look_up(self, field):
        """The id that ``field`` of each row stands for; None where there is none.

        Faults are in :attr:`problems`.
        """
        company_ids = self._read_companies()
        self._read_references(sorted({*company_ids} - {None}))
        return [
            self._one(index, field, company_id, row[field])
            if _is_given(row.get(field))
            else None
            for index, (row, company_id) in enumerate(
                zip(self.rows, company_ids, strict=True)
            )
        ]

    def _add(self, index, field, message):
        self.problems.append(Problem(index, field, message))

    def _check_shape(self, index, row):
        if not isinstance(row, dict):
            message = self.env._(
                "a row names its fields: {“indicator”: …, “date”: …, “value”: …}."
            )
            self._add(index, "row", message)
            return
        for name in row:
            if name not in ROW_FIELDS:
                message = self.env._(
                    "a row has no such field. Use %(fields)s.",
                    fields=", ".join(ROW_FIELDS),
                )
                self._add(index, _quoted(name), message)

    # ---------------------------------------------------------------- look-ups

    def _read_companies(self):
        """The company id of each row, None where it is faulty."""
        companies = self.env.user.company_ids
        self.company_names = {company.id: company.name for company in companies}
        by_reference = defaultdict(list)
        for company in companies:
            by_reference[False, company.id].append(company.id)
            by_reference[False, company.name].append(company.id)
        self.tables["company"] = [by_reference]
        current = self.env.company.id
        return [
            self._one(index, "company", False, row["company"])
            if _is_given(row.get("company"))
            else current
            for index, row in enumerate(self.rows)
        ]

    def _read_references(self, company_ids):
        """Look up indicators, people and departments, each kind in one query."""
        named = {
            field: {_reference(row.get(field)) for row in self.rows}
            for field in ("indicator", *HOLDERS)
        }
        ids = {
            field: [name for name in names if isinstance(name, int)]
            for field, names in named.items()
        }
        words = {
            field: [name for name in names if isinstance(name, str)]
            for field, names in named.items()
        }
        shared_or_own = ("company_id", "in", [False, *company_ids])
        indicators = self.env["hr.performance.indicator"].search_fetch(
            [
                shared_or_own,
                "|",
                "|",
                ("id", "in", ids["indicator"]),
                ("code", "in", words["indicator"]),
                ("name", "in", words["indicator"]),
            ],
            ["code", "name", "company_id", "source"],
        )
        self.tables["indicator"] = [
            _by_reference(indicators, name, company_ids)
            for name in ("id", "code", "name")
        ]
        self.tables["employee"] = self._people(
            company_ids, ids["employee"], words["employee"]
        )
        departments = self.env["hr.department"].sudo()
        if named["department"] != {None}:
            # sudo: the names of departments are open to all users
            departments = departments.search([shared_or_own])
        self.tables["department"] = [
            _by_reference(departments, name, company_ids)
            for name in ("id", "complete_name", "name")
        ]

    def _people(self, company_ids, ids, words):
        """Tables of employees by id, by work email in any case, and by name.

        Who has left is found too, unless somebody who is there goes by the same name.
        """
        by_id = defaultdict(list)
        tables = {
            active: (defaultdict(list), defaultdict(list)) for active in (True, False)
        }
        if not (ids or words):
            return [by_id]
        employee = self.env["hr.employee"]
        # names and work addresses are open to all users, as hr.employee.public
        for employee_id, company_id, active, email, name in self.env.execute_query(
            SQL(
                """
                SELECT id, company_id, active, lower(work_email), name
                  FROM hr_employee
                 WHERE company_id = ANY(%(companies)s)
                   AND (id = ANY(%(ids)s)
                        OR lower(work_email) = ANY(%(emails)s)
                        OR name = ANY(%(names)s))%(flush)s
                """,
                companies=company_ids,
                ids=ids,
                emails=[word.lower() for word in words],
                names=words,
                flush=SQL(
                    "",
                    to_flush=[
                        employee._fields[name]
                        for name in ("company_id", "active", "work_email", "name")
                    ],
                ),
            )
        ):
            by_id[company_id, employee_id].append(employee_id)
            by_email, by_name = tables[bool(active)]
            if email:
                by_email[company_id, email].append(employee_id)
            by_name[company_id, name].append(employee_id)
        return [by_id, *tables[True], *tables[False]]

    def _one(self, index, field, company_id, value):
        """The id that ``value`` of a row's ``field`` stands for, or None and a problem."""
        # the same few names again and again; 1 and True are not the same name
        key = field, company_id, type(value), value
        if isinstance(value, str | int) and key in self.known:
            return self.known[key]
        found = self._look_up(index, field, company_id, value)
        if found:
            self.known[key] = found
        return found

    def _look_up(self, index, field, company_id, value):
        reference = _reference(value)
        forms = {reference}
        if isinstance(reference, str):
            forms.add(reference.lower())
        for table in self.tables[field]:
            ids = {
                found for form in forms for found in table.get((company_id, form), ())
            }
            if len(ids) == 1:
                return ids.pop()
            if ids:
                message = self.env._(
                    "%(count)s in “%(company)s” are called “%(reference)s”. Give the"
                    " %(better)s instead.",
                    count=len(ids),
                    company=self.company_names.get(company_id, ""),
                    reference=_quoted(reference),
                    better=self._better_names()[field],
                )
                self._add(index, field, message)
                return None
        message = self.env._(
            "nothing in “%(company)s” is known as “%(reference)s”. Give the %(better)s.",
            company=self.company_names.get(company_id, self.env.company.name),
            reference=_quoted(value),
            better=self._better_names()[field],
        )
        self._add(index, field, message)
        return None

    def _better_names(self):
        return {
            "company": self.env._("name of a company that you work in"),
            "indicator": self.env._("code of the indicator"),
            "employee": self.env._("work email"),
            "department": self.env._("full name of the department"),
        }

    # ---------------------------------------------------------------- values

    def _values(self, index, row, company_id):
        """The values that a row gives; what it does not name is left out."""
        vals = {"company_id": company_id, "employee_id": False, "department_id": False}
        if not _is_given(row.get("indicator")):
            message = self.env._("is missing. Give the code of the indicator.")
            self._add(index, "indicator", message)
        elif company_id:
            vals["indicator_id"] = self._one(
                index, "indicator", company_id, row["indicator"]
            )
            self._check_entered(index, vals["indicator_id"])
        holders = [field for field in HOLDERS if _is_given(row.get(field))]
        if len(holders) > 1:
            message = self.env._(
                "a reading is of a person or of a department. Leave one of them empty."
            )
            self._add(index, "department", message)
        elif holders and company_id:
            (field,) = holders
            vals[f"{field}_id"] = self._one(index, field, company_id, row[field])
        vals["date"] = self._date(index, row.get("date"))
        self._read_numbers(index, row, vals)
        if _is_given(row.get("note")):
            vals["note"] = _text(row["note"])
        return vals

    def _check_entered(self, index, indicator_id):
        if not indicator_id or indicator_id in self.entered:
            return
        indicator = self.env["hr.performance.indicator"].browse(indicator_id)
        if indicator.source == "manual":
            self.entered.add(indicator_id)
        else:
            self._add(index, "indicator", indicator._no_entry_message())

    def _date(self, index, value):
        try:
            day = value if type(value) is date else date.fromisoformat(value)
        except (TypeError, ValueError):
            message = (
                self.env._(
                    "“%(value)s” is no date. Write it as 2026-01-31.",
                    value=_quoted(value),
                )
                if _is_given(value)
                else self.env._("is missing. Write it as 2026-01-31.")
            )
            self._add(index, "date", message)
            return None
        if problem := self.env["hr.performance.reading"]._date_problem(day):
            self._add(index, "date", problem)
        return day

    def _read_numbers(self, index, row, vals):
        """Put value, weight and rate into ``vals``, or say what is wrong with them."""
        numbers = {}
        for name in NUMBERS:
            value = row.get(name)
            if not _is_given(value):
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                message = self.env._(
                    "“%(value)s” is not a number.", value=_quoted(value)
                )
                self._add(index, name, message)
                return
            try:
                numbers[name] = float(value)
            except OverflowError:
                numbers[name] = float("inf")
        has_rate = "numerator" in numbers or "denominator" in numbers
        if not has_rate and "value" not in numbers:
            message = self.env._(
                "“Value” is missing. Give it, 0 included, or leave the row out when there"
                " is none."
            )
            self._add(index, "value", message)
            return
        if has_rate and "value" in numbers:
            message = self.env._(
                "give the value, or “Numerator” and “Denominator” of which it follows; not"
                " both."
            )
            self._add(index, "value", message)
            return
        problem = self.env["hr.performance.reading"]._number_problem(
            *(
                numbers.get(name)
                for name in ("value", "weight", "numerator", "denominator")
            )
        )
        if problem:
            self._add(index, *problem)
        if has_rate:
            numbers.pop("weight", None)  # it is the denominator
        vals.update(numbers)

    def _check_doubles(self, rows_vals):
        """A row sent twice would count once or twice, depending on how it is sent."""
        first = {}
        for index, vals in enumerate(rows_vals):
            other = first.setdefault(_key(vals), index)
            if other != index:
                message = self.env._(
                    "line %(other)s is for the same indicator, holder and day. Add the two"
                    " up, or leave one out.",
                    other=other + 1,
                )
                self._add(index, "date", message)


def _is_given(value):
    """Whether a field of a row says anything. 0 does."""
    return value is not None and value is not False and value != ""


def _quoted(value):
    """What was sent, as far as somebody needs it to find it again."""
    said = str(value)
    return said if len(said) <= MAX_QUOTED else f"{said[:MAX_QUOTED]}…"


def _text(value):
    """``value`` as the database takes it."""
    return str(value).replace("\0", "").strip()


def _reference(value):
    """The id or the words by which a row names a record; None: neither."""
    if isinstance(value, str):
        return _text(value) or None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _by_reference(records, name, company_ids):
    """``{(company id, value of the field): [ids]}``; shared records are in all of them."""
    found = defaultdict(list)
    for record in records:
        own = record.company_id.id
        for company_id in [own] if own else company_ids:
            if record[name]:  # 0 would find what has no code
                found[company_id, record[name]].append(record.id)
    return found
