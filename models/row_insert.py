"""Rows that are complete go past the ORM's ``create``, many in one statement.

``create`` checks each record once more, keeps it in the cache and computes what follows
from it. Readings that were checked by the row, and records that differ from others in a
few fields, are there already as they will be: they take a fraction of the time this way.
"""

from odoo.tools import SQL


def in_columns(model, vals_list):
    """``{column: [value as the database takes it, ...]}`` of new records of ``model``."""
    columns = {}
    for name in dict.fromkeys(name for vals in vals_list for name in vals):
        field = model._fields[name]
        if not (field.store and field.column_type):
            continue
        # the same few people, dates and indicators again and again
        known = {}
        columns[name] = values = []
        for vals in vals_list:
            value = vals.get(name)
            key = type(value), value
            if key not in known:
                known[key] = field.convert_to_column_insert(value, model, vals)
            values.append(known[key])
    return columns


def next_ids(model, count):
    """``count`` new ids for records of ``model``, in order."""
    return [
        row_id
        for (row_id,) in model.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"{model._table}_id_seq",
                count,
            )
        )
    ]


def insert(model, columns, like=None, ids=None):
    """Insert rows of ``model`` in superuser mode, without any check; return their ids.

    :param columns: ``{column: [value as the database takes it, ...]}``
    :param ids: the ids they get, of :func:`next_ids`
    :param like: for each row the id of the one that it takes all other columns from, and
        what is linked to it many to many. These are flushed
    """
    ids = ids or next_ids(model, len(next(iter(columns.values()))))
    own, same = {"id": _array("int4", ids)}, {}
    if not like:
        same |= dict.fromkeys(("create_uid", "write_uid"), SQL("%s", model.env.uid))
        now = SQL("%s::timestamp", model.env.cr.now())
        same |= dict.fromkeys(("create_date", "write_date"), now)
    for name, values in columns.items():
        sql_type = model._fields[name].column_type[1]
        if len(set(values)) == 1:
            # what is the same for all rows is sent once
            same[name] = SQL(f"%s::{sql_type}", values[0])
        else:
            own[name] = _array(sql_type, values)
    taken = {name: SQL.identifier("own", name) for name in own} | same
    example = SQL()
    if like:
        taken = _columns_like(model) | taken
        own["like_id"] = _array("int4", like)
        # few and found by their id, where joining alone would read the whole table
        example = SQL(
            "JOIN (SELECT * FROM %s WHERE id = ANY(%s)) AS example"
            " ON example.id = own.like_id",
            SQL.identifier(model._table),
            list(set(like)),
        )
    model.env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS own (%s) %s",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, taken)),
            SQL(", ").join(taken.values()),
            SQL(", ").join(own.values()),
            SQL(", ").join(map(SQL.identifier, own)),
            example,
        )
    )
    if like:
        _link_like(model, ids, like)
    _forget_inverses(model)
    return ids


def _columns_like(model):
    """``{column: SQL}`` of all that a row takes over from the ``example``."""
    columns = {
        name: SQL.identifier("example", name)
        for name, field in model._fields.items()
        if field.store and field.column_type and name != "id"
    }
    if model._parent_store:
        columns["parent_path"] = SQL(
            "left(example.parent_path, -length(example.id || '/')) || own.id || '/'"
        )
    return columns


def _link_like(model, ids, like):
    """Link new rows many to many to what those that they are like are linked to."""
    for field in model._fields.values():
        if field.type == "many2many" and field.store:
            model.env.cr.execute(
                SQL(
                    """
                    INSERT INTO %(table)s (%(own)s, %(other)s)
                    SELECT own.id, link.%(other)s
                      FROM unnest(%(ids)s, %(like)s) AS own (id, like_id)
                      JOIN (SELECT * FROM %(table)s WHERE %(own)s = ANY(%(examples)s))
                        AS link ON link.%(own)s = own.like_id
                    """,
                    table=SQL.identifier(field.relation),
                    own=SQL.identifier(field.column1),
                    other=SQL.identifier(field.column2),
                    ids=_array("int4", ids),
                    like=_array("int4", like),
                    examples=list(set(like)),
                )
            )


def _forget_inverses(model):
    """What is known to hang on other records is known no longer."""
    for field in model._fields.values():
        if field.store and field.type in ("many2one", "many2many"):
            for inverse in model.pool.field_inverses[field]:
                inverse._invalidate_cache(model.env)


def _array(sql_type, values):
    """``values`` as one SQL value.

    In the database's own notation where that needs no quotes: a hundred thousand elements
    are parsed as one constant then, and not as so many expressions.
    """
    if sql_type in ("int4", "numeric", "date", "double precision", "bool"):
        values = f"{{{','.join('NULL' if v is None else str(v) for v in values)}}}"
    return SQL(f"%s::{sql_type}[]", values)
