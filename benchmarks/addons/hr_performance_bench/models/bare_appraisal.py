from odoo import models

#: the bare models and those whose columns they have
BARE = {
    "hr.performance.bench.appraisal": "hr.performance.appraisal",
    "hr.performance.bench.item": "hr.performance.appraisal.item",
    "hr.performance.bench.request": "hr.performance.request",
}


class BareAppraisal(models.Model):
    """The columns of an appraisal and nothing else; see ``hooks.py``.

    No computed field, no constraint, no index, no method of its own.
    """

    _name = "hr.performance.bench.appraisal"
    _description = "Bare Appraisal"


class BareItem(models.Model):
    """The columns of a line of an appraisal and nothing else."""

    _name = "hr.performance.bench.item"
    _description = "Bare Appraisal Item"


class BareRequest(models.Model):
    """The columns of a review request and nothing else."""

    _name = "hr.performance.bench.request"
    _description = "Bare Review Request"
