"""What Odoo keeps below a record besides its messages is read by who reads these.

Odoo asks for the right to read the record itself: for files, and for activities and
messages to come wherever readers may post.
"""

from odoo import api, models
from odoo.fields import Domain


def _hidden_ids(env, model_and_ids):
    """``{model: ids}`` of those records below which the user may not read."""
    hidden = {}
    for name, ids in model_and_ids.items():
        model = env.get(name) if name else None
        if isinstance(model, env.registry["hr.performance.dialogue.mixin"]):
            records = model.browse(filter(None, ids)).exists()
            hidden[name] = set(records._without_dialogue()._ids)
    return hidden


def _below_hidden(records, model_field):
    """Those of ``records`` that lie below what is hidden to the user."""
    # sudo: where they lie, for whoever has found them
    below = records.sudo().filtered("res_id").grouped(model_field)
    hidden = _hidden_ids(
        records.env, {name: some.mapped("res_id") for name, some in below.items()}
    )
    return records.browse(
        record.id
        for name, ids in hidden.items()
        for record in below[name]
        if record.res_id in ids
    )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access:
            return query
        found = self.browse(query)
        # sudo: whose they are; what is asked of oneself one may know
        mine = found.sudo().filtered(lambda one: one.user_id == self.env.user)
        others = found - mine.sudo(False)
        hidden = _below_hidden(others, "res_model") | others._private()
        return (found - hidden)._as_query() if hidden else query

    def unlink(self):
        """A reminder of an anonymous review is put away until the collection is closed.

        Whoever knows its number could see it go, and who has answered.
        """
        # sudo: what they stand for
        reviews = self.sudo().filtered(
            lambda one: one.res_model == "hr.performance.request" and one.res_id
        )
        requests = self.env["hr.performance.request"].sudo()
        kept = set(
            requests.search(
                [
                    ("id", "in", reviews.mapped("res_id")),
                    ("is_anonymous", "=", True),
                    ("appraisal_id.is_collecting", "=", True),
                    ("appraisal_id.collection_closed_on", "=", False),
                ]
            ).ids
            if reviews
            else ()
        )
        put_away = reviews.filtered(lambda one: one.res_id in kept).sudo(self.env.su)
        if put_away:
            put_away.check_access("unlink")
            put_away.sudo().filtered("active").action_archive()
        return super(MailActivity, self - put_away).unlink()

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation != "read":
            return result
        private = self._private()
        if not private:
            return result
        if result:
            return result[0] | private, result[1]
        return private, lambda: private._make_access_error(operation)

    def _private(self):
        """The reminders of others that would tell, by going, what these do for themselves.

        Whether somebody prepares a meeting is not for the one they meet.
        """
        kind = self.env.ref(
            "hr_performance.mail_activity_meeting_prepare", raise_if_not_found=False
        )
        # sudo: of which kind they are, and whose
        return (
            self.sudo()
            .filtered(
                lambda one: (
                    kind
                    and one.activity_type_id == kind
                    and one.user_id != self.env.user
                )
            )
            .sudo(False)
        )


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access:
            return query
        found = self.browse(query)
        hidden = _below_hidden(found, "model")
        return (found - hidden)._as_query() if hidden else query

    def _check_access(self, operation):
        """Odoo asks in lists only."""
        result = super()._check_access(operation)
        if self.env.su or operation != "read":
            return result
        hidden = _below_hidden(self, "model")
        if not hidden:
            return result
        if result:
            return result[0] | hidden, result[1]
        return hidden, lambda: self.env["ir.rule"]._make_access_error("read", hidden)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if operation == "read" and not self.env.su:
            for name, ids in _hidden_ids(self.env, model_and_ids).items():
                for record_id in ids:
                    yield name, record_id

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Lists of the files of named models do not ask the above."""
        domain = Domain(domain)
        query = super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access or not self._may_name_dialogues(domain):
            return query
        found = self.browse(query)
        hidden = _below_hidden(found, "res_model")
        return (found - hidden)._as_query() if hidden else query

    @api.model
    def _may_name_dialogues(self, domain):
        """Whether ``domain`` picks models by name, and perhaps one of this addon."""
        return any(
            condition.field_expr == "res_model"
            and not (
                condition.operator == "="
                and not str(condition.value).startswith("hr.performance.")
            )
            for condition in domain.iter_conditions()
        )
