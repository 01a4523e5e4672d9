from collections import defaultdict
from math import isclose

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .reading_rows import RowReader

#: columns that say by their own words whom or what they mean, and which those are
REFERENCES = {
    "employee_id": "employee",
    "responsible_id": "employee",
    "measure_ids/indicator_id": "indicator",
    "action_ids/responsible_id": "employee",
}


class HrPerformanceGoal(models.Model):
    """Goals from a spreadsheet and back: by codes, whole, and only what was edited.

    A row whose code is known is that goal. People are named by work email or name,
    indicators by code or name, the goal above by its code, in whatever order the rows come.
    """

    _inherit = "hr.performance.goal"

    @api.model
    def load(self, fields, data):
        """Import a file: all of its rows at once, or none."""
        # a goal above may stand in any row, so that the file is not read in parts
        self = self.with_context(_import_limit=None)
        fields, data = list(fields), [list(row) for row in data]
        starts = _record_rows(self._fields, fields, data)
        above = self._take_column(fields, data, "parent_id")
        problems = self._name_by_ids(fields, data)
        if not {"id", ".id"} & set(fields) and "code" in fields:
            self._find_by_code(fields, data)
        if problems:
            return {"ids": False, "messages": problems, "nextrow": 0}
        savepoint = self.env.cr.savepoint()
        result = super().load(fields, data)
        if above and result["ids"]:
            result["messages"] += self._hang(
                {
                    goal_id: (row, above[row])
                    for goal_id, row in zip(result["ids"], starts, strict=True)
                }
            )
            if any(message["type"] == "error" for message in result["messages"]):
                savepoint.rollback()
                result["ids"] = False
        savepoint.close(rollback=False)
        return result

    @api.model
    def _take_column(self, fields, data, name):
        """Take the column ``name`` out of the file; return its cells."""
        if name not in fields:
            return []
        index = fields.index(name)
        fields.pop(index)
        return [row.pop(index) for row in data]

    @api.model
    def _name_by_ids(self, fields, data):
        """Replace the words of :data:`REFERENCES` by ids; return what nobody is called."""
        messages = []
        for index, field in enumerate(fields):
            if field not in REFERENCES:
                continue
            kind = REFERENCES[field]
            reader = RowReader(self.env, [{kind: row[index]} for row in data])
            for row, found in zip(data, reader.look_up(kind), strict=True):
                row[index] = str(found or "")
            fields[index] = f"{field}/.id"
            messages += [
                self._row_message(problem.row, field, problem.message)
                for problem in reader.problems
            ]
        return messages

    @api.model
    def _row_message(self, row, field, message):
        """An error as the import dialog shows it, with row and field."""
        name = field.split("/")[0]
        label = self._fields[name]._description_string(self.env)
        return {
            "type": "error",
            "message": self.env._(
                "“%(field)s”: %(message)s", field=label, message=message
            ),
            "rows": {"from": row, "to": row},
            "record": row,
            "field": name,
        }

    @api.model
    def _find_by_code(self, fields, data):
        """Add a column with the ids of the goals whose codes the rows give."""
        index = fields.index("code")
        goals = self.search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("code", "in", [row[index] for row in data if row[index]]),
            ],
            ["code"],
        )
        ids = {goal.code: str(goal.id) for goal in goals}
        fields.append(".id")
        for row in data:
            row.append(ids.get(row[index], ""))

    @api.model
    def _hang(self, above):
        """Hang goals below those whose codes are given, which may be new as well.

        :param above: ``{goal id: (row, code of the goal above)}``
        :return: messages of what cannot be
        """
        goals = self.browse(above)
        codes = {code for _row, code in above.values() if code}
        found = defaultdict(list)
        for goal in self.search(
            ["|", ("code", "in", list(codes)), ("name", "in", list(codes))]
        ):
            for word in {goal.code, goal.name} & codes:
                found[goal.company_id, word].append(goal)
        messages = []
        below = defaultdict(self.browse)
        for goal in goals:
            row, code = above[goal.id]
            parents = found[goal.company_id, code] if code else [self.browse()]
            named = [one for one in parents if one.code == code] or parents
            if len(named) == 1:
                if goal.parent_id != named[0]:
                    below[named[0]] += goal
                continue
            messages.append(
                self._row_message(
                    row,
                    "parent_id",
                    self.env._(
                        "no goal of the company has the code “%(code)s”. Give the code of"
                        " a goal that is there, or in this file.",
                        code=code,
                    )
                    if not named
                    else self.env._(
                        "%(count)s goals are called “%(name)s”. Give the code instead.",
                        count=len(named),
                        name=code,
                    ),
                )
            )
        for parent, children in below.items():
            try:
                children.parent_id = parent
            except UserError as error:
                row = above[children[0].id][0]
                messages.append(self._row_message(row, "parent_id", str(error)))
        return messages

    def _load_records_write(self, values):
        """Write what the row changes, and nothing where the sheet says what is so."""
        values.pop("id", None)
        if "measure_ids" in values:
            values["measure_ids"] = self._match_measures(values["measure_ids"])
        changes = _changes(self, values)
        return super()._load_records_write(changes) if changes else None

    def _match_measures(self, commands):
        """Lines without an id that name an indicator of the goal are about that measure."""
        by_indicator = self.measure_ids.grouped("indicator_id")
        matched = []
        for code, line_id, vals in commands:
            known = (
                by_indicator.get(
                    self.measure_ids.indicator_id.browse(vals.get("indicator_id"))
                )
                if code == Command.CREATE
                else None
            )
            matched.append(
                Command.update(known.id, vals)
                if known and len(known) == 1
                else (code, line_id, vals)
            )
        return matched

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for goals"),
                "template": "/hr_performance/static/import/goals.xlsx",
            }
        ]


def _record_rows(model_fields, fields, data):
    """The numbers of the rows that begin a record, as the ORM counts them."""
    is_line = [
        (field := model_fields.get(name.split("/")[0])) and field.type == "one2many"
        for name in fields
    ]
    return [
        number
        for number, row in enumerate(data)
        if not number
        or any(cell for cell, line in zip(row, is_line, strict=True) if not line)
        or not any(row)
    ]


def _changes(record, values):
    """Those of the ``values`` to write that differ from what ``record`` holds."""
    changes = {}
    for name, value in values.items():
        field = record._fields[name]
        if field.type == "one2many":
            if lines := [*_changed_lines(record[name], value)]:
                changes[name] = lines
            continue
        now = field.convert_to_write(record[name], record)
        if not _is_same(now, value):
            changes[name] = value
    return changes


def _changed_lines(lines, commands):
    """Those of the ``commands`` that change something in ``lines``."""
    for code, line_id, vals in commands:
        if code == Command.LINK and line_id in lines.ids:
            continue
        if code != Command.UPDATE:
            yield code, line_id, vals
        elif changes := _changes(lines.browse(line_id), vals):
            yield Command.update(line_id, changes)


def _is_same(now, value):
    if isinstance(now, float) and isinstance(value, int | float):
        # a spreadsheet keeps fifteen digits
        return isclose(now, value, rel_tol=1e-12)
    if not now and not value:
        return now == value or not (isinstance(now, float) or isinstance(value, float))
    return now == value or str(now) == str(value)
