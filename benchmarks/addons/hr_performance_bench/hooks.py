from odoo.fields import Command

from .models.bare_appraisal import BARE


def post_init_hook(env):
    """Give the bare models the columns that the real ones have today.

    By hand they would lag behind: appraisals still grow.
    """
    for bare, real in BARE.items():
        env["ir.model.fields"].create(
            [
                column(env, bare, field)
                for name, field in env[real]._fields.items()
                if field.store and field.column_type and name not in env[bare]._fields
            ]
        )


def column(env, model, field):
    values = {
        "model_id": env["ir.model"]._get_id(model),
        "name": f"x_{field.name}",
        "field_description": field.name,
        "ttype": field.type,
    }
    if field.type == "many2one":
        values |= {"relation": field.comodel_name, "on_delete": "restrict"}
    if field.type == "selection":
        values["selection_ids"] = [
            Command.create({"value": value, "name": label})
            for value, label in field._description_selection(env)
        ]
    return values
