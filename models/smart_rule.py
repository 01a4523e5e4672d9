import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import smart
from ..engine.value import is_ordinary
from .phrases import fill, names_in

LETTERS = [
    ("s", "Specific"),
    ("m", "Measurable"),
    ("a", "Achievable"),
    ("r", "Relevant"),
    ("t", "Time-bound"),
]
CHECKS = [
    ("words_found", "Words that should not be there"),
    ("words_missing", "Words of which one should be there"),
    ("name_short", "Name shorter than a number of words"),
    ("name_long", "Name longer than a number of words"),
    ("abbreviations", "Share of abbreviations in the name, in %"),
    ("description_short", "Description shorter than a number of words"),
    ("duplicate", "Another goal of the same name, likeness in %"),
    ("measure_missing", "No measure"),
    ("baseline_missing", "Measure without a baseline"),
    ("unit_missing", "Target without a unit"),
    ("target_differs", "Figure in the name that no measure has"),
    ("target_reached", "Target that is reached already"),
    ("target_too_low", "Target below what was reached a year ago, by more than %"),
    ("target_too_high", "Target beyond history and forecast, by more than %"),
    ("target_absolute", "Target of 100 % or of nothing at all"),
    ("many_goals", "More goals than a number"),
    ("action_missing", "No action planned"),
    ("owner_missing", "No owner"),
    ("owner_left", "Owner who has left"),
    ("parent_missing", "No goal above"),
    ("parent_unrelated", "Nothing in common with the goal above"),
    ("weight_small", "Weight below a number"),
    ("weights_off", "Weights that do not add up to 100 %"),
    ("results_only", "Results without anything that drives them"),
    ("process_only", "Process without a result"),
    ("dates_outside", "Dates outside the period"),
    ("year_outside", "Year in the text outside the period"),
    ("period_over", "Period that is over"),
]
#: what separates words in a list
SEPARATORS = re.compile(r"[,;\n，；、]")


class HrPerformanceSmartRule(models.Model):
    """One idea of what makes a goal clear: what to look for, what to say, and why.

    What is looked for is one of the engine's checks (see ``engine/smart.py``) with the
    words or the number given here. A rule hints; a cycle can make it binding
    (``cycle.binding_rule_ids``).
    """

    _name = "hr.performance.smart.rule"
    _description = "SMART Rule"
    _order = "sequence, id"
    _check_company_auto = True

    code = fields.Char(
        required=True, copy=False, help="A short name for imports, for example NO_UNIT."
    )
    name = fields.Char(
        "Rule",
        required=True,
        translate=True,
        help="What a goal should be like, in a few words.",
    )
    sequence = fields.Integer(default=10, help="What is said first.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty to share it with all companies."
    )
    letter = fields.Selection(LETTERS, required=True, default="s")
    check = fields.Selection(CHECKS, "Looks For", required=True, default="words_found")
    place = fields.Selection(
        [
            ("start", "At the start of the name"),
            ("name", "Anywhere in the name"),
            ("text", "In the name or the description"),
        ],
        "Where",
        required=True,
        default="name",
    )
    word_ids = fields.One2many(
        "hr.performance.smart.words", "rule_id", "Words", copy=True
    )
    followed_by_id = fields.Many2one(
        "hr.performance.smart.rule",
        "Followed By",
        check_company=True,
        ondelete="restrict",
        domain="[('check', 'in', ('words_found', 'words_missing'))]",
        help="Only where one of the words of that rule comes next.",
    )
    unless_number = fields.Boolean(
        "Unless There Is a Figure",
        help="Says nothing when the name or a measure says how much.",
    )
    limit = fields.Float("Number", help="The number that the check compares with.")
    uses_words = fields.Boolean(compute="_compute_uses")
    uses_limit = fields.Boolean(compute="_compute_uses")
    uses_text = fields.Boolean(compute="_compute_uses")
    for_company = fields.Boolean("Company Goals", default=True)
    for_department = fields.Boolean("Department Goals", default=True)
    for_job = fields.Boolean("Goals of a Post", default=True)
    for_employee = fields.Boolean("Personal Goals", default=True)
    method = fields.Selection(
        [("kpi", "KPI"), ("okr", "OKR")], help="Leave empty for all goals."
    )
    message = fields.Char(
        "Hint",
        required=True,
        translate=True,
        help="What is said about the goal. Figures stand in braces: {found}, {measure}…",
    )
    message_facts = fields.Char("Figures to Use", compute="_compute_uses")
    reason = fields.Text(
        required=True, translate=True, help="Why it matters, to who writes the goal."
    )
    example_bad = fields.Char("Instead Of", translate=True)
    example_better = fields.Char("Better", required=True, translate=True)
    try_text = fields.Char("A Name to Try", store=False)
    try_result = fields.Char("What Is Said", compute="_compute_try_result")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another rule of the company has this code. Choose one of its own.",
    )

    @api.depends("check")
    def _compute_uses(self):
        for rule in self:
            check = smart.CHECKS.get(rule.check, smart.Check(None))
            rule.uses_words = "words" in check.uses
            rule.uses_limit = "limit" in check.uses
            rule.uses_text = rule.check in smart.TEXT_CHECKS
            rule.message_facts = ", ".join(f"{{{name}}}" for name in check.facts)

    @api.depends(
        "try_text",
        "check",
        "place",
        "limit",
        "unless_number",
        "message",
        "word_ids.words",
        "followed_by_id.word_ids.words",
    )
    def _compute_try_result(self):
        for rule in self:
            if not (rule.try_text and rule.uses_text):
                rule.try_result = False
                continue
            facts = smart.find(rule._engine_rule(), smart.Goal(rule.try_text))
            rule.try_result = (
                self.env._("Nothing: the rule is content.")
                if facts is None
                else rule._say(facts)
            )

    # ---------------------------------------------------------------- checks

    @api.constrains("check", "limit")
    def _check_limit(self):
        for rule in self:
            if not is_ordinary(rule.limit) or rule.limit < 0:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: “Number” must be 0 or more.", rule=rule.name
                    )
                )

    @api.constrains("check", "message")
    def _check_message(self):
        for rule in self:
            facts = set(smart.CHECKS[rule.check].facts)
            unknown = names_in(rule.message) - facts
            if unknown:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: “Hint” names %(unknown)s, which this check does"
                        " not find. It finds: %(facts)s.",
                        rule=rule.name,
                        unknown=", ".join(f"{{{name}}}" for name in sorted(unknown)),
                        facts=rule.message_facts or self.env._("no figures"),
                    )
                )

    @api.constrains("followed_by_id")
    def _check_followed_by(self):
        for rule in self:
            if rule.followed_by_id == rule:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: “Followed By” is the rule itself. Choose"
                        " another one, or none.",
                        rule=rule.name,
                    )
                )

    # ---------------------------------------------------------------- looking

    def _engine_rule(self):
        """The engine's :class:`~..engine.smart.Rule`."""
        self.ensure_one()
        return smart.Rule(
            self.check,
            self.word_ids._as_words(),
            self.followed_by_id.word_ids._as_words(),
            self.place,
            self.unless_number,
            self.limit,
        )

    def _is_about(self, goal):
        """Whether the rule is for goals such as this one."""
        self.ensure_one()
        return (
            self[f"for_{goal.scope}"]
            and self.method in (False, goal.method)
            and (not self.company_id or self.company_id == goal.company_id)
        )

    def _say(self, facts):
        """The hint in words, with the figures that the engine found."""
        self.ensure_one()
        return fill(self.env, self.message, facts)


class HrPerformanceSmartWords(models.Model):
    """The words of a rule in one language."""

    _name = "hr.performance.smart.words"
    _inherit = ["hr.performance.guard.mixin"]
    _description = "Words of a SMART Rule"
    _order = "rule_id, lang, id"
    _rec_name = "lang"

    rule_id = fields.Many2one(
        "hr.performance.smart.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    lang = fields.Selection(
        lambda self: self._languages(),
        "Language",
        required=True,
        help="In which language one finds them; all lists are searched in every text.",
    )
    words = fields.Text(
        required=True,
        help="Separated by commas. A star stands for more letters: improv* finds improve,"
        " improving and improvement.",
    )

    _lang_unique = models.UniqueIndex(
        "(rule_id, lang)", "The rule has a list in this language: add the words to it."
    )

    @api.model
    def _languages(self):
        """All languages, also those in which nobody uses Odoo here: people write in them."""
        languages = self.env["res.lang"].with_context(active_test=False).search([])
        return [(language.code, language.name) for language in languages]

    def _as_words(self):
        """The words of all lists, one after the other."""
        return tuple(
            word.strip()
            for words in self
            for word in SEPARATORS.split(words.words or "")
            if word.strip()
        )

    @api.constrains("words")
    def _check_words(self):
        for words in self:
            # a star alone would find everything
            if not all(word.strip("* ") for word in words._as_words() or ("",)):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: a word needs letters beside the star. Correct"
                        " the list in %(language)s.",
                        rule=words.rule_id.name,
                        language=dict(self._languages())[words.lang],
                    )
                )
