import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {formatFloat} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useOpenChat} from "@mail/core/web/open_chat_hook";

import {nearDay} from "../fields/day/day_field";
import {HEALTH_LOOKS} from "../fields/health/health_field";

import {Component, onWillStart, useRef, useState} from "@odoo/owl";

/** So many dots are shown of one person; the rest is a number. */
const DOTS = 10;

/** The manager's Monday: who of the line needs help, worst first, why, and the deed at hand. */
export class WhoNeedsHelp extends Component {
    static template = "hr_performance.WhoNeedsHelp";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.chat = useOpenChat("hr.employee");
        this.list = useRef("list");
        this.state = useState({people: [], counts: {}, departments: []});
        this.asked = {
            scope: null,
            department_id: null,
            only: "",
            offset: 0,
        };
        onWillStart(() => this.load());
    }

    async load(changes = {}) {
        Object.assign(this.asked, changes);
        Object.assign(
            this.state,
            await this.orm.call("hr.performance.help", "get_who_needs_help", [], {
                ...this.asked,
                context: user.context,
            })
        );
    }

    // ------------------------------------------------------------ what is shown

    get filters() {
        return [
            {key: "", label: _t("Everybody")},
            {key: "need", label: _t("Need help")},
            {key: "late", label: _t("Check-in late")},
            {key: "not_noted", label: _t("Nothing noted for 2 months")},
        ];
    }

    get scopes() {
        const scopes = [
            {key: "direct", label: _t("My reports"), shown: this.state.leads},
            {key: "line", label: _t("Whole line"), shown: this.state.leads},
            {key: "department", label: _t("Departments"), shown: this.state.is_officer},
        ].filter((scope) => scope.shown);
        return scopes.length > 1 ? scopes : [];
    }

    get lastOfPage() {
        return this.state.offset + this.state.people.length;
    }

    get pages() {
        return this.state.total > this.state.limit;
    }

    look(dot) {
        return HEALTH_LOOKS[dot.health] || HEALTH_LOOKS.no_value;
    }

    dots(person) {
        return person.dots.slice(0, DOTS);
    }

    moreDots(person) {
        return Math.max(0, person.dots.length - DOTS);
    }

    /** The health of the goals counted in words: what a dot's colour says, said. */
    healthInWords(person) {
        const counts = new Map();
        for (const dot of person.dots) {
            counts.set(dot.label, (counts.get(dot.label) || 0) + 1);
        }
        return [...counts].map(([label, count]) => `${label}: ${count}`).join(", ");
    }

    number(value) {
        return formatFloat(value, {digits: [16, 1], trailingZeros: false});
    }

    burden(person) {
        const parts = [
            person.goals === 1 ? _t("1 goal") : _t("%s goals", person.goals),
            person.actions === 1 ? _t("1 action") : _t("%s actions", person.actions),
        ];
        if (person.hours) {
            parts.push(_t("%s h", this.number(person.hours)));
        }
        return parts.join(" · ");
    }

    usual(person) {
        const parts = [_t("%s actions", this.number(person.usual_actions))];
        if (person.usual_hours) {
            parts.push(_t("%s h", this.number(person.usual_hours)));
        }
        return _t("Usual here: %s", parts.join(" · "));
    }

    day(value) {
        return value ? nearDay(deserializeDate(value)) : _t("none");
    }

    // ------------------------------------------------------------ deeds

    isFirstDeed(person, deed) {
        return person.needs_help && person.deed === deed;
    }

    deedClass(person, deed) {
        return this.isFirstDeed(person, deed) ? "btn-primary" : "btn-secondary";
    }

    async doDeed(person, deed) {
        const action = await this.orm.call("hr.performance.help", "action_deed", [
            person.id,
            deed,
        ]);
        return this.action.doAction(action, {onClose: () => this.load()});
    }

    message(person) {
        return this.chat(person.id);
    }

    openPerson(person) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "hr.employee.public",
            res_id: person.id,
            views: [[false, "form"]],
        });
    }

    openGoal(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "hr.performance.goal",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** Up and down go from person to person, as in a list. */
    onKeydown(ev) {
        const step = {ArrowDown: 1, ArrowUp: -1}[ev.key];
        if (!step || ev.target.tagName === "SELECT") {
            return;
        }
        const names = [...this.list.el.querySelectorAll(".o_performance_help_name")];
        const row = ev.target.closest(".o_performance_help_row");
        const here = row ? names.findIndex((name) => row.contains(name)) : -1;
        const next = names[here + step];
        if (next) {
            ev.preventDefault();
            next.focus();
        }
    }
}

registry.category("actions").add("hr_performance.who_needs_help", WhoNeedsHelp);
