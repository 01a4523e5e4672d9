from odoo import api, fields, models
from odoo.tools import SQL

#: counts the codes that are given by themselves
SEQUENCE = "hr_performance_goal_code_seq"


class HrPerformanceGoal(models.Model):
    """A short name for each goal, by which spreadsheets say which one they mean."""

    _inherit = "hr.performance.goal"
    _rec_names_search = ["name", "code"]

    code = fields.Char(
        copy=False,
        help="Names the goal in spreadsheets. Given by itself, unless you type one.",
    )

    _code_unique = models.UniqueIndex(
        "(company_id, code)",
        "Another goal of the company has this “Code”. Choose another one.",
    )

    def _init_column(self, column_name):
        """Goals that were made before there were codes get theirs."""
        if column_name != "code":
            return super()._init_column(column_name)
        self._create_sequence()
        return self.env.cr.execute(
            SQL(
                "UPDATE hr_performance_goal SET code = %s WHERE code IS NULL",
                SQL("'G' || lpad(nextval(%s)::text, 5, '0')", SEQUENCE),
            )
        )

    def init(self):
        self._create_sequence()

    def _create_sequence(self):
        self.env.cr.execute(
            SQL(
                "CREATE SEQUENCE IF NOT EXISTS %s OWNED BY hr_performance_goal.code",
                SQL.identifier(SEQUENCE),
            )
        )

    @api.model
    def _new_codes(self, count):
        """``count`` codes that no goal has: G00001, G00002 …"""
        codes = []
        while len(codes) < count:
            new = [
                f"G{number:05}"
                for (number,) in self.env.execute_query(
                    SQL(
                        "SELECT nextval(%s) FROM generate_series(1, %s)",
                        SEQUENCE,
                        count - len(codes),
                    )
                )
            ]
            # somebody may have typed one that the sequence comes to now
            typed = {
                code
                for (code,) in self.env.execute_query(
                    SQL(
                        "SELECT code FROM hr_performance_goal WHERE code = ANY(%s)%s",
                        new,
                        SQL("", to_flush=self._fields["code"]),
                    )
                )
            }
            codes += [code for code in new if code not in typed]
        return codes

    @api.model_create_multi
    def create(self, vals_list):
        new = iter(self._new_codes(sum(not vals.get("code") for vals in vals_list)))
        return super().create(
            [
                vals if vals.get("code") else vals | {"code": next(new)}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "code" in vals and not vals["code"]:
            # an empty cell says nothing; without a code no spreadsheet finds the goal
            vals = {name: value for name, value in vals.items() if name != "code"}
        return super().write(vals)
