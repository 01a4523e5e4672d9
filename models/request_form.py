from odoo import api, fields, models

#: who is not asked for a comment alone
COUNTED_KINDS = ("rating", "choice", "yes_no", "text", "skill")


class HrPerformanceRequest(models.Model):
    """The form that who is asked fills in; the screen is ``static/src/fields/review``.

    The parts are built by the form's own records (:meth:`section._form_section`,
    :meth:`question._form_item`, :meth:`item._form_item`), which need no request: the preview
    of a template uses them as well. What stands beside the form is ``request_evidence.py``.
    """

    _inherit = "hr.performance.request"

    form = fields.Json(
        compute="_compute_form",
        help="The form as the review screen shows it: sections with who will read them, and"
        " items with what can be answered.",
    )
    answered_count = fields.Integer(compute="_compute_progress")
    item_count = fields.Integer(compute="_compute_progress")

    @api.depends("state", "draft")
    @api.depends_context("uid", "lang")
    def _compute_form(self):
        for request in self:
            request.form = (
                # sudo: who is asked need not read the appraisal
                request.sudo()._form()
                if request.is_author or request.state == "done"
                else False
            )

    def _form(self):
        """The whole form; in superuser mode."""
        appraisal, counted = self.appraisal_id, self._counted_items()
        return {
            "person": self.employee_id.name,
            "readonly": self.state in ("done", "declined"),
            "sections": [
                section._form_section(
                    appraisal.scale_id,
                    [
                        item._form_item() | {"is_counted": item in counted}
                        for item in items
                    ],
                    self._tag(section),
                )
                for section, items in self._items().grouped("section_id").items()
            ],
        }

    def _tag(self, section):
        """Who will read what is answered in ``section``, said before it is written."""
        request = self.sudo()
        return section._tag(
            request.role,
            request.is_anonymous,
            request.employee_id.name,
            request.appraisal_id.anonymity_minimum,
        )

    @api.depends("draft", "state")
    @api.depends_context("uid")
    def _compute_progress(self):
        for request in self:
            items = request._counted_items()
            answers = request.draft or {}
            request.item_count = len(items)
            request.answered_count = (
                len(items)
                if request.state == "done"
                else sum(
                    item._is_answered(answers.get(str(item.id)) or {}) for item in items
                )
            )


class HrPerformanceAppraisalItem(models.Model):
    _inherit = "hr.performance.appraisal.item"

    def _is_counted(self):
        """Whether an answer is waited for; a goal that its points speak for is commented."""
        return self.kind in COUNTED_KINDS or self._is_rated()

    def _form_item(self):
        """The item as the review screen shows it."""
        question, skill = self.question_id, self.skill_id
        values = form_item(
            self.id,
            self.name,
            self.kind,
            description=question.description or skill.skill_type_id.name or "",
            required=self.required,
            word_limit=self.word_limit,
            is_rated=self._is_rated(),
        )
        if self.kind == "choice":
            values["options"] = question.option_ids._form_options()
        if self.kind == "goal":
            values["goal_id"] = self.goal_id.id
            values["suggested_level_id"] = self.suggested_level_id.id
        if self.kind == "skill":
            values["levels"] = _skill_levels(skill.skill_type_id)
            values["expected"] = self.expected_level_id.name or ""
            values["expected_level_id"] = self.expected_level_id.id
            values["current"] = self.current_level_id.name or ""
            values["current_level_id"] = self.current_level_id.id
        return values


class HrPerformanceTemplateSection(models.Model):
    _inherit = "hr.performance.template.section"

    def _form_section(self, form_scale, items, tag):
        """The section as the review screen shows it. Needs neither appraisal nor request.

        :param form_scale: the scale of the result, for sections without one of their own
        :param items: what :func:`form_item` makes, of real or of made-up items
        :param tag: what :meth:`_tag` returns
        """
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description or "",
            "kind": self.kind,
            "tag": tag,
            "show": {
                name: self[f"show_{name}"]
                for name in ("goals", "talk", "last", "skills")
            },
            "levels": (self.scale_id or form_scale).level_ids._form_levels(),
            "items": items,
        }

    def _tag(self, role, is_anonymous, person, minimum):
        """Who will read the answers to this section, said to who writes them.

        :param role: of the writer, see ``ROLES``
        :param person: the name of who is appraised
        :param minimum: how many answers an anonymous role needs to be shown
        :return: ``kind`` (own, named, together, never) and ``text``
        """
        self.ensure_one()
        _ = self.env._
        if role == "self":
            kind, text = "own", _("Read by your manager and HR once you submit")
        elif self.sharing == "never":
            kind = "never"
            text = (
                _(
                    "Never shown to %(person)s; read by the manager and HR together with"
                    " others, without your name",
                    person=person,
                )
                if is_anonymous
                else _(
                    "Never shown to %(person)s; read by the manager and HR with your name",
                    person=person,
                )
            )
        elif is_anonymous:
            kind = "together"
            reviewer = self.template_id.role_ids.filtered(lambda one: one.role == role)
            roles = dict(reviewer._fields["role"]._description_selection(self.env))
            text = (
                _(
                    "Shown together with others, never with your name (from %(minimum)s"
                    " answers on; fewer join those of “%(other)s”)",
                    minimum=minimum,
                    other=roles[reviewer.merge_into],
                )
                if reviewer.merge_into
                else _(
                    "Shown together with others, never with your name (from %(minimum)s"
                    " answers on; fewer are read by nobody)",
                    minimum=minimum,
                )
            )
        else:
            kind, text = "named", _("Shown with your name after the release")
        return {"kind": kind, "text": text}


class HrPerformanceTemplateQuestion(models.Model):
    _inherit = "hr.performance.template.question"

    def _form_item(self):
        """The question as the review screen shows it, for previews of the form."""
        return form_item(
            self.id,
            self.name,
            self.kind,
            description=self.description or "",
            required=self.required,
            word_limit=self.word_limit,
            is_rated=self.kind == "rating",
            options=self.option_ids._form_options() if self.kind == "choice" else [],
        )


class HrPerformanceTemplateOption(models.Model):
    _inherit = "hr.performance.template.option"

    def _form_options(self):
        return [{"id": option.id, "name": option.name} for option in self]


class HrPerformanceScaleLevel(models.Model):
    _inherit = "hr.performance.scale.level"

    def _form_levels(self):
        return [
            {
                "id": level.id,
                "name": level.name,
                "description": level.description or "",
                "evidence_required": level.evidence_required,
            }
            for level in self
        ]


def form_item(id_, name, kind, **values):
    """An item as the review screen shows it, with all the keys the screen knows.

    Pure data, so that a preview can show goals and competencies that nobody has.

    :param kind: goal, rating, choice, yes_no, text or skill
    :param values: ``description``, ``required``, ``word_limit`` (0: none), ``is_rated`` (by
        a level of the section's scale), ``options`` (of a choice), ``levels`` (of a skill),
        ``suggested_level_id``, ``expected`` and ``current`` (names of skill levels)
    """
    return {
        "id": id_,
        "name": name,
        "kind": kind,
        "description": "",
        "required": False,
        "word_limit": 0,
        "is_rated": kind == "rating",
        "is_counted": kind in COUNTED_KINDS or bool(values.get("is_rated")),
        "options": [],
        "levels": [],
        "goal_id": False,
        "suggested_level_id": False,
        "expected": "",
        "current": "",
        "expected_level_id": False,
        "current_level_id": False,
        **values,
    }


def _skill_levels(skill_type):
    return [
        {"id": level.id, "name": level.name, "progress": level.level_progress}
        for level in skill_type.skill_level_ids.sorted("level_progress")
    ]
