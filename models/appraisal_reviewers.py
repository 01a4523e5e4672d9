from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.reviewers import choose, days_led, shares
from .workflow_mixin import MANY

#: in which role somebody is asked who could be in several: the first one of these
ROLE_ORDER = (
    "self",
    "manager",
    "second",
    "project",
    "indicator",
    "report",
    "peer",
    "other",
)

#: the date on the cycle or phase by which a role reviews; all others by the last one
DEADLINES = {
    "self": "self_review_deadline",
    "manager": "manager_review_deadline",
    "other": "feedback_deadline",
}


class Former(NamedTuple):
    """The managers of before: ``{manager: share of the period}``, the appraiser's share of
    it, and ``[(role, manager), ...]`` of those who led long enough and cannot answer."""

    shares: dict
    rest: float
    unable: list


def person_of(employee):
    """What tells whether two employees are the same person: a user has one per company."""
    return employee.user_id or employee


class HrPerformanceAppraisal(models.Model):
    """Who is asked to review the person appraised, and in which role.

    Nobody is asked twice about the same person, in whichever role and by whichever of their
    employees: a group of raters would seem larger than it is.
    """

    _inherit = "hr.performance.appraisal"

    has_handover = fields.Boolean(
        compute="_compute_has_handover", export_string_translation=False
    )

    @api.depends("request_ids.is_handover")
    def _compute_has_handover(self):
        # of the requests that the user may read
        for appraisal in self:
            appraisal.has_handover = any(appraisal.request_ids.mapped("is_handover"))

    # ---------------------------------------------------------------- whom to ask

    def _wanted_requests(self):
        """The requests that these appraisals lack, in a fixed number of queries.

        Everybody who follows from the organisation; whoever is to be named by the person or
        the manager is asked when they have been.

        :return: list of values to create requests from; see :meth:`_note_asked`
        """
        return self._whom_to_ask()[0]

    def _whom_to_ask(self):
        """As :meth:`_wanted_requests`, and who would be asked but cannot answer.

        :return: ``(values of requests, {appraisal: [(role, employee), ...]})``
        """
        candidates = self._candidates()
        former = self._former_managers()
        lines_of = {
            form: form.role_ids.grouped("role") for form in self.mapped("template_id")
        }
        vals_list, left_out = [], defaultdict(list)
        for appraisal in self:
            lines = lines_of[appraisal.template_id]
            known = {person_of(appraisal.employee_id)} | {
                person_of(request.reviewer_id) for request in appraisal.request_ids
            }
            for role in filter(lines.get, ROLE_ORDER):
                line = lines[role]
                for reviewer, values in appraisal._reviewers_of(
                    line, candidates, former, known
                ):
                    known.add(person_of(reviewer))
                    # without a user HR still sees that a review is missing
                    if role in ("self", "manager") or self._can_be_asked(
                        reviewer, appraisal.company_id
                    ):
                        vals_list.append(
                            appraisal._request_vals(line, reviewer, **values)
                        )
                    else:
                        left_out[appraisal].append((role, reviewer))
            if not appraisal.request_ids:
                left_out[appraisal] += former[appraisal].unable
        return vals_list, {one: some for one, some in left_out.items() if some}

    def _reviewers_of(self, line, candidates, former, known):
        """``[(employee, values), ...]`` to be asked in the role of ``line``, if it is new."""
        asked = self.request_ids.filtered(lambda request: request.role == line.role)
        if line.role == "self":
            return [] if asked else [(self.employee_id, {})]
        if line.role == "manager":
            managers = [
                (manager, {"is_handover": True, "share": share})
                for manager, share in former[self].shares.items()
                if manager not in asked.reviewer_id
            ]
            if self.manager_id and not asked.filtered(lambda one: not one.is_handover):
                managers.insert(0, (self.manager_id, {"share": former[self].rest}))
            return managers
        if line.nomination != "auto" or asked or self._has_nominations(line.role):
            return []
        if line.is_anonymous and self.collection_closed_on:
            return []  # published once, so nobody is asked any more
        found = candidates.get(line.role, {}).get(self, self.employee_id.browse())
        # whoever is asked already takes nobody's place
        found = found.filtered(lambda one: person_of(one) not in known)
        able = self._able(found)
        chosen = choose(
            able.ids, line.count_max, f"{self.employee_id.id}|{self.cycle_id.id}"
        )
        # those who cannot answer take nobody's place either, and are said
        unable = found.filtered(
            lambda one: not self._can_be_asked(one, self.company_id)
        )
        return [(found.browse(one), {}) for one in (*chosen, *unable.ids)]

    def _request_vals(self, line, reviewer, **values):
        return {
            "appraisal_id": self.id,
            "reviewer_id": reviewer.id,
            "role": line.role,
            "is_anonymous": line.is_anonymous,
            "share": 1.0,
            "is_handover": False,
        } | values

    def _has_nominations(self, role):
        return bool(self.nomination_ids.filtered(lambda one: one.role == role))

    @api.model
    def _can_be_asked(self, employee, company):
        """Whether ``employee`` is there and has a user who sees records of ``company``."""
        user = employee.user_id
        return employee.active and user.active and company in user.company_ids

    def _able(self, employees):
        """Those of ``employees`` who can be asked, none of them twice."""
        people = {}
        for employee in employees:
            if self._can_be_asked(employee, self.company_id):
                people.setdefault(person_of(employee), employee)
        return employees.browse(employee.id for employee in people.values())

    def _candidates(self):
        """Who has which role by the organisation: ``{role: {appraisal: employees}}``."""
        roles = {
            line.role for line in self.template_id.role_ids if line.nomination == "auto"
        }
        found = {}
        if roles & {"peer", "report"}:
            people = self.employee_id
            leaders = people.browse()
            if "peer" in roles:
                leaders |= people.parent_id
            if "report" in roles:
                leaders |= people
            led = people.search([("parent_id", "in", leaders.ids)]).grouped("parent_id")
            nobody = people.browse()
            found["peer"] = {
                one: led.get(one.employee_id.parent_id, nobody) for one in self
            }
            found["report"] = {one: led.get(one.employee_id, nobody) for one in self}
        if "second" in roles:
            found["second"] = {one: one.manager_id.parent_id for one in self}
        if "indicator" in roles:
            found["indicator"] = {
                one: one.item_ids.goal_id.measure_ids.indicator_id.responsible_id
                for one in self
            }
        return found

    def _review_deadline(self, role):
        """By when ``role`` reviews: by the phase, else by the cycle."""
        name = DEADLINES.get(role, DEADLINES["other"])
        return self.phase_id[name] or self.phase_id.date_end or self.cycle_id[name]

    def _check_reviewer(self, role, reviewer):
        """Refuse to ask ``reviewer`` in ``role`` where that would be nobody, or a second time.

        In superuser mode, and for those who may know who has been asked.
        """
        self.ensure_one()
        names = {"person": reviewer.name or "", "employee": self.employee_id.name}
        if not reviewer:
            raise UserError(self.env._("Choose who shall be asked."))
        if self._is_same_person(reviewer):
            raise UserError(
                self.env._(
                    "%(person)s is the person appraised. Choose somebody else.", **names
                )
            )
        if not self._can_be_asked(reviewer, self.company_id):
            raise UserError(
                self.env._(
                    "%(person)s has no active user in %(company)s, so could not answer."
                    " Choose somebody else.",
                    company=self.company_id.name,
                    **names,
                )
            )
        if self.manager_id and person_of(reviewer) == person_of(self.manager_id):
            raise UserError(
                self.env._(
                    "%(person)s appraises %(employee)s as manager already. Choose somebody"
                    " else.",
                    **names,
                )
            )
        asked = self.request_ids.reviewer_id
        asked |= self.nomination_ids.filtered(
            lambda one: one.state != "refused"
        ).reviewer_id
        if person_of(reviewer) in map(person_of, asked):
            raise UserError(
                self.env._(
                    "%(person)s has been asked about %(employee)s, or proposed, already."
                    " Nobody is asked twice.",
                    **names,
                )
            )
        if role == "indicator" and person_of(reviewer) not in map(
            person_of, self.item_ids.goal_id.measure_ids.indicator_id.responsible_id
        ):
            raise UserError(
                self.env._(
                    "%(person)s is responsible for none of the indicators on the goals of"
                    " %(employee)s. Choose the owner of one of them.",
                    **names,
                )
            )

    # ---------------------------------------------------------------- several managers

    def _former_managers(self):
        """Who else led the person long enough to have a say (:class:`Former`), for each.

        In year-end appraisals, by the history of managers.
        """
        stints = self.env["hr.performance.manager.stint"]
        yearly = self.filtered(lambda one: one.purpose == "annual")
        history = stints._history(yearly.employee_id)
        changed = {
            employee
            for employee, own in history.items()
            if any(last for _manager, _first, last in own)
        }
        return dict.fromkeys(self, Former({}, 1.0, [])) | {
            one: one._former_of(history[one.employee_id])
            for one in yearly
            if one.employee_id in changed
        }

    def _former_of(self, history):
        period = (self.date_start, self.date_end)
        appraiser = person_of(self.manager_id)
        # whoever leads the person now has not led them formerly
        over = {manager for manager, _first, last in history if last}
        over -= {manager for manager, _first, last in history if not last}
        led = {
            manager: days
            for manager, days in days_led(history, period).items()
            if manager in over
            and days >= self.company_id.performance_handover_days
            and person_of(manager) != appraiser
            and not self._is_same_person(manager)
        }
        able = {
            manager: days
            for manager, days in led.items()
            if self._can_be_asked(manager, self.company_id)
            # whoever has answered has a say, also when they have left since
            or self.request_ids.filtered(
                lambda one, manager=manager: (
                    one.role == "manager" and one.reviewer_id == manager
                )
            )
        }
        return Former(
            *shares(able, period),
            [("manager", manager) for manager in led if manager not in able],
        )

    def _share_out(self):
        """Let each manager's review count for the days they led the person.

        The days of who has declined are the appraiser's, as of everybody who says nothing.
        """
        former = self._former_managers()
        for appraisal in self:
            managers = appraisal.request_ids.filtered(lambda one: one.role == "manager")
            reviews = appraisal.review_ids.filtered(lambda one: one.role == "manager")
            heard = managers.filtered(
                lambda one: one.is_handover and one.state != "declined"
            ).reviewer_id
            by_manager = {
                manager: share
                for manager, share in former[appraisal].shares.items()
                if manager in heard
            }
            rest = 1.0 - sum(by_manager.values())
            for one in (*managers, *reviews):
                share = by_manager.get(one.reviewer_id, rest)
                if one.share != share:
                    one.share = share

    def _ask_former_managers(self, over):
        """Ask those who led until now, where ``over`` ends. In superuser mode.

        :param over: stints (``hr.performance.manager.stint``)
        """
        self.filtered(lambda one: one.state == "draft")._sync_items()
        for appraisal in self.filtered(lambda one: one.state == "draft"):
            # nobody has been named: it follows the organisation until it is opened
            if appraisal.manager_id in over.manager_id:
                appraisal.manager_id = appraisal.employee_id.parent_id
        former = self._former_managers()
        vals_list, left_out = [], {}
        for appraisal in self:
            lines = appraisal.template_id.role_ids.grouped("role")
            asked = appraisal.request_ids.filtered(lambda one: one.role == "manager")
            vals_list += [
                appraisal._request_vals(
                    lines["manager"], manager, is_handover=True, share=share
                )
                for manager, share in former[appraisal].shares.items()
                if "manager" in lines and manager not in asked.reviewer_id
            ]
            unable = [
                one for one in former[appraisal].unable if one[1] in over.manager_id
            ]
            if unable:
                left_out[appraisal] = unable
        requests = self.env["hr.performance.request"].create(vals_list)
        self._share_out()
        self._tell_left_out(left_out)
        requests._sync_owed()

    @api.model
    def _farewell_drafts(self, cycle, purpose):
        """The drafts in ``cycle`` that were made to ask a former manager.

        They are there before the launch, which opens them.
        """
        if purpose != "annual":
            return self.browse()
        return self.search(
            [
                ("cycle_id", "=", cycle.id),
                ("purpose", "=", purpose),
                ("state", "=", "draft"),
                ("request_ids.is_handover", "=", True),
            ]
        )

    def _drop_items(self):
        """Forget the questions of a form that a draft no longer has. In superuser mode.

        Only a draft that asks a former manager has any.
        """
        for appraisal in self:
            if appraisal.review_ids:
                raise UserError(
                    self.env._(
                        "A former manager has written on the form “%(form)s” of"
                        " “%(appraisal)s”, so form and cycle stay.",
                        form=appraisal.template_id.name,
                        appraisal=appraisal.display_name,
                    )
                )
        self.request_ids._forget()
        self.item_ids.unlink()

    def _take_step(self, name, **values):
        super()._take_step(name, **values)
        if name == "cancel":
            # asked on a draft, which has never been open
            handovers = self.sudo().request_ids.filtered("is_handover")
            self.env.add_to_compute(handovers._fields["state"], handovers)
            handovers.modified(["state"])

    def _settle_managers(self):
        """Where somebody else appraises now: who keeps their request, and who takes it over.

        Whoever led the person long enough keeps it. Of the others an open request passes
        to the new manager; one that is done stays, and is the manager's review.
        """
        former = self._former_managers()
        for appraisal in self:
            managers = appraisal.request_ids.filtered(lambda one: one.role == "manager")
            own = managers.filtered(
                lambda one, appraisal=appraisal: one.reviewer_id == appraisal.manager_id
            )
            if own.is_handover:
                # back again: what they wrote on leaving is where they begin
                own._take_back()
                own.is_handover = False
            for request in managers - own:
                if request.is_handover:
                    continue
                if request.reviewer_id in former[appraisal].shares:
                    request.is_handover = True
                elif request.state != "done":
                    if own:
                        request._withdraw()
                    else:
                        request._pass_on(appraisal.manager_id)

    # ---------------------------------------------------------------- asking

    def _sync_requests(self):
        """Ask everybody the form names, and a new manager instead of the former one.

        In superuser mode; the number of queries does not depend on the number of people.
        """
        asked = self.filtered("request_ids")
        asked._settle_managers()
        vals_list, left_out = self._whom_to_ask()
        requests = self.env["hr.performance.request"]._make(vals_list)
        self._note_asked(vals_list)
        asked._share_out()
        self._tell_left_out(left_out)
        requests._sync_owed()

    @api.model
    def _note_asked(self, vals_list):
        """Write down who has been asked in roles that follow from the organisation.

        :param vals_list: as :meth:`_wanted_requests` gives them
        """
        return self.env["hr.performance.nomination"]._make(
            [
                {
                    "appraisal_id": vals["appraisal_id"],
                    "role": vals["role"],
                    "reviewer_id": vals["reviewer_id"],
                    "state": "approved",
                    "source": "auto",
                }
                for vals in vals_list
                if vals["role"] not in ("self", "manager")
            ]
        )

    def _tell_left_out(self, left_out):
        """Say below the appraisal who would be asked, but has no user to answer with."""
        roles = dict(
            self.env["hr.performance.request"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        bodies = {
            appraisal: self.env._(
                "Not asked, as they have no user who could answer: %(people)s",
                people=", ".join(
                    self.env._(
                        "%(person)s (%(role)s)",
                        person=person.name,
                        role=roles[role],
                    )
                    for role, person in people
                ),
            )
            for appraisal, people in left_out.items()
        }
        if len(bodies) > MANY:
            # one by one, ten thousand would take minutes; nobody follows them yet
            self.union(*bodies)._message_log_batch(
                {appraisal.id: body for appraisal, body in bodies.items()}
            )
            return
        for appraisal, body in bodies.items():
            appraisal.message_post(body=body)
