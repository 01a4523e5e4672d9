from itertools import repeat

from odoo import api, models
from odoo.tools import SQL

from .row_insert import in_columns, insert, next_ids

#: Odoo's own addons that all of these records stand on
CORE = frozenset({"base", "web", "mail", "hr", "base_import", "web_hierarchy"})
#: methods of the ORM that make records
MAKING = frozenset(
    {
        "create",
        "default_get",
        "modified",
        "_add_missing_default_values",
        "_add_precomputed_values",
        "_check_company",
        "_compute_field_value",
        "_create",
        "_parent_store_create",
        "_prepare_create_values",
        "_validate_fields",
    }
)
#: methods of the ORM that change records
WRITING = frozenset({"write", "_write", "_write_multi", "modified", "_validate_fields"})
#: columns that the database or the insert itself fills
UNWORKED = frozenset({"id", *models.LOG_ACCESS_COLUMNS})
#: columns that are no record's like another's
UNLIKE = frozenset({"id", "parent_path"})


class HrPerformanceBulkMixin(models.AbstractModel):
    """Making ten thousand records costs what differs between them, and little more.

    The ORM asks for defaults, computes ahead and compares companies record by record.
    Goals that are made in bulk share their period, holders and indicators, so that each
    of these has the same few answers again and again. Where records differ from one that
    is there in a few fields only, they are rows like its own; see :meth:`_insert_like`.
    """

    _name = "hr.performance.bulk.mixin"
    _description = "Records that are made in bulk"

    @api.model
    def _prepare_create_values(self, vals_list):
        """Find out once what follows from the same values.

        Defaults follow from nothing but which fields are given, and what is computed ahead
        from what it declares to depend on.
        """
        alike, leading = {}, {}
        keys = []
        for vals in vals_list:
            given = frozenset(vals)
            if given not in leading:
                leading[given] = self._leading(given)
            names = leading[given]
            keys.append(
                # nothing in common with any other
                object()
                if names is None
                else (given, tuple(repr(vals[name]) for name in names))
            )
        for key, vals in zip(keys, vals_list, strict=True):
            alike.setdefault(key, vals)
        firsts = super()._prepare_create_values([*alike.values()])
        added = {
            key: {
                name: value
                for name, value in first.items()
                # the author and the date of a record, too, are not what was given
                if name not in vals or value is not vals[name]
            }
            for (key, vals), first in zip(alike.items(), firsts, strict=True)
        }
        dropped = {
            key: vals.keys() - first.keys()
            for (key, vals), first in zip(alike.items(), firsts, strict=True)
        }
        return [
            {name: vals[name] for name in vals.keys() - dropped[key]} | added[key]
            for key, vals in zip(keys, vals_list, strict=True)
        ]

    @api.model
    def _leading(self, given):
        """What the ORM adds to values follows from which are given, and from these of them.

        :param given: names of the fields that have a value
        :return: sorted names of fields, or None where it may be another one each time
        """
        fields = self._fields.values()
        if any(
            field.default
            and field.name not in given
            and field._module != self._original_module
            for field in fields
        ):
            # another addon's default may be another one each time, as a number is
            return None
        names = {
            path.split(".", 1)[0]
            for field in fields
            if field.precompute and (field.readonly or field.name not in given)
            for path in self.pool.field_depends[field]
        }
        return sorted(names & given)

    def _check_company(self, fnames=None):
        """Compare once for each company with all that its records are linked to.

        Only those that are linked to a record of another company are left to the ORM,
        which names them.
        """
        if fnames is None or "company_id" in fnames:
            fnames = self._fields
        names = [
            name
            for name in fnames
            if self._fields[name].relational and self._fields[name].check_company
        ]
        if not names:
            return
        records = self.sudo()
        companies = [record.company_id for record in records]
        wrong = set()
        for name in names:
            linked = {}
            of_company = self._fields[name].company_dependent and self.env.company
            for company, record in zip(companies, records, strict=True):
                company = of_company or company
                linked.setdefault(company, {}).setdefault(record[name]._ids, record.id)
            corecords = records[name].with_context(active_test=False)
            for company, first in linked.items():
                own = corecords.browse({one for ids in first for one in ids})
                domain = own._check_company_domain(company)
                foreign = set((own - own.filtered_domain(domain))._ids)
                wrong.update(first[ids] for ids in first if not foreign.isdisjoint(ids))
        if wrong:
            super(HrPerformanceBulkMixin, self.browse(sorted(wrong)))._check_company(
                names
            )

    @api.model
    def _is_written_here_alone(self):
        """Whether no other addon has a say when such records are written."""
        return not any(
            self._is_foreign(vars(cls)[name])
            for cls in type(self).mro()
            for name in WRITING & vars(cls).keys()
        )

    def _write_same(self, vals):
        """``write`` the same values of columns, in superuser mode, by one statement.

        Where no other addon has a say. What depends on the columns follows as usual; what
        the methods of this addon and of the chatter do with values is left out.
        """
        if not self or not self._is_written_here_alone():
            self.write(vals)
            return
        fields = [self._fields[name] for name in vals]
        # what waits to be written, to these and to what the new values follow from
        self.flush_recordset(vals)
        vals = vals | {"write_uid": self.env.uid, "write_date": self.env.cr.now()}
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                SQL(", ").join(
                    SQL(
                        "%s = %s",
                        SQL.identifier(name),
                        self._fields[name].convert_to_column_insert(value, self),
                    )
                    for name, value in vals.items()
                ),
                self.ids,
            )
        )
        self.invalidate_recordset(("write_uid", "write_date"), flush=False)
        for field in fields:
            field._update_cache(self, field.convert_to_cache(vals[field.name], self))
        names = [field.name for field in fields]
        self.modified(names)
        self._validate_fields(names)

    # ---------------------------------------------------------------- like another

    @api.model
    def _is_made_here_alone(self):
        """Whether no other addon has a say in how such records are made.

        Neither by a method, put in its class or over ours, nor by a field or constraint.
        """
        model = type(self)
        ours = {
            name
            for cls in model._model_classes__
            if getattr(cls, "_module", None) == self._original_module
            for name, value in vars(cls).items()
            if callable(value)
        }
        core = {
            name
            for cls in model._model_classes__
            if getattr(cls, "_module", None) in {None, *CORE}
            for name in vars(cls)
        }
        names = (ours - core) | MAKING
        return not (
            any(
                self._is_foreign(vars(cls)[name])
                for cls in model.mro()
                for name in names & vars(cls).keys()
            )
            or any(map(self._is_foreign, self._constraint_methods))
            or any(
                field.store and (field.compute or field.default or field.required)
                for field in self._fields.values()
                # of another addon, or made by hand
                if not {self._original_module, *CORE}.issuperset(field._modules)
                or field.manual
            )
        )

    @api.model
    def _is_foreign(self, method):
        """Whether another addon than this one and those of Odoo's core has written it."""
        place = getattr(method, "__module__", "").split(".")
        return place[:1] != ["odoo"] or (
            place[1:2] == ["addons"] and place[2] not in {self._original_module, *CORE}
        )

    @api.model
    def _insert_like(self, like, vals_list):
        """Insert records that differ from others in nothing but ``vals_list``.

        In superuser mode only, and where :meth:`_is_made_here_alone`: neither rules nor
        constraints are asked, and what else follows is the caller's to say.

        :param like: for each new record the id of its example, which is in the cache and
            flushed
        :param vals_list: values of stored columns, the same fields for each
        :return: the new records, in the same order
        """
        columns = in_columns(self, vals_list)
        records = self.browse(insert(self, columns, like))
        # rules, constraints and whatever comes next need not read it again
        for name, field in self._fields.items():
            if not (field.store and field.column_type) or name in UNLIKE:
                continue
            if field.translate or field.company_dependent:
                continue
            if name in columns:
                known = {
                    value: field.convert_to_cache(value, self)
                    for value in set(columns[name])
                }
                values = map(known.__getitem__, columns[name])
            else:
                known = field._get_cache(self.env)
                if not all(example in known for example in set(like)):
                    continue
                values = map(known.__getitem__, like)
            field._insert_cache(records, values)
        return records

    @api.model
    def _own_of_line(self, vals, goal_own):
        """What a line of a new goal has of its own, where the goal is made like another.

        :param vals: what the line was to be made of
        :param goal_own: what the goal has of its own
        """
        return {}

    # ---------------------------------------------------------------- worked out before

    @api.model
    def _make(self, vals_list):
        """``create``, in superuser mode, as rows where no other addon has a say.

        What mails and chatters do with new records is left out.
        """
        if not vals_list or not self._is_made_here_alone():
            return self.create(vals_list)
        records = self._plan_rows(vals_list)
        records._insert_planned()
        return records

    @api.model
    def _plan_rows(self, vals_list):
        """Records with ids that are not in the database yet, see :meth:`_insert_planned`.

        In superuser mode only, and where :meth:`_is_made_here_alone`. What is given, and
        what is the default, is in the cache; what is computed follows from these when it is
        asked for, by the same methods as for any other record.

        :param vals_list: values in the format of ``create``, of columns only
        """
        records = self.browse(next_ids(self, len(vals_list)))
        defaults = {}
        for vals in vals_list:
            given = frozenset(vals)
            if given not in defaults:
                defaults[given] = {
                    name: value
                    for name, value in self._add_missing_default_values(vals).items()
                    if name not in given
                }
        complete = [defaults[frozenset(vals)] | vals for vals in vals_list]
        for name, field in self._fields.items():
            if not field.store or name in UNWORKED:
                continue
            if not field.column_type:
                field._insert_cache(records, repeat(()))
                continue
            if field.compute:
                self.env.add_to_compute(
                    field,
                    self.browse(
                        record_id
                        for record_id, vals in zip(records._ids, complete, strict=True)
                        if name not in vals
                    ),
                )
            # the same few values again and again; nothing given is nothing, not False
            known, values = {None: None}, []
            for vals in complete:
                value = vals.get(name)
                try:
                    if value not in known:
                        known[value] = field.convert_to_cache(value, self)
                    values.append(known[value])
                except TypeError:
                    values.append(field.convert_to_cache(value, self))
            field._insert_cache(records, values)
        return records

    @api.model
    def _worked_fields(self):
        return [
            field
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in UNWORKED
        ]

    @api.model
    def _computed_fields(self):
        return [field for field in self._worked_fields() if field.compute]

    def _link_planned(self, name, lines):
        """Let the one2many field ``name`` of planned records hold planned ``lines``."""
        field = self._fields[name]
        owners = lines._fields[field.inverse_name]._get_cache(lines.env)
        by_owner = {record_id: [] for record_id in self._ids}
        for line_id in lines._ids:
            by_owner[owners[line_id]].append(line_id)
        cache = field._get_cache(self.env)
        for record_id, line_ids in by_owner.items():
            cache[record_id] = tuple(line_ids)

    def _work_out(self, alike=None):
        """Compute what of planned records is still to be computed.

        :param alike: ``{id: id of a record with the same results}``
        """
        if alike:
            followers = self.browse(alike)
            leaders = self.browse(dict.fromkeys(alike.values()))
            for field in self._computed_fields():
                waiting = self.env.transaction.tocompute.get(field, ())
                # what was given need not be computed
                given = [one for one in followers._ids if one not in waiting]
                field.recompute(leaders)
                cache = field._get_cache(self.env)
                same = followers - self.browse(given) if given else followers
                self.env.remove_to_compute(field, same)
                cache.update((one, cache[alike[one]]) for one in same._ids)
        for field in self._computed_fields():
            field.recompute(self)

    def _insert_planned(self):
        """Work out what is left of planned records, and insert them as rows.

        Constraints are asked; rules are not.
        """
        self._work_out()
        fields = self._worked_fields()
        columns = {}
        for field in fields:
            cache = field._get_cache(self.env)
            values = [cache[record_id] for record_id in self._ids]
            if field.type == "json":
                if any(value is not None for value in values):
                    columns[field.name] = [
                        field.convert_to_column_insert(value, self) for value in values
                    ]
                continue
            known = {
                value: None
                if value is None
                else field.convert_to_column_insert(value, self)
                for value in set(values)
            }
            if set(known.values()) != {None}:
                columns[field.name] = [known[value] for value in values]
        insert(self, columns, ids=self.ids)
        for field in fields:
            # what a compute method has set is in the row
            if dirty := self.env._field_dirty.get(field):
                dirty.difference_update(self._ids)
                if not dirty:
                    del self.env._field_dirty[field]
        names = [field.name for field in fields]
        with self.env.protecting(self._computed_fields(), self):
            self.modified(names, create=True)
        self._validate_fields(names)
        if self._check_company_auto:
            self._check_company()
