from odoo.tools import SQL

#: what refuses to let go of the rest; everything else goes with these or without help
TABLES = (
    "hr_performance_reading",
    "hr_performance_appraisal",
    "hr_performance_launch",
    "hr_performance_cycle_phase",
    "hr_performance_goal",
)


def uninstall_hook(env):
    """Untie what the database would refuse to remove, so that no trace is left."""
    for table in TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all()
    # what our models inherit is registered under the modules it comes from; Odoo removes the
    # records with our models, but forgets these names of them
    for kind in ("selection", "model_inherit"):
        env["ir.model.data"].search(
            [
                ("module", "!=", "hr_performance"),
                ("name", "=like", f"{kind}__hr_performance_%"),
            ]
        ).unlink()
    # activities, the done ones too, keep their types
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "in", _ours(env, "mail.activity.type").ids)]
    ).unlink()
    # employees keep the users that came with the demo data; core lets go of one at a time
    for employee in (
        env["hr.employee"]
        .with_context(active_test=False)
        .search([("user_id", "in", _ours(env, "res.users").ids)])
    ):
        employee.user_id = False


def _ours(env, model):
    """The records of ``model`` that this addon has brought along."""
    names = env["ir.model.data"].search(
        [("module", "=", "hr_performance"), ("model", "=", model)]
    )
    return env[model].browse(names.mapped("res_id"))
