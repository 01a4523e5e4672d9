from odoo.tools import SQL


def flush_sql(env, *fields_by_model):
    """An empty clause that has these fields written before the query runs.

    :param fields_by_model: ``(model name, "field field …")``, a model more than once too
    """
    return SQL(
        "",
        to_flush=[
            env[model]._fields[name]
            for model, names in fields_by_model
            for name in names.split()
        ],
    )
