import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {ZONE_LOOKS} from "../fields/risk/risk_zone_field";

import {Component, onWillStart, useRef, useState} from "@odoo/owl";

const ARROWS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/** How many risks there are of which probability and consequence; a click opens them. */
export class RiskMatrix extends Component {
    static template = "hr_performance.RiskMatrix";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.table = useRef("table");
        const former = this.props.state || {};
        this.state = useState({when: former.when || "before", focus: [0, 0]});
        // back from the list of a cell, the screen is as it was left
        useSetupAction({
            getLocalState: () => ({
                when: this.state.when,
                filters: {...this.state.filters},
            }),
        });
        onWillStart(() => this.load(former.filters));
    }

    async load(filters) {
        Object.assign(
            this.state,
            await this.orm.call("hr.performance.risk", "get_matrix", [filters || null])
        );
    }

    reload() {
        return this.load({...this.state.filters});
    }

    setFilter(name, value) {
        const number = Number(value);
        return this.load({
            ...this.state.filters,
            [name]: value === "" ? false : Number.isNaN(number) ? value : number,
        });
    }

    get selects() {
        const all = {
            cycle_id: _t("All periods"),
            department_id: _t("All departments"),
            scope: _t("All levels"),
        };
        const labels = {
            cycle_id: _t("Period"),
            department_id: _t("Department and below"),
            scope: _t("Goals of"),
            kind: _t("Kind"),
        };
        return Object.keys(labels).map((name) => ({
            name,
            label: labels[name],
            all: all[name],
            options: this.state.choices[name],
            value: this.state.filters[name] || "",
        }));
    }

    look(zone) {
        return ZONE_LOOKS[zone];
    }

    word(row) {
        return this.state.probabilities[row.probability - 1];
    }

    consequence(cell) {
        return this.state.consequences[cell.consequence - 1];
    }

    describe(row, cell) {
        return _t(
            "%(probability)s, %(consequence)s: level %(level)s, %(zone)s. Risks: %(count)s",
            {
                probability: this.word(row),
                consequence: this.consequence(cell),
                level: cell.level,
                zone: cell.label,
                count: cell[this.state.when],
            }
        );
    }

    isFocus(rowIndex, cellIndex) {
        return this.state.focus[0] === rowIndex && this.state.focus[1] === cellIndex;
    }

    /** One stop of the Tab key for the whole table; inside it, the arrows. */
    onKeydown(ev) {
        const step = ARROWS[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const limit = (value) => Math.min(Math.max(value, 0), 4);
        this.state.focus = this.state.focus.map((at, axis) => limit(at + step[axis]));
        const [row, cell] = this.state.focus;
        this.table.el.querySelectorAll("button")[row * 5 + cell].focus();
    }

    async openCell(row, cell) {
        if (!cell[this.state.when]) {
            return;
        }
        return this.action.doAction(
            await this.orm.call("hr.performance.risk", "action_matrix_cell", [
                {...this.state.filters},
                row.probability,
                cell.consequence,
                this.state.when,
            ])
        );
    }

    addRisk() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Add a risk"),
                res_model: "hr.performance.risk",
                views: [[false, "form"]],
                target: "new",
                context: {default_kind: this.state.filters.kind},
            },
            {onClose: () => this.reload()}
        );
    }
}

registry.category("actions").add("hr_performance.risk_matrix", RiskMatrix);
