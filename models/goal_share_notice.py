from collections import defaultdict

from markupsafe import Markup

from odoo import api, models


class HrPerformanceMeasure(models.Model):
    """Agreed targets that move with the holders of a post do not move in silence."""

    _inherit = "hr.performance.measure"

    def _tell_new_share(self, former):
        """What is another now than it was, in sentences.

        :param former: ``{field name: figure until now}``
        """
        self.ensure_one()
        return " ".join(
            self.env._(
                "%(measure)s, %(figure)s: %(former)s → %(current)s.",
                measure=self.display_name,
                figure=self._fields[name]._description_string(self.env),
                former=self.indicator_id._format(figure),
                current=self.indicator_id._format(self[name]),
            )
            for name, figure in former.items()
        )

    @api.model
    def _notify_new_shares(self, former):
        """Tell the owners and their managers: one message a person, in their language.

        In superuser mode. Whoever moved the targets knows.

        :param former: ``{measure: {field name: figure until now}}``
        """
        to_tell = defaultdict(self.browse)
        for measure in former:
            owner = measure.goal_id.responsible_id
            for user in owner.user_id | owner.parent_id.user_id:
                if user.active:
                    to_tell[user] |= measure
        for user, measures in to_tell.items():
            measures = measures.with_context(lang=user.lang)
            lines = Markup().join(
                Markup("<li>%s · %s · %s</li>")
                % (
                    measure.goal_id.responsible_id.name,
                    measure.goal_id.name,
                    measure._tell_new_share(former[measure]),
                )
                for measure in measures
            )
            goal = measures.goal_id[0]
            goal.message_notify(
                partner_ids=user.partner_id.ids,
                subject=goal.env._("Who holds a post has changed, and so have targets"),
                body=Markup("<ul>%s</ul>") % lines,
            )
