"""Who may read, write, create and delete what: one table, every cell of it checked."""

from psycopg2 import Error

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rpc import Refused, RpcCommon

# Read as: r(ead) w(rite) c(reate) d(elete). "c" is about making one more record of that
# kind; where the kind is a state that only steps lead to, nobody can. A write is one to the
# field that the kind is about (see ``_writes``).
#
# skip: the manager's manager · other-x: x of another company
TABLE = """
model              | kind                          | employee manager skip colleague officer admin other-employee other-officer
scale              | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
scale              | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
scale.level        | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
template           | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
template           | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
template.role      | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
template.section   | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
template.question  | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
template.option    | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
indicator          | of the company                | r--- r--- r--- r--- rwc- rwcd ---- ----
indicator          | shared                        | r--- r--- r--- r--- rwc- rwcd r--- rwc-
indicator.set      | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
indicator.band     | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
smart.rule         | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
smart.rule         | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
advice.rule        | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
advice.rule        | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
smart.words        | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
cycle              | in plan                       | r--- r--- r--- r--- rwc- rwcd ---- ----
cycle.phase        | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
launch             | of the company                | ---- ---- ---- ---- rwcd rwcd ---- ----
schedule           | of the company                | ---- ---- ---- ---- rwcd rwcd ---- ----
level.mix          | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
alignment          | of a personal goal            | r--- r--- r--- ---- r--- r--- ---- ----
alignment          | of a goal for everyone        | r--- r--- r--- r--- r--- r--- ---- ----
alignment          | of a department goal          | r--- r--- r--- r--- r--- r--- ---- ----
alignment          | of all goals of a person      | r--- r--- r--- ---- r--- r--- ---- ----
alignment          | of a person without goals     | ---- ---- r--- ---- r--- r--- ---- ----
goal               | personal, draft               | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
goal               | personal, proposed            | r--- rw-- rw-- ---- rw-- rw-- ---- ----
goal               | personal, agreed              | r--- r--- r--- ---- r--- r--- ---- ----
goal               | personal, cancelled after all | r--- r--- r--- ---- r--- r--- ---- ----
goal               | personal, everyone, draft     | rwcd rwcd rwcd r--- rwcd rwcd ---- ----
goal               | personal, everyone, agreed    | r--- r--- r--- r--- r--- r--- ---- ----
goal               | of the officer, draft         | ---- ---- rwcd ---- rwcd rwcd ---- ----
goal               | of the officer, agreed        | ---- ---- r--- ---- r--- r--- ---- ----
goal               | of the department, draft      | r--- rwcd rwcd r--- rwcd rwcd ---- ----
goal               | of the department, agreed     | r--- r--- r--- r--- r--- r--- ---- ----
goal               | of the post, draft            | r--- rwcd rwcd r--- rwcd rwcd ---- ----
goal               | of the post, agreed           | r--- r--- r--- r--- r--- r--- ---- ----
goal               | of the company, draft         | r--- r--- r--- r--- rwcd rwcd ---- ----
goal               | of the company, agreed        | r--- r--- r--- r--- r--- r--- ---- ----
measure            | personal, draft               | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
measure            | personal, proposed            | r--- rwcd rwcd ---- rwcd rwcd ---- ----
measure            | personal, agreed              | r--- r--- r--- ---- r--- r--- ---- ----
measure            | personal, everyone, agreed    | r--- r--- r--- r--- r--- r--- ---- ----
measure            | of the department, draft      | r--- rwcd rwcd r--- rwcd rwcd ---- ----
measure            | of the post, draft            | r--- rwcd rwcd r--- rwcd rwcd ---- ----
measure            | of the post, agreed           | r--- r--- r--- r--- r--- r--- ---- ----
measure            | of the company, agreed        | r--- r--- r--- r--- r--- r--- ---- ----
milestone          | personal, draft               | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
milestone          | personal, agreed              | r--- r--- r--- ---- r--- r--- ---- ----
milestone          | personal, everyone, agreed    | r--- r--- r--- r--- r--- r--- ---- ----
action             | personal, draft               | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
action             | personal, agreed              | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
action             | personal, everyone, agreed    | rwcd rwcd rwcd r--- rwcd rwcd ---- ----
action             | of the department, agreed     | r--- rwcd rwcd r--- rwcd rwcd ---- ----
action             | of the company, agreed        | r--- r--- r--- r--- rwcd rwcd ---- ----
action             | personal, for a colleague     | rwcd rwcd rwcd r--- rwcd rwcd ---- ----
action             | of a one-on-one               | rwcd rwcd ---- ---- ---- ---- ---- ----
action             | of an interview               | rwcd rwcd ---- ---- r--- r--- ---- ----
allowance          | of a unit                     | ---- r--- r--- ---- rwcd rwcd ---- ----
allowance          | of the company                | ---- ---- ---- ---- rwcd rwcd ---- ----
resource           | of a personal goal            | r--- r--- r--- ---- r--- r--- ---- ----
resource           | of a goal for everyone        | r--- r--- r--- r--- r--- r--- ---- ----
resource           | of a department goal          | r--- r--- r--- r--- r--- r--- ---- ----
risk               | personal, draft               | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
risk               | personal, agreed              | rwcd rwcd rwcd ---- rwcd rwcd ---- ----
risk               | personal, everyone, agreed    | rwcd rwcd rwcd r--- rwcd rwcd ---- ----
risk               | of the department, agreed     | r--- rwcd rwcd r--- rwcd rwcd ---- ----
risk               | of the post, agreed           | r--- rwcd rwcd r--- rwcd rwcd ---- ----
risk               | of the company, agreed        | r--- r--- r--- r--- rwcd rwcd ---- ----
risk               | personal, for a colleague     | rwcd rwcd rwcd rw-- rwcd rwcd ---- ----
risk               | personal, closed              | r--- r--- r--- ---- r--- r--- ---- ----
risk.review        | personal, agreed              | r--- r--- r--- ---- r--- r--- ---- ----
risk.review        | personal, everyone, agreed    | r--- r--- r--- r--- r--- r--- ---- ----
risk.review        | of the department, agreed     | r--- r--- r--- r--- r--- r--- ---- ----
risk.review        | personal, for a colleague     | r--- r--- r--- r--- r--- r--- ---- ----
risk.tolerance     | of the company                | r--- r--- r--- r--- rw-- rw-- ---- ----
goal.tag           | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
goal.template      | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
goal.template      | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
goal.template.measure | of the company             | r--- r--- r--- r--- rwcd rwcd ---- ----
goal.template.action  | of the company             | r--- r--- r--- r--- rwcd rwcd ---- ----
cascade            | of the manager                | ---- rw-d ---- ---- rw-d rw-d ---- ----
cascade.line       | of the manager                | ---- rw-- ---- ---- rw-- rw-- ---- ----
cascade.measure    | of the manager                | ---- rw-- ---- ---- rw-- rw-- ---- ----
assignment         | of the manager                | --c- rwcd --c- --c- rwcd rwcd ---- ----
assignment.line    | of the manager                | ---- rwcd ---- ---- rwcd rwcd ---- ----
goal.copy          | of the manager                | --c- rwcd --c- --c- rwcd rwcd ---- ----
target.change      | personal, requested           | rwcd r-c- r-c- ---- r-c- r-c- ---- ----
target.change      | personal, approved            | r-c- r-c- r-c- ---- r-c- r-c- ---- ----
target.change      | personal, everyone, requested | rwcd r-c- r-c- ---- r-c- r-c- ---- ----
goal.revision      | personal, agreed              | r--- r--- r--- ---- r--- r--- ---- ----
goal.revision      | personal, everyone, agreed    | r--- r--- r--- ---- r--- r--- ---- ----
goal.revision      | of the officer, agreed        | ---- ---- r--- ---- r--- r--- ---- ----
goal.revision      | of the department, agreed     | r--- r--- r--- r--- r--- r--- ---- ----
goal.revision      | of the company, agreed        | r--- r--- r--- r--- r--- r--- ---- ----
owed               | check-in of a person          | r--- r--- r--- ---- r--- r--- ---- ----
owed               | the manager's, about a person | ---- r--- r--- ---- r--- r--- ---- ----
notice             | of the manager                | ---- r--- ---- ---- ---- ---- ---- ----
cadence            | of a person                   | r--- rwcd rwcd ---- rwcd rwcd ---- ----
cadence            | of the manager                | ---- r--- rwcd ---- rwcd rwcd ---- ----
cadence            | of a department               | r--- rwcd rwcd r--- rwcd rwcd ---- ----
checkin            | personal, draft               | rwcd --c- --c- ---- --c- --c- ---- ----
checkin            | personal, posted              | r--- r--- r--- ---- r--- r--- ---- ----
checkin            | personal, acknowledged        | r--- r--- r--- ---- r--- r--- ---- ----
checkin            | manager's, personal, draft    | --c- rwcd --c- ---- --c- --c- ---- ----
checkin            | personal, everyone, posted    | r--- r--- r--- ---- r--- r--- ---- ----
checkin            | of the department, draft      | ---- rwcd --c- ---- --c- --c- ---- ----
checkin            | of the department, posted     | r--- r--- r--- r--- r--- r--- ---- ----
checkin.value      | personal, draft               | rwcd ---- ---- ---- ---- ---- ---- ----
checkin.value      | personal, posted              | r--- r--- r--- ---- r--- r--- ---- ----
checkin.value      | personal, everyone, posted    | r--- r--- r--- ---- r--- r--- ---- ----
checkin.value      | of the department, posted     | r--- r--- r--- r--- r--- r--- ---- ----
meeting            | one-on-one, planned           | rwc- rwc- r--- ---- r--- r--- ---- ----
meeting            | one-on-one, confirmed         | r--- r--- r--- ---- r--- r--- ---- ----
meeting            | interview, disputed           | r--- r--- r--- ---- r--- r--- ---- ----
meeting.topic      | one-on-one, planned           | rwcd rwc- ---- ---- ---- ---- ---- ----
meeting.topic      | one-on-one, confirmed         | r--- r--- ---- ---- ---- ---- ---- ----
meeting.topic      | interview, disputed           | rwcd rwc- ---- ---- r--- r--- ---- ----
meeting.minutes    | one-on-one, planned           | r--- r--- ---- ---- ---- ---- ---- ----
meeting.minutes    | one-on-one, confirmed         | r--- r--- ---- ---- ---- ---- ---- ----
meeting.minutes    | interview, disputed           | r--- r--- ---- ---- r--- r--- ---- ----
meeting.statement  | one-on-one, confirmed         | r--- r--- ---- ---- ---- ---- ---- ----
meeting.statement  | interview, disputed           | r--- r--- ---- ---- r--- r--- ---- ----
meeting.note       | of the employee               | r--- ---- ---- ---- ---- ---- ---- ----
meeting.note       | of the manager                | ---- r--- ---- ---- ---- ---- ---- ----
question.set       | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
question.set       | shared                        | r--- r--- r--- r--- rwcd rwcd r--- rwcd
question.line      | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
evidence           | personal, draft               | rwcd ---- ---- ---- ---- ---- ---- ----
evidence           | personal, posted              | r--- r--- r--- ---- r--- r--- ---- ----
evidence           | personal, everyone, posted    | r--- r--- r--- ---- r--- r--- ---- ----
evidence           | of the department, posted     | r--- r--- r--- r--- r--- r--- ---- ----
reading            | of a person                   | rwc- rwc- rwc- ---- rwcd rwcd ---- ----
reading            | of a person, supplied         | rwc- rwc- rwc- rwc- rwcd rwcd ---- ----
reading            | of a person, by check-in      | rw-- rw-- rw-- ---- rw-- rw-- ---- ----
reading            | of a department               | r--- r--- r--- r--- rwcd rwcd ---- ----
reading            | of the company                | r--- r--- r--- r--- rwcd rwcd ---- ----
reading.correction | of a person                   | r--- r--- r--- ---- r--- r--- ---- ----
reading.correction | of a person, supplied         | r--- r--- r--- r--- r--- r--- ---- ----
reading.correction | of a department               | r--- r--- r--- r--- r--- r--- ---- ----
appraisal          | draft                         | ---- r--- r--- ---- rwcd rwcd ---- ----
appraisal          | open                          | ---- r--- r--- ---- rw-- rw-- ---- ----
appraisal          | assessed                      | ---- r--- r--- ---- rw-- rw-- ---- ----
appraisal          | released                      | r--- r--- r--- ---- rw-- rw-- ---- ----
appraisal          | acknowledged                  | r--- r--- r--- ---- rw-- rw-- ---- ----
appraisal          | of the officer, draft         | ---- ---- r--- ---- ---- rwcd ---- ----
appraisal          | of the officer, open          | ---- ---- r--- ---- ---- rw-- ---- ----
appraisal          | of the officer, assessed      | ---- ---- r--- ---- ---- rw-- ---- ----
appraisal          | of the officer, released      | ---- ---- r--- ---- r--- rw-- ---- ----
appraisal          | confidential, assessed        | ---- r--- ---- ---- rw-- rw-- ---- ----
appraisal.item     | goal, open                    | ---- r--- r--- ---- rw-- rw-- ---- ----
appraisal.item     | question, open                | ---- r--- r--- ---- rw-- rw-- ---- ----
appraisal.item     | question, assessed            | ---- r--- r--- ---- r--- r--- ---- ----
appraisal.item     | question, released            | r--- r--- r--- ---- r--- r--- ---- ----
appraisal.item     | of the officer, assessed      | ---- ---- r--- ---- ---- r--- ---- ----
appraisal.item     | of the officer, released      | ---- ---- r--- ---- r--- r--- ---- ----
appraisal.item     | confidential, assessed        | ---- r--- ---- ---- r--- r--- ---- ----
request            | self, to do                   | rw-- r--- r--- ---- r--- r--- ---- ----
request            | manager's, to do              | ---- rw-- r--- ---- r--- r--- ---- ----
request            | self, done                    | r--- r--- r--- ---- r--- r--- ---- ----
request            | manager's, done, released     | ---- r--- r--- ---- r--- r--- ---- ----
request            | of the officer, self, to do   | ---- ---- r--- ---- rw-- r--- ---- ----
request            | of the officer, manager's     | ---- ---- rw-- ---- ---- r--- ---- ----
request            | anonymous, to do              | ---- ---- ---- rw-- ---- ---- ---- ----
request            | confidential, done            | ---- r--- ---- ---- r--- r--- ---- ----
nomination         | proposed by the person        | r--- r--- r--- ---- r--- r--- ---- ----
nomination         | named by the manager          | ---- r--- r--- ---- r--- r--- ---- ----
nomination         | of the officer, proposed      | ---- ---- r--- ---- r--- r--- ---- ----
nomination         | of the officer, named         | ---- ---- r--- ---- ---- r--- ---- ----
manager.stint      | of a person                   | r--- r--- r--- ---- rwcd rwcd ---- ----
manager.stint      | of the officer                | ---- ---- r--- ---- r--- rwcd ---- ----
request.draft      | self                          | r--- ---- ---- ---- ---- ---- ---- ----
request.draft      | manager's                     | ---- r--- ---- ---- ---- ---- ---- ----
request.draft      | of the officer, manager's     | ---- ---- r--- ---- ---- ---- ---- ----
request.draft      | anonymous                     | ---- ---- ---- r--- ---- ---- ---- ----
review             | self, assessed                | r--- r--- r--- ---- r--- r--- ---- ----
review             | manager's, assessed           | ---- r--- r--- ---- r--- r--- ---- ----
review             | manager's, released           | r--- r--- r--- ---- r--- r--- ---- ----
review             | of the officer, assessed      | ---- ---- r--- ---- ---- r--- ---- ----
review             | of the officer, released      | ---- ---- r--- ---- r--- r--- ---- ----
review             | anonymous, assessed           | ---- r--- r--- ---- r--- r--- ---- ----
review             | confidential, assessed        | ---- r--- ---- ---- r--- r--- ---- ----
review             | before one's own              | r--- ---- r--- ---- r--- r--- ---- ----
answer             | self, assessed                | r--- r--- r--- ---- r--- r--- ---- ----
answer             | manager's, assessed           | ---- r--- r--- ---- r--- r--- ---- ----
answer             | manager's, released           | r--- r--- r--- ---- r--- r--- ---- ----
answer             | of the officer, assessed      | ---- ---- r--- ---- ---- r--- ---- ----
answer             | of the officer, released      | ---- ---- r--- ---- r--- r--- ---- ----
answer             | anonymous, released           | r--- r--- r--- ---- r--- r--- ---- ----
answer             | never shared, released        | ---- r--- r--- ---- r--- r--- ---- ----
answer             | confidential, assessed        | ---- r--- ---- ---- r--- r--- ---- ----
answer             | before one's own              | r--- ---- r--- ---- r--- r--- ---- ----
feedback           | draft                         | ---- --c- --c- rwcd --c- --c- ---- ----
feedback           | for the person, given         | r--- ---- ---- r--- ---- ---- ---- ----
feedback           | for the line, given           | r--- r--- r--- r--- ---- ---- ---- ----
feedback           | for managers, given           | ---- r--- r--- r--- ---- ---- ---- ----
feedback           | for everyone, given           | r--- r--- r--- r--- r--- r--- ---- ----
feedback.request   | by the person, asked          | rwc- --c- --c- r--- ---- ---- ---- ----
feedback.request   | by the manager, asked         | --c- rwc- --c- r--- ---- ---- ---- ----
feedback.request   | by the person, answered       | r--- ---- ---- r--- ---- ---- ---- ----
"""  # noqa: E501

#: the columns of the table, as PerformanceCommon names these people
ROLES = (
    "employee",
    "manager",
    "director",
    "colleague",
    "officer",
    "administrator",
    "other_employee",
    "other_officer",
)

#: a number of the model, whose mean over hidden records must not be told
NUMBERS = {
    "goal": "score",
    "action": "planned_hours",
    "allowance": "hours",
    "measure": "score",
    "risk": "level",
    "checkin": "confidence",
    "meeting": "duration",
    "checkin.value": "value",
    "reading": "value",
    "reading.correction": "value",
    "appraisal": "score",
    "appraisal.item": "score",
    "answer": "value",
}


def read_table():
    """``{(model, kind): (cell of each role, ...)}``."""
    table = {}
    for line in TABLE.strip().splitlines()[1:]:
        model, kind, cells = (part.strip() for part in line.split("|"))
        assert (model, kind) not in table, f"twice in the table: {model}, {kind}"
        table[model, kind] = tuple(cells.split())
        assert len(table[model, kind]) == len(ROLES), line
    return table


@tagged("post_install", "-at_install")
class TestAccessMatrix(RpcCommon):
    # ------------------------------------------------------------------ records

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = read_table()
        #: the record of each kind
        cls.records = {}
        #: the values to create one more with; kinds without are never created by hand
        cls.news = {}
        #: the write tried on each kind
        cls.changes = {}
        cls._make_configuration()
        cls._make_goals()
        cls._make_risks()
        cls._make_resources()
        cls._make_cascades()
        cls._make_findings()
        cls._make_library()
        cls._make_cadences()
        cls._make_checkins()
        cls._make_meetings()
        cls._make_readings()
        cls._make_appraisals()
        cls._make_few_readers()
        cls._make_reviewers()
        cls._make_owed()
        cls._make_feedback()
        cls.env.flush_all()

    @classmethod
    def _add(cls, model, kind, record, change=None, new=None):
        record.ensure_one()
        cls.records[model, kind] = record
        cls.changes[model, kind] = change
        cls.news[model, kind] = new

    @classmethod
    def _new(cls, model, kind, change, new):
        """Create a record of that kind from the very values that others try to."""
        record = cls.env[f"hr.performance.{model}"].create(new)
        cls._add(model, kind, record, change, new)
        return record

    @classmethod
    def _make_configuration(cls):
        company = {"company_id": cls.company.id}
        renamed = {"name": "Renamed"}
        for kind, values in (("of the company", company), ("shared", {})):
            scale = cls._new("scale", kind, renamed, {"name": "A scale"} | values)
            form = cls._new(
                "template", kind, renamed, {"name": "A form", "role_ids": []} | values
            )
            indicator = cls._new(
                "indicator", kind, renamed, {"name": "An indicator"} | values
            )
            rule = cls._new_smart_rule(kind, values)
            cls._new(
                "advice.rule",
                kind,
                renamed,
                {"name": "Advice", "message": "Look", "reason": "So"} | values,
            )
            if kind == "of the company":
                own_scale, own_form, own_indicator = scale, form, indicator
                own_rule = rule
        own_form.role_ids.unlink()
        cls._add(
            "scale.level",
            "of the company",
            cls.env["hr.performance.scale.level"].create(
                {"name": "Low", "scale_id": own_scale.id, "value": 1, "score_min": 1}
            ),
            renamed,
            {"name": "High", "scale_id": own_scale.id, "value": 9, "score_min": 9},
        )
        cls._add(
            "template.role",
            "of the company",
            cls.env["hr.performance.template.role"].create(
                {"template_id": own_form.id, "role": "self"}
            ),
            {"weight": 7},
            {"template_id": own_form.id, "role": "manager"},
        )
        section = cls._new(
            "template.section",
            "of the company",
            renamed,
            {"name": "A section", "template_id": own_form.id},
        )
        question = cls._new(
            "template.question",
            "of the company",
            renamed,
            {"name": "A question", "section_id": section.id},
        )
        cls._new(
            "template.option",
            "of the company",
            renamed,
            {"name": "An answer", "question_id": question.id},
        )
        cls._add(
            "indicator.band",
            "of the company",
            cls.env["hr.performance.indicator.band"].create(
                {"indicator_id": own_indicator.id, "threshold": 1, "points": 1}
            ),
            {"label": "Renamed"},
            {"indicator_id": own_indicator.id, "threshold": 9, "points": 9},
        )
        cls._add(
            "smart.words",
            "of the company",
            cls.env["hr.performance.smart.words"].create(
                {"rule_id": own_rule.id, "lang": "en_US", "words": "better"}
            ),
            {"words": "worse"},
            {"rule_id": own_rule.id, "lang": "nb_NO", "words": "bedre"},
        )
        cls._new("indicator.set", "shared", renamed, {"name": "A set"})
        cls._new(
            "cycle",
            "in plan",
            renamed,
            {
                "name": "A cycle",
                "company_id": cls.company.id,
                "date_start": cls.day(1, 1),
                "date_end": cls.day(12, 31),
            },
        )

    @classmethod
    def _new_smart_rule(cls, kind, values):
        new = {
            "name": "A rule",
            "check": "measure_missing",
            "message": "No measure.",
            "reason": "Why",
            "example_better": "So",
            **values,
        }
        rule = cls.env["hr.performance.smart.rule"].create(new | {"code": f"A {kind}"})
        cls._add(
            "smart.rule", kind, rule, {"name": "Renamed"}, new | {"code": f"B {kind}"}
        )
        return rule

    @classmethod
    def _make_findings(cls):
        """What the report finds on the goals that are there, and what it goes by."""
        mixes = cls.env["hr.performance.level.mix"]
        new = {"cycle_id": cls.cycle.id, "scope": "department"}
        cls._add(
            "level.mix",
            "of the company",
            mixes.create(new),
            {"okr": False},
            new | {"scope": "company"},  # a cycle has one line for each level
        )
        new = {"cycle_id": cls.cycle.id, "purpose": "mid_year"}
        cls._add(
            "cycle.phase",
            "of the company",
            cls.env["hr.performance.cycle.phase"].create(new),
            {"date_start": cls.day(3)},
            new | {"purpose": "goal_setting"},  # a cycle has one for each purpose
        )
        new = {"cycle_id": cls.cycle.id, "company_id": cls.company.id, "name": "All"}
        cls._new("launch", "of the company", {"name": "Sales"}, new)
        new = {"company_id": cls.company.id, "name": "Probation"}
        cls._new("schedule", "of the company", {"lead_days": 7}, new)
        findings = cls.env["hr.performance.alignment"]
        # weights have to add up to 100 where somebody has set one
        cls.goals["personal, everyone, draft"].weight = 50
        for kind, found, name, about in (
            (
                "of a personal goal",
                "leads_nowhere",
                "goal_id",
                cls.goals["personal, draft"],
            ),
            (
                "of a goal for everyone",
                "leads_nowhere",
                "goal_id",
                cls.goals["personal, everyone, draft"],
            ),
            (
                "of a department goal",
                "nothing_below",
                "goal_id",
                cls.goals["of the department, draft"],
            ),
            ("of all goals of a person", "weights", "employee_id", cls.employee),
            (
                "of a person without goals",
                "without_goals",
                "employee_id",
                cls.administrator,
            ),
        ):
            finding = findings.search([("kind", "=", found), (name, "=", about.id)])
            cls._add("alignment", kind, finding, {"amount": 1}, {"amount": 1})

    @classmethod
    def _make_goals(cls):
        holders = {
            "personal": {"scope": "employee", "employee_id": cls.employee.id},
            "personal, everyone": {
                "scope": "employee",
                "employee_id": cls.employee.id,
                "visibility": "everyone",
            },
            "of the officer": {"scope": "employee", "employee_id": cls.officer.id},
            "of the department": {
                "scope": "department",
                "department_id": cls.department_sub.id,
            },
            "of the post": {"scope": "job", "job_id": cls._make_post().id},
            "of the company": {"scope": "company", "company_id": cls.company.id},
        }
        cls.goals = {}
        for model, name in cls.table:
            if model != "goal":
                continue
            holder, state = name.rsplit(", ", 1)
            new = {"name": f"Goal {name}", "cycle_id": cls.cycle.id, **holders[holder]}
            goal = cls.env["hr.performance.goal"].create(
                new
                | {
                    "measure_ids": [
                        Command.create(
                            {
                                "indicator_id": cls.ind_sum.id,
                                "target": 10,
                                "milestone_ids": [
                                    Command.create({"name": "A milestone"})
                                ],
                            }
                        )
                    ]
                }
            )
            if state != "draft":
                new["state"] = state.split()[0]
                goal.action_propose()
            if state not in ("draft", "proposed"):
                goal.action_agree()
            if state == "cancelled after all":
                goal.action_cancel("No longer wanted")
            cls._add("goal", name, goal, {"name": "Renamed"}, new)
            cls.goals[name] = goal
            if ("measure", name) in cls.table:
                cls._add(
                    "measure",
                    name,
                    goal.measure_ids,
                    {"target": 20},
                    {
                        "goal_id": goal.id,
                        "indicator_id": cls.ind_last.id,
                        "target": 10,
                    },
                )

            if ("milestone", name) in cls.table:
                new = {"measure_id": goal.measure_ids.id, "name": "A milestone"}
                cls._add(
                    "milestone",
                    name,
                    goal.measure_ids.milestone_ids,
                    {"name": "Renamed"},
                    new,
                )
            if ("goal.revision", name) in cls.table:
                revision = goal.revision_ids[:1]
                cls._add(
                    "goal.revision",
                    name,
                    revision,
                    {"reason": "Made up"},
                    {"goal_id": goal.id, "step": "agree", "content": revision.content},
                )
            if ("action", name) in cls.table:
                new = {"goal_id": goal.id, "name": "An action", "planned_hours": 8}
                cls._new("action", name, {"name": "Renamed"}, new)
        cls._new(
            "action",
            "personal, for a colleague",
            {"name": "Renamed"},
            {
                "goal_id": cls.goals["personal, agreed"].id,
                "name": "An action",
                "responsible_id": cls.colleague.id,
            },
        )
        cls._make_target_changes()

    @classmethod
    def _make_risks(cls):
        """One on each kind of goal, looked at once, so that it has a history."""
        for model, kind in cls.table:
            if model != "risk":
                continue
            goal = cls.goals.get(kind, cls.goals["personal, agreed"])
            new = {"goal_id": goal.id, "name": "A risk"}
            if kind == "personal, for a colleague":
                new["responsible_id"] = cls.colleague.id
            risk = cls._new("risk", kind, {"name": "Renamed"}, dict(new))
            risk.action_review("As it was")
            if kind == "personal, closed":
                risk.action_close()
                cls.news["risk", kind] = new | {"state": "closed"}
            if ("risk.review", kind) in cls.table:
                review = risk.review_ids
                cls._add(
                    "risk.review",
                    kind,
                    review,
                    {"note": "Made up"},
                    {"risk_id": risk.id, "user_id": cls.env.uid, "state": "open"},
                )
        cls._add(
            "risk.tolerance",
            "of the company",
            cls.env["hr.performance.risk.tolerance"].search(
                [("company_id", "=", cls.company.id)], limit=1
            ),
            {"tolerance": 5},
            {"company_id": cls.company.id, "scope": "job", "tolerance": 5},
        )

    @classmethod
    def _make_post(cls):
        """A vacant post: its goals are handed to nobody."""
        return cls.env["hr.job"].create(
            {
                "name": "Vacant",
                "company_id": cls.company.id,
                "department_id": cls.department_sub.id,
            }
        )

    @classmethod
    def _make_library(cls):
        renamed = {"name": "Renamed"}
        cls._add(
            "goal.tag",
            "shared",
            cls.env["hr.performance.goal.tag"].create({"name": "A tag"}),
            renamed,
            {"name": "Another tag"},
        )
        cls._new("goal.template", "shared", renamed, {"name": "A library goal"})
        template = cls._new(
            "goal.template",
            "of the company",
            renamed,
            {"name": "A library goal", "company_id": cls.company.id},
        )
        new = {"template_id": template.id}
        cls._new(
            "goal.template.measure",
            "of the company",
            {"target": 20},
            new | {"indicator_id": cls.ind_sum.id, "target": 10},
        )
        cls._new(
            "goal.template.action",
            "of the company",
            renamed,
            new | {"name": "An action"},
        )
        as_manager = cls.env(user=cls.manager_user)
        new = {"name": "An assignment", "cycle_id": cls.cycle.id}
        new["company_id"] = cls.company.id
        assignment = as_manager["hr.performance.assignment"].create(new)
        cls._add("assignment", "of the manager", assignment.sudo(), renamed, new)
        new = {"assignment_id": assignment.id, "template_id": template.id}
        line = as_manager["hr.performance.assignment.line"].create(new)
        other = template.sudo().copy({"name": "Another library goal"})
        cls._add(
            "assignment.line",
            "of the manager",
            line.sudo(),
            {"weight": 20},
            new | {"template_id": other.id},
        )
        new = {
            "cycle_id": cls.cycle.id,
            "target_cycle_id": cls.make_cycle("The next").id,
            "company_id": cls.company.id,
        }
        copy = as_manager["hr.performance.goal.copy"].create(new)
        cls._add("goal.copy", "of the manager", copy.sudo(), {"percent": 5}, new)

    @classmethod
    def _make_target_changes(cls):
        requests = cls.env["hr.performance.target.change"].with_user(cls.employee_user)
        for model, name in cls.table:
            if model != "target.change":
                continue
            goal, state = name.rsplit(", ", 1)
            new = {
                "measure_id": cls.goals[f"{goal}, agreed"].measure_ids.id,
                "date_from": cls.day(7, 1),
                "target": 20,
                "reason": "The market fell",
            }
            change = requests.create(new).sudo()
            if state == "approved":
                change.action_approve()
            cls._add(model, name, change, {"reason": "It fell further"}, new)

    @classmethod
    def _make_resources(cls):
        """What there is, and how the goals share it."""
        other = cls.make_cycle("Without resources")
        for kind, unit in (
            ("of a unit", cls.department_sub.id),
            ("of the company", False),
        ):
            new = {"cycle_id": cls.cycle.id, "department_id": unit, "hours": 40}
            cls._add(
                "allowance",
                kind,
                cls.env["hr.performance.allowance"].create(new),
                {"hours": 50},
                new | {"cycle_id": other.id},
            )
        cls.env.flush_all()
        for kind, goal in (
            ("of a personal goal", "personal, draft"),
            ("of a goal for everyone", "personal, everyone, draft"),
            ("of a department goal", "of the department, draft"),
        ):
            row = cls.env["hr.performance.resource"].browse(cls.goals[goal].id)
            cls._add("resource", kind, row, {"hours": 1}, {"hours": 1})

    @classmethod
    def _make_cascades(cls):
        """Made by the button on a goal, and never by hand."""
        goal = cls.make_goal(cls.department_sub, (cls.ind_sum, 10))
        action = goal.with_user(cls.manager_user).action_cascade()
        cascade = cls.env["hr.performance.cascade"].browse(action["res_id"])
        cls._add(
            "cascade",
            "of the manager",
            cascade,
            {"name": "Renamed"},
            {"name": "A cascade", "company_id": cls.company.id},
        )
        line = cascade.line_ids[0]
        cls._add(
            "cascade.line",
            "of the manager",
            line,
            {"name": "Renamed"},
            {
                "cascade_id": cascade.id,
                "source_id": goal.id,
                "scope": "employee",
                "employee_id": cls.colleague.id,
                "name": "A goal",
            },
        )
        cls._add(
            "cascade.measure",
            "of the manager",
            cascade.measure_ids,
            {"method": "same"},
            {"cascade_id": cascade.id, "measure_id": goal.measure_ids.id},
        )

    @classmethod
    def _make_owed(cls):
        """A check-in that is missing: of its owner, and of the manager who has to ask."""
        goal = cls.goals["personal, agreed"]
        cls.env.flush_all()
        today = fields.Date.today()
        # past the ORM: whenever in the year the tests run
        cls.env.cr.execute(
            "UPDATE hr_performance_goal SET checkin_due = %s, stale_on = %s WHERE id = %s",
            (fields.Date.subtract(today, days=7), today, goal.id),
        )
        cls.env.invalidate_all()
        goal._sync_owed()
        owed = cls.env["hr.performance.owed"]
        for kind, found in (
            ("check-in of a person", "checkin"),
            ("the manager's, about a person", "checkin_missed"),
        ):
            row = owed.search(
                [
                    ("kind", "=", found),
                    ("res_model", "=", goal._name),
                    ("res_id", "=", goal.id),
                ]
            )
            cls._add("owed", kind, row, {"deadline": today}, {"kind": "checkin"})
        notice = cls.env["hr.performance.notice"].search(
            [("kind", "=", "checkin_missed"), ("res_id", "=", goal.id)]
        )
        cls._add(
            "notice",
            "of the manager",
            notice,
            {"occasion": today},
            {
                "kind": "digest",
                "user_id": cls.employee_user.id,
                "occasion": today,
            },
        )

    @classmethod
    def _below(cls, manager):
        """Somebody else who has that manager, and no department."""
        return cls.env["hr.employee"].create(
            {
                "name": f"Another of {manager.name}",
                "company_id": cls.company.id,
                "parent_id": manager.id,
            }
        )

    @classmethod
    def _unit_below(cls, department):
        return cls.env["hr.department"].create(
            {
                "name": f"A part of {department.name}",
                "company_id": cls.company.id,
                "parent_id": department.id,
            }
        )

    @classmethod
    def _make_cadences(cls):
        unit = cls.department_sub
        for kind, name, record, other in (
            ("of a person", "employee_id", cls.employee, cls._below(cls.manager)),
            ("of the manager", "employee_id", cls.manager, cls._below(cls.director)),
            ("of a department", "department_id", unit, cls._unit_below(unit)),
        ):
            cadence = cls.env["hr.performance.cadence"].create(
                {name: record.id, "frequency": "week"}
            )
            new = {name: other.id, "frequency": "week"}
            cls._add("cadence", kind, cadence, {"frequency": "quarter"}, new)

    @classmethod
    def _make_checkins(cls):
        authors = {
            "personal": cls.employee_user,
            "personal, everyone": cls.employee_user,
            "manager's, personal": cls.manager_user,
            "of the department": cls.manager_user,
        }
        for model, name in cls.table:
            if model != "checkin":
                continue
            holder, state = name.rsplit(", ", 1)
            goal = cls.goals[holder.removeprefix("manager's, ") + ", agreed"]
            new = {"goal_id": goal.id, "assessment": "Going well", "confidence": 7}
            checkin = (
                cls.env["hr.performance.checkin"].with_user(authors[holder]).create(new)
            )
            evidence = {"checkin_id": checkin.id, "url": "https://example.com/a"}
            checkin.evidence_ids.create(evidence)
            checkin.value_ids.value = 3
            if state != "draft":
                new["state"] = state
                checkin.action_post()
            if state == "acknowledged":
                checkin.with_user(cls.manager_user).action_acknowledge()
            checkin = checkin.sudo()
            cls._add("checkin", name, checkin, {"assessment": "Changed"}, new)
            if ("evidence", name) in cls.table:
                cls._add(
                    "evidence",
                    name,
                    checkin.evidence_ids,
                    {"note": "Changed"},
                    evidence,
                )
            if ("checkin.value", name) in cls.table:
                cls._add(
                    "checkin.value",
                    name,
                    checkin.value_ids,
                    {"value": 4},
                    {
                        "checkin_id": checkin.id,
                        "measure_id": goal.measure_ids.id,
                        "value": 5,
                    },
                )
            if name == "personal, posted":
                reading = checkin.reading_ids
                cls._add(
                    "reading",
                    "of a person, by check-in",
                    reading,
                    {"note": "Changed"},
                    {
                        "checkin_id": checkin.id,
                        "indicator_id": reading.indicator_id.id,
                        "employee_id": cls.employee.id,
                        "value": 1,
                    },
                )

    @classmethod
    def _make_meetings(cls):
        """Disputed and then confirmed, so that there is something of everything."""
        for model, name in list(cls.table):
            if model != "meeting":
                continue
            kind, state = name.split(", ")
            new = {
                "employee_id": cls.employee.id,
                "manager_id": cls.manager.id,
                "kind": kind.replace("-", "_"),
                "start": fields.Datetime.now(),
            }
            meeting = cls.env["hr.performance.meeting"].create(new)
            as_employee = meeting.with_user(cls.employee_user)
            as_manager = meeting.with_user(cls.manager_user)
            as_manager.minutes = "<p>Agreed</p>"
            topic = {"meeting_id": meeting.id, "name": "A topic"}
            as_employee.agenda_ids.create(topic)
            if state == "planned":
                as_employee.note = "Mine"
                as_manager.note = "Also mine"
            action = {"meeting_id": meeting.id, "name": "An action"}
            if state == "planned" or kind == "interview":
                of = "a one-on-one" if kind == "one-on-one" else "an interview"
                cls._new("action", f"of {of}", {"name": "Renamed"}, action)
            if state != "planned":
                new["state"] = state
                as_manager.action_hold()
                as_employee.action_dispute("It was different")
            if state == "confirmed":
                as_manager.action_hold()
                as_employee.action_confirm()
            found = {
                "": (meeting, {"location": "Room 2"}, new),
                ".topic": (meeting.agenda_ids, {"done": True}, topic),
                ".statement": (
                    meeting.statement_ids,
                    {"text": "Changed"},
                    {"meeting_id": meeting.id, "author_id": cls.employee.id},
                ),
                ".minutes": (
                    cls.env["hr.performance.meeting.minutes"].search(
                        [("meeting_id", "=", meeting.id)]
                    ),
                    {"text": "Changed"},
                    {"meeting_id": meeting.id, "text": "Made up"},
                ),
            }
            for part, (record, change, values) in found.items():
                if (f"meeting{part}", name) in cls.table:
                    cls._add(f"meeting{part}", name, record, change, values)
            for person in ("employee", "manager") if state == "planned" else ():
                user = cls.users[person]
                cls._add(
                    "meeting.note",
                    f"of the {person}",
                    cls.env["hr.performance.meeting.note"].search(
                        [("meeting_id", "=", meeting.id), ("author_id", "=", user.id)]
                    ),
                    {"text": "Changed"},
                    {"meeting_id": meeting.id, "author_id": user.id, "text": "So"},
                )
        renamed = {"name": "Renamed"}
        for kind, values in (
            ("of the company", {"company_id": cls.company.id}),
            ("shared", {}),
        ):
            questions = cls._new(
                "question.set", kind, renamed, {"name": "A set"} | values
            )
            if values:
                cls._new(
                    "question.line",
                    kind,
                    {"text": "Why?"},
                    {"set_id": questions.id, "text": "How?"},
                )

    @classmethod
    def _make_readings(cls):
        cls.supplied = cls.env["hr.performance.indicator"].create(
            {"name": "Supplied", "supplier_id": cls.colleague.id}
        )
        person = {"employee_id": cls.employee.id}
        for kind, indicator, holder in (
            ("of a person", cls.ind_sum, person),
            ("of a person, supplied", cls.supplied, person),
            ("of a department", cls.ind_sum, {"department_id": cls.department_sub.id}),
            ("of the company", cls.ind_sum, {"company_id": cls.company.id}),
        ):
            reading = cls._new(
                "reading",
                kind,
                {"note": "Changed"},
                {
                    "indicator_id": indicator.id,
                    "value": 5,
                    "date": cls.day(2),
                    **holder,
                },
            )
            if ("reading.correction", kind) in cls.table:
                # corrected by itself, so that deleting the reading above is only that
                corrected = cls.env["hr.performance.reading"].create(
                    {"indicator_id": indicator.id, "value": 5, **holder}
                )
                corrected.write({"value": 6, "correction_reason": "Mistyped"})
                cls._add(
                    "reading.correction",
                    kind,
                    corrected.correction_ids,
                    {"reason": "Changed"},
                    {
                        "reading_id": reading.id,
                        "former_value": 1,
                        "value": 2,
                        "reason": "Made up",
                    },
                )

    @classmethod
    def _make_appraisals(cls):
        for person, prefix in ((cls.employee, ""), (cls.officer, "of the officer, ")):
            for state in ("draft", "open", "assessed", "released", "acknowledged"):
                if ("appraisal", prefix + state) in cls.table:
                    cls._make_appraisal(person, prefix, state)

    @classmethod
    def _make_reviewers(cls):
        """Whom the person and the manager name on an open appraisal; who led them once."""
        for person, prefix in ((cls.employee, ""), (cls.officer, "of the officer, ")):
            appraisal = cls.records["appraisal", f"{prefix}open"]
            for kind, source in (
                (
                    f"{prefix}proposed" if prefix else "proposed by the person",
                    "employee",
                ),
                (f"{prefix}named" if prefix else "named by the manager", "manager"),
            ):
                new = {
                    "appraisal_id": appraisal.id,
                    "role": "peer",
                    "reviewer_id": cls.colleague.id,
                    "source": source,
                }
                nomination = cls.env["hr.performance.nomination"].create(new)
                cls._add(
                    "nomination",
                    kind,
                    nomination,
                    {"refuse_reason": "No"},
                    new | {"role": "other"},
                )
            new = {
                "employee_id": person.id,
                "manager_id": cls.administrator.id,
                "date_from": "2010-01-01",
                "date_to": "2010-12-31",
            }
            stint = cls.env["hr.performance.manager.stint"].create(new)
            cls._add(
                "manager.stint",
                "of the officer" if prefix else "of a person",
                stint,
                {"date_to": "2010-11-30"},
                new | {"date_from": "2011-01-01", "date_to": "2011-12-31"},
            )

    @classmethod
    def _make_appraisal(cls, person, prefix, state):
        # an older cycle for the older ones, a person has one appraisal in each
        cycle = (
            cls.cycle if state == "open" else cls.make_cycle(f"Cycle {prefix}{state}")
        )
        appraisal = cls.make_appraisal(
            person, open_it=state != "draft", cycle_id=cycle.id
        )
        new = {"employee_id": person.id, "cycle_id": cls.make_cycle("Another").id}
        if state != "draft":
            new["state"] = state
        cls._add("appraisal", prefix + state, appraisal, {"job_id": cls.job_2.id}, new)
        if state == "draft":
            return
        if state == "open":
            cls._make_drafts(appraisal, prefix)
        else:
            for role in ("self", "manager"):
                cls.answer_all(appraisal, role)
            manager = appraisal.manager_id.user_id
            appraisal.with_user(manager).action_assess()
        if state in ("released", "acknowledged"):
            appraisal.action_release()
        if state == "acknowledged":
            appraisal.with_user(person.user_id).action_acknowledge()
        cls._add_parts(appraisal, prefix, state)

    @classmethod
    def _make_drafts(cls, appraisal, prefix):
        item = appraisal.item_ids.filtered(lambda item: item.kind == "text")[:1]
        for request in appraisal.request_ids:
            draft = {str(item.id): {"text": "Not sent yet"}}
            request.with_user(request.reviewer_id.user_id).draft = draft
        drafts = cls.env["hr.performance.request.draft"].search(
            [("request_id", "in", appraisal.request_ids.ids)]
        )
        for draft in drafts:
            kind = (
                prefix + {"self": "self", "manager": "manager's"}[draft.request_id.role]
            )
            if ("request.draft", kind) in cls.table:
                cls._add(
                    "request.draft",
                    kind,
                    draft,
                    {"answers": {}},
                    {"request_id": draft.request_id.id, "answers": {}},
                )

    @classmethod
    def _add_parts(cls, appraisal, prefix, state):
        """Its items, requests, reviews and answers, as far as the table knows them."""
        words = {"self": "self", "manager": "manager's"}
        parts = []
        for item in appraisal.item_ids:
            name = {"goal": "goal, ", "rating": "question, "}.get(item.kind, "text, ")
            parts.append(("appraisal.item", (prefix or name) + state, item))
        for request in appraisal.request_ids:
            word = words[request.role]
            parts += [
                ("request", f"{prefix}{word}, to do", request)
                if state == "open"
                else ("request", f"{prefix}{word}, done", request),
                ("request", f"{prefix}{word}", request),
                ("request", f"{prefix}{word}, done, {state}", request),
            ]
        for review in appraisal.review_ids:
            # of the officer: only the manager's are told apart by release
            if prefix and review.role == "self":
                continue
            name = prefix + state if prefix else f"{words[review.role]}, {state}"
            parts += [
                ("review", name, review),
                ("answer", name, review.answer_ids[:1]),
            ]
        changes = {
            "appraisal.item": {"weight": 1},
            "request": {"draft": {}},
            "review": {"submitted_on": fields.Date.today()},
            "answer": {"text": "Changed"},
        }
        for model, name, record in parts:
            if (model, name) in cls.table and (model, name) not in cls.records:
                required = {
                    key: value
                    for key, value in record.copy_data()[0].items()
                    if key not in ("answer_ids", "message_follower_ids")
                }
                cls._add(model, name, record, changes[model], required)

    @classmethod
    def _make_few_readers(cls):
        """What fewer people read: anonymous, confidential, never shared, not yet."""
        part = {
            "request": {"draft": {}},
            "review": {"submitted_on": fields.Date.today()},
            "answer": {"text": "Changed"},
            "appraisal.item": {"weight": 1},
        }

        def add(model, kind, record):
            if (model, kind) in cls.table:
                required = {
                    key: value
                    for key, value in record.copy_data()[0].items()
                    if key not in ("answer_ids", "message_follower_ids")
                }
                cls._add(model, kind, record, part[model], required)

        open_one = cls.records["appraisal", "open"]
        request = open_one.request_ids.create(
            {
                "appraisal_id": open_one.id,
                "reviewer_id": cls.colleague.id,
                "role": "peer",
                "is_anonymous": True,
            }
        )
        request.with_user(cls.colleague_user).draft = {}
        add("request", "anonymous, to do", request)
        draft = cls.env["hr.performance.request.draft"].search(
            [("request_id", "=", request.id)]
        )
        cls._add(
            "request.draft",
            "anonymous",
            draft,
            {"answers": {}},
            {"request_id": request.id, "answers": {}},
        )
        for state in ("assessed", "released"):
            appraisal = cls.records["appraisal", state]
            review = appraisal.review_ids.create(
                {
                    "appraisal_id": appraisal.id,
                    "role": "peer",
                    "is_anonymous": True,
                    "answer_ids": [
                        fields.Command.create(
                            {
                                "item_id": appraisal.item_ids[:1].id,
                                "text": "Helps",
                                "sharing": sharing,
                            }
                        )
                        for sharing in ("shared", "never")
                    ],
                }
            )
            add("review", f"anonymous, {state}", review)
            add("answer", f"anonymous, {state}", review.answer_ids[0])
            add("answer", f"never shared, {state}", review.answer_ids[1])
        cycle = cls.make_cycle("Confidential")
        secret = cls.make_appraisal(cycle_id=cycle.id, confidential=True)
        for role in ("self", "manager"):
            cls.answer_all(secret, role)
        secret.with_user(cls.manager_user).action_assess()
        new = {"employee_id": cls.employee.id, "cycle_id": cls.make_cycle("Other").id}
        cls._add(
            "appraisal",
            "confidential, assessed",
            secret,
            {"job_id": cls.job_2.id},
            new | {"state": "assessed"},
        )
        by_manager = secret.review_ids.filtered(lambda one: one.role == "manager")
        add("appraisal.item", "confidential, assessed", secret.item_ids[:1])
        add("review", "confidential, assessed", by_manager)
        add("answer", "confidential, assessed", by_manager.answer_ids[:1])
        add(
            "request",
            "confidential, done",
            secret.request_ids.filtered(lambda one: one.role == "manager"),
        )
        cycle = cls.make_cycle("Not yet")
        begun = cls.make_appraisal(cycle_id=cycle.id)
        cls.answer_all(begun, "self")
        add("review", "before one's own", begun.review_ids)
        add("answer", "before one's own", begun.review_ids.answer_ids[:1])

    @classmethod
    def _make_feedback(cls):
        """By the colleague about the employee; asked for by the person or the manager."""
        as_author = cls.env(user=cls.colleague_user)
        new = {"employee_id": cls.employee.id, "text": "Well done"}
        cls._add(
            "feedback",
            "draft",
            as_author["hr.performance.feedback"].create(new).sudo(),
            {"text": "Changed"},
            new,
        )
        for kind, visibility in (
            ("person", "person"),
            ("line", "line"),
            ("managers", "managers"),
            ("everyone", "everyone"),
        ):
            values = new | {"visibility": visibility}
            feedback = as_author["hr.performance.feedback"].create(values)
            feedback.action_give()
            cls._add(
                "feedback",
                f"for {'the ' if kind in ('person', 'line') else ''}{kind}, given",
                feedback.sudo(),
                {"text": "Changed"},
                values | {"state": "given"},
            )
        new = {
            "employee_id": cls.employee.id,
            "author_id": cls.colleague.id,
            "question": "How was it?",
        }
        for kind, asker, state in (
            ("by the person, asked", cls.employee_user, "asked"),
            ("by the manager, asked", cls.manager_user, "asked"),
            ("by the person, answered", cls.employee_user, "answered"),
        ):
            requests = cls.env["hr.performance.feedback.request"].with_user(asker)
            request = requests.create(new)
            values = dict(new)
            if state == "answered":
                values["state"] = state
                cls.env["hr.performance.feedback"].with_user(
                    cls.colleague_user
                ).with_context(performance_feedback_request_id=request.id).create(
                    {"employee_id": cls.employee.id, "text": "Good"}
                ).action_give()
            cls._add(
                "feedback.request",
                kind,
                request.sudo(),
                {"question": "And how was that?"},
                values,
            )

    # ------------------------------------------------------------------ comparing

    def assertTable(self, letter, allowed):
        """The column of ``letter`` in all cells is as ``allowed`` found it.

        :param allowed: ``{(model, kind): set of roles}``
        """
        position = "rwcd".index(letter)
        wrong = []
        for row, cells in self.table.items():
            expected = {
                role
                for role, cell in zip(ROLES, cells, strict=True)
                if cell[position] == letter
            }
            if expected != allowed[row]:
                wrong.append(
                    f"{row}: too much for {sorted(allowed[row] - expected)},"
                    f" too little for {sorted(expected - allowed[row])}"
                )
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def _tried(self, operation):
        """``{row: roles for which operation(row, role) went through}``, nothing kept."""
        allowed = {row: set() for row in self.table}
        for role in ROLES:
            for row in self.table:
                self.env.flush_all()
                self.env.invalidate_all()
                savepoint = self.cr.savepoint(flush=False)
                try:
                    with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule"):
                        operation(row, role)
                        self.env.flush_all()
                    allowed[row].add(role)
                except (AccessError, UserError, ValidationError):
                    pass
                except Error as error:
                    raise AssertionError(f"{role}: {row} met the database") from error
                finally:
                    self.env.transaction.clear()
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()
        return allowed

    # ------------------------------------------------------------------ tests

    def test_every_model_is_in_the_table(self):
        names = {
            model._name.removeprefix("hr.performance.")
            for model in self.env.values()
            if model._name.startswith("hr.performance.")
            and not model._abstract
            and not model._transient
        }
        self.assertEqual(names, {model for model, _kind in self.table})

    def test_every_kind_is_made(self):
        self.assertEqual(set(self.records), set(self.table))
        self.assertFalse(
            [row for row, record in self.records.items() if not record.exists()]
        )

    def test_reading(self):
        """Each record by itself, through RPC."""
        allowed = {row: set() for row in self.table}
        for role in ROLES:
            for row, record in self.records.items():
                try:
                    self.rpc(role, record, "web_read", {"display_name": {}, "id": {}})
                    self.rpc(role, record, "read")
                except Refused as refused:
                    self.assertEqual(refused.name, "odoo.exceptions.AccessError", row)
                else:
                    allowed[row].add(role)
        self.assertTable("r", allowed)

    def test_searching(self):
        """Lists, and what the search view and the many2one field find."""
        for method in ("search", "web_search_read", "search_read", "name_search"):
            allowed = {row: set() for row in self.table}
            for role in ROLES:
                for model, rows in self._rows_by_model().items():
                    found = self._found(role, model, method)
                    for row in rows:
                        if self.records[row].id in found:
                            allowed[row].add(role)
            with self.subTest(method):
                self.assertTable("r", allowed)

    def _rows_by_model(self):
        models = {}
        for row, record in self.records.items():
            models.setdefault(record.browse(), []).append(row)
        return models

    def _found(self, role, model, method):
        if method == "search":
            return set(self.rpc(role, model, "search", []))
        if method == "search_read":
            return {
                values["id"]
                for values in self.rpc(role, model, "search_read", [], ["id"])
            }
        if method == "web_search_read":
            found = self.rpc(role, model, "web_search_read", [], {"display_name": {}})
            self.assertEqual(found["length"], len(found["records"]))
            return {values["id"] for values in found["records"]}
        names = self.rpc(role, model, "name_search", "", [], "ilike", 10000)
        return {record_id for record_id, _name in names}

    def test_aggregates(self):
        """Counts and means are over what one may read, and over nothing else."""
        wrong = []
        for role in ROLES:
            number = ROLES.index(role)
            for model, rows in self._rows_by_model().items():
                readable = [row for row in rows if "r" in self.table[row][number]]
                short = model._name.removeprefix("hr.performance.")
                figure = NUMBERS.get(short)
                domain = [("id", "in", [self.records[row].id for row in rows])]
                aggregates = ["__count"] + ([f"{figure}:sum"] if figure else [])
                groups = self.rpc(
                    role, model, "formatted_read_group", domain, [], aggregates
                )
                expected = sum(
                    self.records[row][figure] or 0 for row in readable if figure
                )
                if groups[0]["__count"] != len(readable) or (
                    figure and abs((groups[0][f"{figure}:sum"] or 0) - expected) > 1e-6
                ):
                    wrong.append((role, short, groups, len(readable), expected))
                count = self.rpc(role, model, "search_count", domain)
                if count != len(readable):
                    wrong.append((role, short, count, len(readable)))
        self.assertFalse(wrong)

    def test_figures_are_there(self):
        """The test above would see a leak: hidden records do hold figures."""
        for short, figure in NUMBERS.items():
            values = [
                record[figure]
                for (model, _kind), record in self.records.items()
                if model == short
            ]
            self.assertTrue(any(values), short)

    def test_writing(self):
        def write(row, role):
            self.records[row].with_user(self.users[role]).write(self.changes[row])

        self.assertTable("w", self._tried(write))

    def test_creating(self):
        def create(row, role):
            model = self.records[row].browse().with_user(self.users[role])
            model.create(dict(self.news[row]))

        self.assertTable("c", self._tried(create))

    def test_deleting(self):
        def unlink(row, role):
            self.records[row].with_user(self.users[role]).unlink()

        self.assertTable("d", self._tried(unlink))
