import ast
from math import isfinite

from psycopg2 import Error as DatabaseError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.orm.utils import READ_GROUP_NUMBER_GRANULARITY

#: the holder a record leads to, and the models that a path to one may end in
HOLDERS = {
    "user": ("res.users",),
    "employee": ("hr.employee", "hr.employee.public"),
    "department": ("hr.department",),
    "company": ("res.company",),
}
#: operations that measure a field; the others count records
FIELD_OPERATIONS = frozenset({"sum", "average", "min", "max"})
#: what of this addon may be counted. All else is private until its time, or a result that
#: readings flow into and must not flow back from
COUNTABLE = frozenset({"hr.performance.goal", "hr.performance.checkin"})
#: and by which of its fields: whose, when and how far. What people say while they plan and
#: work, and what it came to, never enters a figure about them
COUNTABLE_FIELDS = frozenset(
    {
        "state",
        "date",
        "create_date",
        "cycle_id",
        "scope",
        "employee_id",
        "department_id",
        "job_id",
        "company_id",
    }
)
#: characters; what is longer was not written by anybody who will answer for it
MAX_DOMAIN = 4000
#: changing one of these, which say what of whom is told, makes the user the author
QUERY_FIELDS = frozenset(
    {
        "source",
        "company_id",
        "rate_factor",
        "frequency",
        "query_model",
        "query_domain",
        "query_operation",
        "query_field",
        "query_share_domain",
        "query_date_field",
        "query_holder",
        "query_holder_path",
    }
)
#: how a search that makes no sense to the ORM or the database ends
SEARCH_ERRORS = (
    ArithmeticError,
    AttributeError,
    DatabaseError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UserError,
    ValueError,
)


class HrPerformanceIndicator(models.Model):
    """Which of Odoo's records an indicator measures, and with whose eyes.

    A query is data, never code: a model, a literal domain, an operation and three fields.
    It has an *author*, whoever wrote it or put it into use last. It runs as that user and
    never in superuser mode: what its author may not read, it does not measure, and when
    the author's rights go, the query stops. How it runs: ``indicator_refresh.py``.
    """

    _inherit = "hr.performance.indicator"

    query_model = fields.Char(
        "Records",
        tracking=True,
        help="The model whose records are measured. It may belong to an app that is not"
        " installed yet.",
    )
    query_domain = fields.Char("Which of Them", default="[]", tracking=True)
    query_operation = fields.Selection(
        [
            ("count", "Number of records"),
            ("sum", "Sum of a field"),
            ("average", "Average of a field"),
            ("min", "Lowest value of a field"),
            ("max", "Highest value of a field"),
            ("share", "Share of the records that…"),
        ],
        "Figure",
        default="count",
    )
    query_field = fields.Char("Measured Field")
    query_share_domain = fields.Char(
        "Those That Count",
        help="The value is their share of all records, times “Rate Per”.",
    )
    query_date_field = fields.Char(
        "Dated By", help="The date or time that says which period a record belongs to."
    )
    query_holder = fields.Selection(
        [
            ("user", "A user, who is an employee"),
            ("employee", "An employee"),
            ("department", "A department"),
            ("company", "The company"),
        ],
        "Belongs To",
        default="user",
    )
    query_holder_path = fields.Char(
        "Found In",
        help="The way from the record to whom it belongs, for example Salesperson. Empty"
        " for the company: the record's company, if it has one.",
    )
    query_author_id = fields.Many2one(
        "res.users",
        "Measured With the Rights Of",
        readonly=True,
        copy=False,
        tracking=True,
        help="Who wrote the query or put it into use last. It measures what this user may"
        " read.",
    )
    query_last_run = fields.Datetime("Last Refreshed", readonly=True, copy=False)
    query_problem = fields.Text("Why It Did Not Work", readonly=True, copy=False)
    query_state = fields.Selection(
        [
            ("missing", "App not installed"),
            ("problem", "Does not work"),
            ("ready", "Ready"),
        ],
        compute="_compute_query_state",
    )
    query_missing = fields.Char(compute="_compute_query_state")

    @api.depends("source", "query_model", "query_problem")
    def _compute_query_state(self):
        for indicator in self:
            indicator.query_missing = False
            if indicator.source != "odoo" or not indicator.query_model:
                indicator.query_state = False
            elif indicator.query_model not in self.env:
                indicator.query_state = "missing"
                indicator.query_missing = self.env._(
                    "There are no records “%(model)s” here. Install the app that brings"
                    " them, then put the indicator into use.",
                    model=indicator.query_model,
                )
            else:
                indicator.query_state = (
                    "problem" if indicator.query_problem else "ready"
                )

    def _counts_by(self):
        """Another query is another version, also of the formulas over it."""
        queries = self.leaf_ids.filtered(lambda indicator: indicator.source == "odoo")
        return super()._counts_by(), queries.read(sorted(QUERY_FIELDS), load=None)

    @api.model
    def get_measurable_models(self):
        """The names of the models that the user may measure, for the form."""
        return [
            name
            for name, model in self.env.items()
            if not model._abstract
            and not model._transient
            and self._is_measurable(name)
            and model.has_access("read")
        ]

    @api.model
    def _is_measurable(self, name):
        """Whether records of that model are no private matter of this addon."""
        return name in COUNTABLE or not name.startswith("hr.performance.")

    @api.onchange("query_model")
    def _onchange_query_model(self):
        """What was chosen of other records means nothing for these."""
        self.query_domain = "[]"
        for name in (
            "query_field",
            "query_share_domain",
            "query_date_field",
            "query_holder_path",
        ):
            self[name] = False

    # ---------------------------------------------------------------- author

    @api.model_create_multi
    def create(self, vals_list):
        indicators = super().create(vals_list)
        for indicator, vals in zip(indicators, vals_list, strict=True):
            indicator._sign_query(vals)
        return indicators

    def write(self, vals):
        result = super().write(vals)
        if QUERY_FIELDS & vals.keys():
            self._sign_query(vals)
        return result

    def action_activate(self):
        """Put the definition into use; with a query, under the user's own rights."""
        result = super().action_activate()
        self._sign_query({})
        return result

    def _sign_query(self, vals):
        """Make the user the author of these queries, and check them with their rights.

        The superuser has no rights of its own to measure with: what data files bring has
        no author until somebody puts it into use. ``vals`` may name one there.
        """
        for indicator in self:
            if indicator.source != "odoo":
                continue
            if self.env.uid != SUPERUSER_ID:
                # sudo: the field is set by nothing but this
                indicator.sudo().query_author_id = self.env.user
            elif QUERY_FIELDS & vals.keys() and "query_author_id" not in vals:
                indicator.query_author_id = False
            indicator._check_query_written()
            if indicator.state == "draft" and indicator.query_model not in self.env:
                continue
            if indicator.query_author_id:
                indicator._check_query()

    def _query_companies(self):
        """The companies whose records are measured: the indicator's, else the author's.

        Records that lead to no company at all are measured for one company only.
        """
        if self.company_id or not self.query_author_id:
            return self.company_id
        author = self.query_author_id.sudo()
        if self.query_holder == "company" and not self._query_path():
            return author.company_id
        return author.company_ids

    def _query_env(self, company):
        """An environment of the author in ``company``, with nothing of the caller's."""
        return self.env(
            user=self.query_author_id.id,
            su=False,
            context={
                "allowed_company_ids": company.ids,
                "lang": self.env.lang,
                "tz": self._query_tz(company),
            },
        )

    @api.model
    def _query_tz(self, company):
        """Where days begin and end: in the zone of the company's address or work hours."""
        company = company.sudo()
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def _query_path(self):
        """The path from a record to its holder; False: the company at hand."""
        if self.query_holder_path or self.query_holder != "company":
            return self.query_holder_path
        return self._company_field(self.env[self.query_model]) and "company_id"

    @api.model
    def _company_field(self, model):
        """The field that says which company a record of ``model`` belongs to, if any."""
        field = model._fields.get("company_id")
        if field and field.store and field.comodel_name == "res.company":
            return field
        return None

    # ---------------------------------------------------------------- checks

    def _refuse_query(self, name, reason):
        raise ValidationError(
            self.env._(
                "Indicator “%(indicator)s”, “%(field)s”: %(reason)s",
                indicator=self.name,
                field=self._fields[name]._description_string(self.env),
                reason=reason,
            )
        )

    def _check_query_written(self):
        """Refuse what is wrong with the query as such, whoever runs it."""
        needed = ["query_model", "query_operation", "query_date_field", "query_holder"]
        if self.query_holder != "company":
            needed.append("query_holder_path")
        if self.query_operation in FIELD_OPERATIONS:
            needed.append("query_field")
        for name in (*needed, "frequency"):
            if not self[name]:
                self._refuse_query(
                    name,
                    self.env._(
                        "fill it in: values from Odoo's records cannot do without it."
                    ),
                )
        self._query_domain_of("query_domain")
        if (
            self.query_operation == "share"
            and self._query_domain_of("query_share_domain").is_true()
        ):
            self._refuse_query(
                "query_share_domain",
                self.env._(
                    "say which of the records count. As it is, the share is always whole."
                ),
            )

    def _query_domain_of(self, name):
        """The domain written in the field ``name``: literals and nothing else."""
        text = (self[name] or "").strip() or "[]"
        if len(text) > MAX_DOMAIN:
            self._refuse_query(
                name,
                self.env._(
                    "a condition may have %(most)s characters, this one has %(length)s."
                    " Make it simpler, or save what it asks for in a field of the records.",
                    most=MAX_DOMAIN,
                    length=len(text),
                ),
            )
        try:
            literal = ast.literal_eval(text)
            if not isinstance(literal, list) or not _is_plain(literal):
                raise ValueError(text)
            return Domain(literal)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            self._refuse_query(
                name,
                self.env._(
                    "this is not a list of plain conditions. Names and functions such as"
                    " uid or context_today() mean nothing here; for dates write for"
                    " example 'today -30d'. Use the editor of conditions."
                ),
            )

    def _check_query(self):
        """Refuse a query that its author may not run, or that cannot run at all."""
        self.ensure_one()
        self._check_query_written()
        self._check_author()
        if self.query_model not in self.env:
            self._refuse_query("query_model", self.query_missing)
        model = self._query_env(self._query_companies()[:1])[self.query_model]
        if model._abstract or model._transient:
            self._refuse_query(
                "query_model",
                self.env._(
                    "“%(model)s” keeps no records. Choose another model.",
                    model=self.env["ir.model"]._get(model._name).name,
                ),
            )
        self._check_readable("query_model", model)
        self._check_date_field(model)
        self._check_measured_field(model)
        self._check_path(model)
        for name in ("query_domain", "query_share_domain"):
            self._check_conditions(name, model, self._query_domain_of(name))
        self._check_it_runs(model)

    def _check_author(self):
        """The author still works here, still defines indicators, and is of the company."""
        author = self.query_author_id
        if not author:
            problem = self.env._(
                "nobody has put the query into use yet, so there are no rights to run it"
                " with. Retire the indicator and put it into use."
            )
        elif not author.sudo().active or author.id == SUPERUSER_ID:
            problem = self.env._(
                "%(author)s does not work here any more, so the query has no rights to run"
                " with. Retire the indicator and put it into use yourself.",
                author=author.sudo().name,
            )
        elif self.company_id - author.sudo().company_ids or not self.with_user(
            author
        ).sudo(False).with_context(
            allowed_company_ids=self._query_companies().ids
        ).has_access("write"):
            problem = self.env._(
                "%(author)s may not define indicators of this company any more. Retire the"
                " indicator and put it into use yourself.",
                author=author.sudo().name,
            )
        else:
            return
        self._refuse_query("query_author_id", problem)

    def _check_readable(self, name, model):
        """Refuse ``model`` when it is private or hidden from its user, the author."""
        label = self.env["ir.model"]._get(model._name).name
        if not self._is_measurable(model._name):
            self._refuse_query(
                name,
                self.env._(
                    "“%(model)s” of Performance itself is not measured: it is private, or a"
                    " result of the readings. Choose other records.",
                    model=label,
                ),
            )
        if not model.has_access("read"):
            self._refuse_query(
                name,
                self.env._(
                    "%(author)s may not read “%(model)s”, so the query does not measure it."
                    " Let somebody who may write the query.",
                    author=model.env.user.name,
                    model=label,
                ),
            )

    def _walk(self, name, model, path, *, many2one=False):
        """The field at the end of ``path``, every step of it checked for the author.

        :param many2one: go through stored many2one fields only, so that records can be
            grouped by the end
        """
        steps = path.split(".")
        for position, step in enumerate(steps, 1):
            rest = steps[position:]
            field = model._fields.get(step)
            label = self.env["ir.model"]._get(model._name).name
            if field is None:
                self._refuse_query(
                    name,
                    self.env._(
                        "“%(model)s” has no field “%(step)s”. Choose one of its fields.",
                        model=label,
                        step=step,
                    ),
                )
            if not model._has_field_access(field, "read"):
                self._refuse_query(
                    name,
                    self.env._(
                        "%(author)s may not read the field “%(step)s” of “%(model)s”, so"
                        " the query does not measure it. Let somebody who may write it.",
                        author=model.env.user.name,
                        step=step,
                        model=label,
                    ),
                )
            if model._name in COUNTABLE and step not in COUNTABLE_FIELDS:
                self._refuse_query(
                    name,
                    self.env._(
                        "“%(step)s” of “%(model)s” is a plan, talk between people or a"
                        " result, and never rates anybody. Use %(fields)s.",
                        step=step,
                        model=label,
                        fields=", ".join(
                            sorted(COUNTABLE_FIELDS & model._fields.keys())
                        ),
                    ),
                )
            if not rest:
                return field
            if field.type in ("date", "datetime") and not many2one:
                part = ".".join(rest)  # such as create_date.month_number
                if part in READ_GROUP_NUMBER_GRANULARITY:
                    return field
            if not field.relational or (
                many2one and not (field.type == "many2one" and field.store)
            ):
                self._refuse_query(
                    name,
                    self.env._(
                        "“%(path)s” leads nowhere: “%(step)s” of “%(model)s” is not a stored"
                        " link to one other record. Choose another way.",
                        path=path,
                        step=step,
                        model=label,
                    )
                    if many2one
                    else self.env._(
                        "“%(path)s” leads nowhere: “%(step)s” of “%(model)s” is not a link"
                        " to other records. Choose another field.",
                        path=path,
                        step=step,
                        model=label,
                    ),
                )
            model = self._comodel(model, field)
            self._check_readable(name, model)
        return None

    @api.model
    def _comodel(self, model, field):
        """Where ``field`` leads; for employees what their reader may see of them."""
        comodel = model.env[field.comodel_name]
        if comodel._name == "hr.employee" and not comodel.has_access("read"):
            return model.env["hr.employee.public"]
        return comodel

    def _check_own_field(self, name, model, types):
        """Refuse the field named in ``name`` unless it is a stored one of ``types``."""
        if "." in self[name]:
            self._refuse_query(
                name,
                self.env._(
                    "choose a field of the records themselves, without a way to it."
                ),
            )
        field = self._walk(name, model, self[name])
        if field.type not in types or not field.store:
            self._refuse_query(
                name,
                self.env._(
                    "“%(field)s” of “%(model)s” is not a stored field of type %(types)s."
                    " Choose one that is.",
                    field=self[name],
                    model=self.env["ir.model"]._get(model._name).name,
                    types=", ".join(types),
                ),
            )

    def _check_date_field(self, model):
        self._check_own_field("query_date_field", model, ("date", "datetime"))

    def _check_measured_field(self, model):
        if self.query_operation not in FIELD_OPERATIONS:
            return
        if model._name in COUNTABLE:
            self._refuse_query(
                "query_operation",
                self.env._(
                    "goals and check-ins are counted, but their results and judgements are"
                    " not measured again. Choose the number or a share of them."
                ),
            )
        self._check_own_field("query_field", model, ("integer", "float", "monetary"))

    def _check_path(self, model):
        path = self._query_path()
        if not path:
            return
        field = self._walk("query_holder_path", model, path, many2one=True)
        holders = HOLDERS[self.query_holder]
        if not (field.store and field.comodel_name in holders):
            self._refuse_query(
                "query_holder_path",
                self.env._(
                    "“%(path)s” does not lead to “%(holder)s” by a stored field. Choose"
                    " another way, or change “Belongs To”.",
                    path=path,
                    holder=self.env["ir.model"]._get(holders[0]).name,
                ),
            )

    def _check_conditions(self, name, model, domain):
        for condition in domain.iter_conditions():
            field = self._walk(name, model, condition.field_expr)
            if condition.operator in ("any", "not any") and field.relational:
                comodel = self._comodel(model, field)
                self._check_readable(name, comodel)
                try:
                    inner = Domain(condition.value)
                except (ValueError, TypeError):
                    continue  # the trial run says so
                self._check_conditions(name, comodel, inner)

    def _check_it_runs(self, model):
        """Refuse what the ORM or the database cannot make sense of, by trying it."""
        nothing = Domain("id", "in", [0])
        for name in ("query_domain", "query_share_domain"):
            try:
                with self.env.cr.savepoint():
                    self._query_groups(model, self._query_domain_of(name) & nothing)
            except SEARCH_ERRORS as error:
                self._refuse_query(
                    name,
                    self.env._(
                        "Odoo cannot search and group “%(model)s” like that: %(error)s."
                        " Correct the conditions or the fields.",
                        model=self.env["ir.model"]._get(model._name).name,
                        error=str(error).strip().split("\n", maxsplit=1)[0].rstrip("."),
                    ),
                )


def _is_plain(value):
    """Whether a literal is made of what a domain is made of, and of finite numbers."""
    if isinstance(value, list | tuple):
        return all(_is_plain(item) for item in value)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or isinstance(value, bool | int | str)
