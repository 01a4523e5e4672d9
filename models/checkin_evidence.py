from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command


class HrPerformanceCheckin(models.Model):
    """What shows that it is so: files, records, pages. It stays with what was said."""

    _inherit = "hr.performance.checkin"

    attachment_ids = fields.Many2many(
        "ir.attachment",
        "hr_performance_checkin_attachment_rel",
        "checkin_id",
        "attachment_id",
        "Files",
        copy=False,
    )
    evidence_ids = fields.One2many(
        "hr.performance.evidence", "checkin_id", "Evidence", copy=False
    )
    evidence_count = fields.Integer(compute="_compute_evidence_count")

    @api.depends("attachment_ids", "evidence_ids")
    def _compute_evidence_count(self):
        for checkin in self:
            checkin.evidence_count = len(checkin.attachment_ids) + len(
                checkin.evidence_ids
            )

    @api.model_create_multi
    def create(self, vals_list):
        checkins = super().create(vals_list)
        checkins._take_over_files()
        return checkins

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._take_over_files()
        return result

    def _take_over_files(self):
        """Let files be part of the check-in: read by who reads it, and by nobody else."""
        for checkin in self:
            # sudo: whose a file is, is told by what only its author may read
            for file in checkin.sudo().attachment_ids:
                if (file.res_model, file.res_id) == (self._name, checkin.id):
                    continue
                if file.res_id or file.res_field or file.create_uid != self.env.user:
                    raise UserError(
                        self.env._(
                            "%(checkin)s: a file that belongs to another record cannot be"
                            " taken away from it. Link the record as evidence, or upload"
                            " the file here.",
                            checkin=checkin.display_name,
                        )
                    )
                file.write(
                    {"res_model": self._name, "res_id": checkin.id, "public": False}
                )

    def _copy_evidence(self, draft):
        """Let a correction begin with the same evidence."""
        # sudo: the author has linked it, and it stays so when they have moved on
        checkin, draft = self.sudo(), draft.sudo()
        for file in checkin.attachment_ids:
            copy = file.copy({"name": file.name, "res_id": draft.id})
            draft.attachment_ids = [Command.link(copy.id)]
        draft.evidence_ids = [
            Command.create(
                {
                    name: evidence[name]
                    for name in ("res_model", "res_id", "url", "note")
                }
            )
            for evidence in checkin.evidence_ids
        ]


class HrPerformanceEvidence(models.Model):
    """One piece of evidence: a record of any app, or a page on the web, with a note.

    Whoever reads the check-in learns that there is something; the name of a record is shown
    to those alone who may read the record.
    """

    _name = "hr.performance.evidence"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Evidence of a Check-in"
    _order = "checkin_id, id"

    checkin_id = fields.Many2one(
        "hr.performance.checkin", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="checkin_id.company_id", store=True)
    res_model = fields.Char("Model", help="Technical name, for example project.task.")
    res_id = fields.Many2oneReference("Record Number", model_field="res_model")
    record = fields.Reference(
        selection="_selection_record",
        compute="_compute_record",
        readonly=False,
        help="Any record that you may open yourself.",
    )
    url = fields.Char("Web Address")
    note = fields.Char("What It Shows")
    name = fields.Char(compute="_compute_record")

    @api.model
    def _selection_record(self):
        """The models whose records may be linked: what people work on, and discuss."""
        names = [
            name
            for name, model in self.env.items()
            if self._is_linkable(model) and model.has_access("read")
        ]
        # sudo: what kinds of records there are is no secret, their names are for all
        models = (
            self.env["ir.model"]
            .sudo()
            .search_fetch([("model", "in", names)], ["model", "name"])
        )
        return sorted(
            ((model.model, model.name) for model in models),
            key=lambda option: option[1],
        )

    @api.model
    def _is_linkable(self, model):
        return (
            "message_ids" in model._fields
            and not model._abstract
            and not model._transient
            and (
                not model._name.startswith("hr.performance.")
                or model._name == "hr.performance.goal"
            )
        )

    @api.depends("res_model", "res_id", "url")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_record(self):
        names = {}
        for model_name, lines in (
            self.filtered("res_model").grouped("res_model").items()
        ):
            model = self.env.get(model_name)
            if model is None or not self._is_linkable(model):
                continue
            names |= self._readable_names(model.browse(set(lines.mapped("res_id"))))
        for evidence in self:
            reference = evidence.res_model, evidence.res_id
            evidence.record = (
                "{},{}".format(*reference) if names.get(reference) else False
            )
            if evidence.res_model:
                evidence.name = names.get(reference) or self.env._(
                    "A record that you cannot open"
                )
            else:
                evidence.name = evidence.url

    @api.model
    def _readable_names(self, records):
        """``{(model, id): name}`` of those of ``records`` that the user may read.

        Links and the search for names show names in superuser mode; not so here.
        """
        try:
            readable = records.sudo(False).exists()._filtered_access("read")
            return {
                (record._name, record.id): record.display_name for record in readable
            }
        except AccessError:
            # a name made of what the user may not read
            return {}

    @api.depends("name", "note")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_display_name(self):
        for evidence in self:
            evidence.display_name = evidence.name or evidence.note or ""

    # ---------------------------------------------------------------- changes

    @api.constrains("checkin_id", "res_model", "res_id", "url")
    def _check_something(self):
        for evidence in self:
            if not (evidence.res_model and evidence.res_id) and not evidence.url:
                raise ValidationError(
                    self.env._(
                        "Evidence of “%(checkin)s”: choose a record, or enter a web"
                        " address.",
                        checkin=evidence.checkin_id.display_name,
                    )
                )
            if evidence.url and not _is_web_address(evidence.url):
                raise ValidationError(
                    self.env._(
                        "Evidence of “%(checkin)s”: “%(address)s” is no web address. Begin"
                        " it with https://.",
                        checkin=evidence.checkin_id.display_name,
                        address=evidence.url,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        evidence = super().create([self._with_reference(vals) for vals in vals_list])
        evidence._check_changed()
        return evidence

    def write(self, vals):
        if not self.env.su:
            self.checkin_id._check_is_draft()
        result = super().write(self._with_reference(vals))
        self._check_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if not self.env.su:
            self.checkin_id._check_is_draft()

    @api.model
    def _with_reference(self, vals):
        """``vals`` with the record chosen in a form as its model and number."""
        if "record" not in vals:
            return vals
        vals = dict(vals)
        model, _comma, record_id = (vals.pop("record") or "").partition(",")
        return vals | {
            "res_model": model or False,
            "res_id": int(record_id) if record_id.isdecimal() else False,
        }

    def _check_changed(self):
        """Only in a draft, and only what the user may read; asked as the user."""
        if self.env.su:
            return
        self.checkin_id._check_is_draft()
        for evidence in self.filtered("res_model"):
            model = self.env.get(evidence.res_model)
            if model is None or not self._is_linkable(model):
                raise UserError(
                    self.env._(
                        "Evidence of “%(checkin)s”: records of “%(model)s” cannot be"
                        " linked. Link what people work on in an app, such as a task or"
                        " an order.",
                        checkin=evidence.checkin_id.display_name,
                        model=evidence.res_model,
                    )
                )
            record = model.browse(evidence.res_id).exists()
            # whether a hidden one exists is not told
            if not record._filtered_access("read"):
                raise AccessError(
                    self.env._(
                        "Evidence of “%(checkin)s”: you cannot open this record yourself."
                        " Link one that you can read.",
                        checkin=evidence.checkin_id.display_name,
                    )
                )

    def action_open(self):
        """Open the record or the page."""
        self.ensure_one()
        if not self.res_model:
            return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        return record.get_formview_action()


def _is_web_address(text):
    """Whether ``text`` leads to a page, and runs nothing."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
