from odoo import api, models


class HrPerformanceBulkMixin(models.AbstractModel):
    """Making ten thousand records costs what differs between them, and little more.

    The ORM asks for defaults, computes ahead and compares companies record by record.
    Goals that are made in bulk share their period, holders and indicators, so that each
    of these has the same few answers again and again.
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
        """Compare once for all records of the same company with the same records linked."""
        names = [
            field.name
            for field in self._fields.values()
            if field.relational and field.check_company
        ]
        records = self.sudo()
        companies = [record.company_id.id for record in records]
        different = set()
        for name in names:
            first = {}
            for record_id, company_id, record in zip(
                self._ids, companies, records, strict=True
            ):
                first.setdefault((company_id, record[name]._ids), record_id)
            different.update(first.values())
        return super(
            HrPerformanceBulkMixin, self.browse(sorted(different))
        )._check_company(fnames)
