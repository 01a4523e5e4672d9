from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import PerformanceCommon

#: who is asked anonymously; the names occur nowhere else
RATERS = {
    "peer": ("Aldebaran", "Betelgeuse", "Capella", "Deneb", "Electra"),
    "report": ("Fomalhaut", "Gienah", "Hadar"),
    "other": ("Izar",),
}
#: the word that each of them, and nobody else, writes
WORDS = {
    name: f"kumquat{number:02}x"
    for number, name in enumerate(
        (name for names in RATERS.values() for name in names), 1
    )
}


class AnonymityCommon(PerformanceCommon):
    """The employee's appraisal with five colleagues, three reports and one more asked.

    Each of them answers two questions that are rated and two that are not; in what they
    write is a word of their own (:data:`WORDS`). The last question is for the line alone.
    """

    #: which role joins which when it is too small
    merge_into = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_raters()
        cls.form = cls._create_form()
        cls._begin()
        cls.env.flush_all()

    @classmethod
    def _begin(cls):
        cls.appraisal = cls.make_appraisal(template_id=cls.form.id)
        cls.requests = cls.ask(cls.appraisal)

    @classmethod
    def _create_raters(cls):
        cls.raters = {}
        for role, names in RATERS.items():
            for name in names:
                user = new_test_user(
                    cls.env,
                    login=f"perf_{name}",
                    name=name,
                    groups="base.group_user",
                    company_id=cls.company.id,
                )
                cls.users[name] = user
                cls.raters[name] = cls.people[name] = cls.env["hr.employee"].create(
                    {
                        "name": name,
                        "user_id": user.id,
                        "company_id": cls.company.id,
                        "department_id": cls.department_sub.id,
                        "parent_id": (
                            cls.employee if role == "report" else cls.manager
                        ).id,
                    }
                )

    @classmethod
    def _create_form(cls):
        return cls.env["hr.performance.template"].create(
            {
                "name": "All round",
                "company_id": cls.company.id,
                "role_ids": [
                    Command.create({"role": "self", "weight": 0}),
                    Command.create({"role": "manager", "weight": 60}),
                    *(
                        Command.create(
                            {
                                "role": role,
                                "weight": 20,
                                "is_anonymous": True,
                                "nomination": "manager",
                                "merge_into": cls.merge_into.get(role),
                            }
                        )
                        for role in RATERS
                    ),
                ],
                "section_ids": [
                    Command.create(
                        {
                            "name": "Working together",
                            "question_ids": [
                                Command.create({"name": "Listens"}),
                                Command.create({"name": "Shares"}),
                                Command.create(
                                    {
                                        "name": "Go on with",
                                        "kind": "text",
                                        "required": False,
                                    }
                                ),
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "For the line",
                            "sharing": "never",
                            "weight": 0,
                            "question_ids": [
                                Command.create(
                                    {
                                        "name": "Between us",
                                        "kind": "text",
                                        "required": False,
                                    }
                                ),
                            ],
                        }
                    ),
                ],
            }
        )

    @classmethod
    def ask(cls, appraisal, names=None):
        """``{name: request}``, made for who has not been asked yet."""
        asked = {}
        for role, several in RATERS.items():
            for name in several:
                if names is not None and name not in names:
                    continue
                request = appraisal.request_ids.filtered(
                    lambda one, name=name: one.reviewer_id == cls.raters[name]
                )
                asked[name] = request or request.create(
                    {
                        "appraisal_id": appraisal.id,
                        "role": role,
                        "reviewer_id": cls.raters[name].id,
                        "is_anonymous": True,
                    }
                )
        return asked

    @classmethod
    def item(cls, name, appraisal=None):
        return (appraisal or cls.appraisal).item_ids.filtered(
            lambda item: item.name == name
        )

    @classmethod
    def draft_of(cls, name, appraisal=None, level=None):
        """The answers of the rater ``name``."""
        levels = cls.appraisal.scale_id.level_ids
        place = list(WORDS).index(name)
        rated = {
            "level_id": (level or levels[place % len(levels)]).id,
            "text": f"{WORDS[name]} found so",
        }
        return {
            str(cls.item("Listens", appraisal).id): rated,
            str(cls.item("Shares", appraisal).id): rated,
            str(cls.item("Go on with", appraisal).id): {
                "text": f"{WORDS[name]} goes on"
            },
            str(cls.item("Between us", appraisal).id): {
                "text": f"{WORDS[name]} in private"
            },
        }

    @classmethod
    def write_draft(cls, name, appraisal=None):
        appraisal = appraisal or cls.appraisal
        request = cls.as_(cls.ask(appraisal, [name])[name], name)
        asked = map(str, request.sudo()._items().ids)
        draft = cls.draft_of(name, appraisal)
        request.draft = {item: draft[item] for item in asked}
        return request

    @classmethod
    def submit(cls, *names, appraisal=None):
        """The raters ``names`` answer and submit, as themselves and in this order."""
        for name in names:
            cls.write_draft(name, appraisal).action_submit()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def close_collection(cls, appraisal=None):
        (appraisal or cls.appraisal).action_close_collection()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def run_night(cls):
        def go_on(self, processed=0, *, remaining=None, deactivate=False):
            return float("inf")

        with patch.object(type(cls.env["ir.cron"]), "_commit_progress", go_on):
            cls.env["hr.performance.request"]._cron_mark_overdue()
            cls.env["hr.performance.appraisal"]._cron_close_collections()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def published(cls, appraisal=None):
        """The anonymous reviews that are there."""
        return cls.env["hr.performance.review"].search(
            [
                ("appraisal_id", "=", (appraisal or cls.appraisal).id),
                ("is_anonymous", "=", True),
            ]
        )
