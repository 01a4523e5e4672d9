from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..engine import gap
from ..engine.value import half_up
from ..engine.weighting import weighted_mean
from .template import ROLES

#: what the pictures are drawn in, in the units of an SVG
WIDTH, LEFT, RIGHT, ROW = 460, 200, 16, 26


class HrPerformanceAppraisal(models.Model):
    """The 360 report: how somebody sees themselves, and how the others do.

    It is made of what its reader may read, so that it opens nothing: of anonymous roles the
    published groups, of named ones what is submitted, and of nobody what is never shown to
    the person, whose report it is.
    """

    _inherit = "hr.performance.appraisal"

    has_360 = fields.Boolean(compute="_compute_360")
    report_360 = fields.Html(
        "360 Report", compute="_compute_360", sanitize=False, readonly=True
    )

    @api.depends("review_ids", "state")
    @api.depends_context("uid", "lang")
    def _compute_360(self):
        for appraisal in self:
            seen = appraisal._review_360()
            appraisal.has_360 = seen["is_complete"]
            appraisal.report_360 = (
                self.env["ir.qweb"]._render(
                    "hr_performance.report_360_body", {"seen": seen}
                )
                if seen["is_complete"]
                else False
            )

    def action_print_360(self):
        """Print the 360 report."""
        return self.env.ref("hr_performance.appraisal_360_report").report_action(self)

    def _review_360(self):
        """What the 360 report says, under the rules of the user.

        :return: ``roles`` (who said something, and how many), ``themes`` (a section each,
            with its ``lines``), ``hidden_strengths``, ``blind_spots`` and ``comments``;
            ``is_complete``: both the person and somebody else have said something
        """
        self.ensure_one()
        answers = self.env["hr.performance.answer"].search(
            [
                ("item_id.appraisal_id", "=", self._origin.id),
                ("sharing", "!=", "never"),
                ("item_id.sharing", "!=", "never"),
            ]
        )
        labels = dict(
            self.env["hr.performance.review"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        by_role = answers.review_id.grouped("role")
        roles = [
            {
                "role": role,
                "label": labels[role],
                "count": len(by_role[role]),
                "is_anonymous": any(by_role[role].mapped("is_anonymous")),
            }
            for role, _label in ROLES
            if role in by_role
        ]
        weights = {role.role: role.weight for role in self.template_id.role_ids}
        themes = self._themes_360(answers, weights)
        lines = [line for theme in themes for line in theme["lines"]]

        def most(kind):
            return sorted(
                (line for line in lines if line["kind"] == kind),
                # across scales: by the share of the scale that lies between
                key=lambda line: -abs(line["gap_share"]),
            )

        return {
            "roles": roles,
            "themes": themes,
            "chart": self._chart_360(
                [theme for theme in themes if theme["lines"]], "name"
            ),
            "hidden_strengths": most(gap.HIDDEN_STRENGTH),
            "blind_spots": most(gap.BLIND_SPOT),
            "comments": self._comments_360(answers, labels),
            "is_complete": "self" in by_role and len(by_role) > 1,
        }

    # ---------------------------------------------------------------- figures

    def _themes_360(self, answers, weights):
        """Section by section the lines on which somebody chose something."""
        rated = answers.filtered(
            lambda answer: answer.value is not None and not answer.dont_know
        ).grouped("item_id")
        themes = []
        for section, items in (
            self.item_ids.filtered(lambda item: item in rated)
            .grouped("section_id")
            .items()
        ):
            lines = [item._line_360(rated[item], weights) for item in items]
            shares = gap.theme(
                [
                    {
                        view: (line[view], line["low"], line["high"])
                        for view in ("own", "others")
                    }
                    for line in lines
                    # a theme compares what both have looked at
                    if line["gap"] is not None
                ]
            )
            seen = gap.gap(shares.get("own"), shares.get("others"), 0, 1)
            themes.append(
                {
                    "name": section.name,
                    "lines": lines,
                    "chart": self._chart_360(lines, "name"),
                    "own_share": seen.own,
                    "others_share": seen.others,
                    "own_text": self._percent(seen.own),
                    "others_text": self._percent(seen.others),
                    "kind": seen.kind,
                }
            )
        return themes

    def _comments_360(self, answers, labels):
        """``[{"name": theme, "texts": [{"item", "role", "text"}]}]``."""
        order = [role for role, _label in ROLES]
        comments = []
        by_item = answers.filtered(lambda answer: (answer.text or "").strip()).grouped(
            "item_id"
        )
        for section, items in self.item_ids.grouped("section_id").items():
            texts = [
                {
                    "item": item.name,
                    "role": labels[answer.review_id.role],
                    "text": answer.text.strip(),
                }
                for item in items
                for answer in sorted(
                    by_item.get(item, ()),
                    key=lambda answer: order.index(answer.review_id.role),
                )
            ]
            if texts:
                comments.append({"name": section.name, "texts": texts})
        return comments

    # ---------------------------------------------------------------- pictures

    def _chart_360(self, rows, label):
        """Where the rows' dots are: a ring is one's own view, a dot that of the others."""
        span = WIDTH - LEFT - RIGHT

        def x(share):
            return None if share is None else round(LEFT + span * share, 1)

        return {
            "width": WIDTH,
            "height": ROW * (len(rows) + 1),
            "left": LEFT,
            "right": WIDTH - RIGHT,
            "grid": [x(quarter / 4) for quarter in range(5)],
            "rows": [
                {
                    "label": self._shorten(row[label]),
                    "name": row[label],
                    "y": ROW * number + ROW / 2,
                    "own": x(row["own_share"]),
                    "others": x(row["others_share"]),
                }
                for number, row in enumerate(rows)
            ],
        }

    def _shorten(self, text, length=32):
        return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"

    def _percent(self, share):
        """A share of a scale, as text; no value is a dash."""
        if share is None:
            return "–"
        return self.env._(
            "%(share)s %%", share=formatLang(self.env, half_up(100 * share), digits=0)
        )


class HrPerformanceAppraisalItem(models.Model):
    _inherit = "hr.performance.appraisal.item"

    def _range_360(self):
        """Lowest and highest value of an answer."""
        if self.kind == "skill":
            return 0.0, 100.0
        scale = self._scale()
        return scale.value_min, scale.value_max

    def _line_360(self, answers, weights):
        """How each role sees it, of the ``answers`` that count.

        :param weights: ``{role: weight}`` on the form
        """
        low, high = self._range_360()
        means = {
            role: weighted_mean(
                (answer.value, answer.review_id.share) for answer in of_role
            ).value
            for role, of_role in answers.grouped(
                lambda answer: answer.review_id.role
            ).items()
        }
        means = {role: value for role, value in means.items() if value is not None}
        seen = gap.gap(means.get("self"), gap.others_mean(means, weights), low, high)
        width = high - low

        def share(value):
            return None if value is None else (value - low) / width

        def figure(value):
            if value is None:
                return "–"
            digits = 1 if width >= 20 else 2
            return formatLang(self.env, half_up(value, digits), digits=digits)

        return {
            "name": self.name,
            "low": low,
            "high": high,
            "means": {role: figure(value) for role, value in means.items()},
            "own": seen.own,
            "others": seen.others,
            "own_text": figure(seen.own),
            "others_text": figure(seen.others),
            "gap": seen.gap,
            "gap_text": (
                "–"
                if seen.gap is None
                else f"{'+' if seen.gap > 0 else ''}{figure(seen.gap)}"
            ),
            "gap_share": None if seen.gap is None else seen.gap / width,
            "kind": seen.kind,
            "own_share": share(seen.own),
            "others_share": share(seen.others),
        }
