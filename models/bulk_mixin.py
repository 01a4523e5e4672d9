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
        alike = {}
        keys = [self._follows_from(vals) for vals in vals_list]
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
    def _follows_from(self, vals):
        """A key: where it is the same, what the ORM adds to ``vals`` is the same."""
        if any(
            field.default
            and field.name not in vals
            and field._module != self._original_module
            for field in self._fields.values()
        ):
            # another addon's default may be another one each time, as a number is
            return object()
        names = {
            path.split(".", 1)[0]
            for field in self._fields.values()
            if field.precompute and (field.readonly or field.name not in vals)
            for path in self.pool.field_depends[field]
        }
        return frozenset(vals), tuple(
            repr(vals[name]) for name in sorted(names & vals.keys())
        )

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
