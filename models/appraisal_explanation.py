from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..engine.scoring import RANGE, UNTARGETED
from ..engine.value import half_up
from .template import ROLES

#: a scale that spans less shows two decimals: 3.1 and 3.14 are far apart on 1–5
FINE_SPAN = 20
#: a sum of more parts than these is read from the lines themselves
MOST_SUMMANDS = 6


class HrPerformanceAppraisal(models.Model):
    """How the score arose, in words: the derivation for people, on screen and paper.

    A row is ``{"label", "share", "value", "texts", "rows"}``: what it is, what it weighs
    among those that have a value, its figure, how that follows, and what went in.
    """

    _inherit = "hr.performance.appraisal"

    explanation = fields.Json(
        "How the Score Arose",
        compute="_compute_explanation",
        help="The derivation in words, for people.",
    )

    @api.depends("derivation")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for appraisal in self:
            appraisal.explanation = appraisal._explain()

    def _explain(self):
        """The rows of the derivation, from the score down; none without a score."""
        self.ensure_one()
        tree = self.derivation
        if not tree:
            return []
        return [self._explain_score(tree, self._names_in(tree))]

    def _explanation_lines(self):
        """The rows one below the other, each with its ``depth``, for print."""

        def lines(rows, depth):
            for row in rows:
                yield row | {"depth": depth}
                yield from lines(row["rows"], depth + 1)

        return list(lines(self._explain(), 0))

    def _names_in(self, tree):
        """``(model, id) → name`` in the reader's language, as far as it still exists.

        Names in the derivation are of the day and the language in which it was made.
        """
        ids = {"section_id": set(), "indicator_id": set(), "id": set()}

        def collect(of):
            for level in of["levels"] if of["rule"] == "level" else ():
                ids["id"].add(level["id"])
            for one in of.get("parts", ()):
                for key in ids.keys() & one.keys():
                    ids[key].add(one[key])
                collect(one["node"])

        collect(tree)
        models_of = {
            "section_id": "hr.performance.template.section",
            "indicator_id": "hr.performance.indicator",
            "id": "hr.performance.scale.level",
        }
        return {
            (key, record.id): record.name
            for key, model in models_of.items()
            # sudo: their names are part of the result, which the user may read
            for record in self.env[model].sudo().browse(ids[key]).exists()
        }

    # ---------------------------------------------------------------- the levels

    def _explain_score(self, tree, names):
        mean = tree["parts"][0]["node"]
        digits = next(
            (
                self._digits(one["node"]["onto"])
                for one in mean.get("parts", ())
                if one["node"]["rule"] == "rescale"
            ),
            1,
        )
        labels = [
            names.get(("section_id", one.get("section_id")), one["name"])
            for one in mean.get("parts", ())
        ]
        texts = self._sum_of(mean, digits, labels)
        if tree["value"] is not None and self.level_suggested_id:
            level = tree["levels"][tree["value"]]
            texts.append(
                self.env._(
                    "“%(level)s” begins at %(limit)s.",
                    level=names.get(("id", level["id"]), level["name"]),
                    limit=self._figure(level["score_min"], digits),
                )
            )
        shares = self._shares(mean)
        return self._row(
            self.env._("Score"),
            "",
            mean["value"],
            digits,
            texts,
            [
                self._explain_section(one, share, digits, names)
                for one, share in zip(mean.get("parts", ()), shares, strict=True)
            ],
        )

    def _explain_section(self, one, share, digits, names):
        made = one["node"]
        label = names.get(("section_id", one.get("section_id")), one["name"])
        if made["rule"] != "rescale":
            return self._row(label, share, made["value"], digits)
        mean = made["parts"][0]["node"]
        own = self._digits(made["scale"])
        texts = self._sum_of(mean, own)
        if made["scale"] != made["onto"] and made["value"] is not None:
            texts.append(
                self.env._(
                    "%(mean)s on %(low)s – %(high)s is %(value)s on %(new_low)s –"
                    " %(new_high)s.",
                    mean=self._figure(mean["value"], own),
                    low=self._plain(made["scale"][0]),
                    high=self._plain(made["scale"][1]),
                    value=self._figure(made["value"], digits),
                    new_low=self._plain(made["onto"][0]),
                    new_high=self._plain(made["onto"][1]),
                )
            )
        rows = [
            self._explain_line(line, of_line, own, names)
            for line, of_line in zip(
                mean.get("parts", ()), self._shares(mean), strict=True
            )
        ]
        return self._row(label, share, made["value"], digits, texts, rows)

    def _explain_line(self, one, share, digits, names):
        """A goal, a question or a competency."""
        made, texts = one["node"], []
        if one.get("pro_rata", 1) != 1:
            texts.append(
                self.env._(
                    "Held for %(share)s %% of the period, and weighs for that part.",
                    share=self._figure(100 * one["pro_rata"]),
                )
            )
        if made["rule"] == "competency":
            said = made["parts"][0]["node"]["parts"][0]
            texts += self._explain_competency(made)
            rows = self._explain_roles(said, 1)
        elif made["rule"] == "goal":
            texts += self._sum_of(made, 1)
            rows = [
                self._row(
                    names.get(
                        ("indicator_id", measure.get("indicator_id")), measure["name"]
                    ),
                    of_measure,
                    measure["node"]["value"],
                    1,
                    self._explain_points(measure["node"]),
                )
                for measure, of_measure in zip(
                    made.get("parts", ()), self._shares(made), strict=True
                )
            ]
        else:
            roles = self._role_labels()
            texts += self._sum_of(
                made,
                digits,
                [roles.get(part.get("role"), "") for part in made.get("parts", ())],
            )
            rows = self._explain_roles(one, digits)
        if len(rows) == 1 and made["rule"] in ("roles", "competency"):
            # one role alone needs no line of its own
            texts += [rows[0]["label"], *rows[0]["texts"]]
            rows = []
        return self._row(one["name"], share, made["value"], digits, texts, rows)

    def _explain_roles(self, one, digits):
        """What each role said, of a node over roles or of one role alone."""
        made = one["node"]
        parts = [one] if one.get("role") else made.get("parts", ())
        shares = [""] if one.get("role") else self._shares(made)
        labels = self._role_labels()
        return [
            self._row(
                labels.get(part["role"], part["role"]),
                share,
                part["node"]["value"],
                digits,
                self._explain_answers(part["node"], digits),
            )
            for part, share in zip(parts, shares, strict=True)
            if part.get("role") in dict(ROLES)
        ]

    def _role_labels(self):
        role = self.env["hr.performance.review"]._fields["role"]
        return dict(role._description_selection(self.env))

    def _explain_answers(self, made, digits):
        if made.get("count"):
            return [self.env._("Mean of %(count)s answers.", count=made["count"])]
        return self._sum_of(made, digits)

    def _explain_competency(self, made):
        near = made["parts"][0]["node"]
        if made["value"] is None:
            return [
                self.env._("The post expects no level.")
                if not made["expected"]
                else self.env._("Nobody has assessed it yet.")
            ]
        return [
            self.env._(
                "Assessed: %(assessed)s (%(progress)s %%). Expected: %(expected)s"
                " (%(wanted)s %%). %(progress)s of %(wanted)s are %(points)s points, at"
                " most %(cap)s.",
                assessed=near["names"][near["levels"].index(near["value"])],
                progress=self._plain(near["value"]),
                expected=made["expected_name"],
                wanted=self._plain(made["expected"]),
                points=self._figure(made["value"]),
                cap=self._plain(made["cap"]),
            )
        ]

    def _explain_points(self, made):
        """How a measure's value became points, in the terms that were agreed."""
        if made["rule"] != "points":
            return []
        scoring, target = made["scoring"], made["target"]
        texts = [self._explain_actual(made)]
        if made["band"]:
            threshold, points, label = made["band"]
            threshold = self._plain(threshold)
            if scoring["band_basis"] == "achievement":
                threshold = self.env._("%(share)s %%", share=threshold)
            texts.append(
                self.env._(
                    "Band “%(label)s”, from %(threshold)s on: %(points)s points.",
                    threshold=threshold,
                    label=label,
                    points=self._figure(points),
                )
                if label
                else self.env._(
                    "Band from %(threshold)s on: %(points)s points.",
                    threshold=threshold,
                    points=self._figure(points),
                )
            )
        elif scoring["scoring_rule"] not in UNTARGETED and target["target"] is not None:
            texts.append(
                self.env._(
                    "Achieved: %(achievement)s %%.",
                    achievement=self._figure(made["achievement"]),
                )
            )
        rules = self.env["hr.performance.indicator"]._fields["scoring_rule"]
        rule = dict(rules._description_selection(self.env))[scoring["scoring_rule"]]
        texts.append(
            self.env._(
                "%(rule)s: %(raw)s points, within %(floor)s … %(cap)s: %(points)s points.",
                rule=rule,
                raw=self._figure(made["raw"]),
                floor=self._plain(scoring["floor"]),
                cap=self._plain(scoring["cap"]),
                points=self._figure(made["value"]),
            )
        )
        return texts

    def _explain_actual(self, made):
        scoring, target = made["scoring"], made["target"]

        def told(value):
            return self._figure(value, made["digits"])

        actual = " ".join(filter(None, [told(made["actual"]), made["unit"]]))
        if scoring["scoring_rule"] in UNTARGETED:
            return self.env._("%(actual)s points.", actual=told(made["actual"]))
        if scoring["direction"] == RANGE:
            return self.env._(
                "%(actual)s; good is %(low)s to %(high)s.",
                actual=actual,
                low=told(target["low"]),
                high=told(target["high"]),
            )
        return self.env._(
            "%(actual)s; the way goes from %(baseline)s to %(target)s.",
            actual=actual,
            baseline=told(target["baseline"]),
            target=told(target["target"]),
        )

    # ---------------------------------------------------------------- words

    def _row(self, label, share, value, digits=1, texts=(), rows=()):
        return {
            "label": label,
            "share": share,
            "value": self._figure(value, digits),
            "texts": list(texts),
            "rows": list(rows),
        }

    def _weighing(self, made):
        """``(value, weight)`` of each part of a mean."""
        return [
            (one["node"]["value"], one["weight"] * one.get("pro_rata", 1.0))
            for one in made.get("parts", ())
        ]

    def _shares(self, made):
        """What each part weighs among those that have a value, as text."""
        pairs = self._weighing(made)
        total = sum(weight for value, weight in pairs if value is not None)
        return [
            self.env._(
                "%(share)s %%", share=self._plain(half_up(100 * weight / total, 1))
            )
            if value is not None and total
            else self.env._("left out")
            for value, weight in pairs
        ]

    def _sum_of(self, made, digits, labels=None):
        """``70 % Goals × 88.0 + 30 % Conduct × 93.3 = 89.6``; nothing for one alone.

        :param labels: what the parts are called, where the sum should say it
        """
        labels = labels or [""] * len(made.get("parts", ()))
        summands = [
            f"{' '.join(filter(None, [share, label]))} × {self._figure(value, digits)}"
            for (value, weight), share, label in zip(
                self._weighing(made), self._shares(made), labels, strict=True
            )
            if value is not None and weight
        ]
        if made["value"] is None or not 1 < len(summands) <= MOST_SUMMANDS:
            return []
        summands = " + ".join(summands)
        return [f"{summands} = {self._figure(made['value'], digits)}"]

    def _digits(self, scale):
        return 1 if scale[1] - scale[0] >= FINE_SPAN else 2

    def _figure(self, value, digits=1):
        """A figure with fixed decimals, rounded half-up; no value is a dash."""
        if value is None or value is False:
            return "–"
        return formatLang(self.env, half_up(value, digits), digits=digits)

    def _plain(self, value):
        """A parameter with the decimals it has, at most two."""
        _whole, _point, decimals = f"{half_up(value, 2):f}".partition(".")
        return self._figure(value, min(len(decimals.rstrip("0")), 2))
