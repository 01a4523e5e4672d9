import {_t} from "@web/core/l10n/translation";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {formatFloat} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {TypingGrid, parseNumber} from "../typing_grid/typing_grid";

import {Component, onWillStart, useState} from "@odoo/owl";

/** What people typed, as the server takes it: a value, or `30/110` as a rate. */
function parseEntry(text) {
    const parts = text.split("/").map(parseNumber);
    if (parts.length === 1) {
        return {value: parts[0]};
    }
    if (parts.length > 2 || parts[1] <= 0) {
        throw new Error(text);
    }
    return {numerator: parts[0], denominator: parts[1]};
}

/** Asks once why figures are corrected. */
export class CorrectionDialog extends Component {
    static template = "hr_performance.CorrectionDialog";
    static components = {Dialog};
    static props = {close: Function, count: Number, confirm: Function};

    setup() {
        useAutofocus({refName: "reason"});
        this.state = useState({reason: ""});
    }

    confirm() {
        if (this.state.reason.trim()) {
            this.props.confirm(this.state.reason.trim());
            this.props.close();
        }
    }
}

/** Values of one indicator: people or units in the rows, periods in the columns. */
export class ReadingGrid extends TypingGrid {
    static template = "hr_performance.ReadingGrid";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        useSetupAction({
            beforeLeave: () => this.mayLeave(),
            beforeUnload: (ev) => {
                if (this.isDirty) {
                    ev.preventDefault();
                    ev.returnValue = "Unsaved changes";
                }
            },
        });
        onWillStart(() => this.load({}));
    }

    // ------------------------------------------------------------ what is shown

    get draftCount() {
        return Object.keys(this.state.drafts).length;
    }

    get hasErrors() {
        return Object.values(this.state.drafts).some((draft) => !draft.entry);
    }

    get unit() {
        const {unit, aggregation, rollup} = this.grid.indicator;
        return [
            unit,
            _t("Over time: %s", aggregation),
            _t("Across rows: %s", rollup || _t("not rolled up")),
        ]
            .filter(Boolean)
            .join(" · ");
    }

    get kinds() {
        return [
            ["team", _t("My team")],
            ["people", _t("People")],
            ["units", _t("Company and departments")],
        ];
    }

    number(value) {
        return value === false
            ? ""
            : formatFloat(value, {digits: [16, this.grid.indicator.digits]});
    }

    text(row, column) {
        const draft = this.draft(row, column);
        return draft
            ? draft.text
            : this.number(this.grid.rows[row].cells[column].value);
    }

    /** Why a cell cannot be typed into, or an empty text. */
    obstacle(row, column) {
        const cell = this.grid.rows[row].cells[column];
        if (cell.readings > 1) {
            return _t("%s readings: press Enter to open them.", cell.readings);
        }
        if (cell.locked) {
            return cell.locked;
        }
        return this.grid.rows[row].editable ? "" : _t("You may read this value.");
    }

    title(row, column) {
        const {numerator, denominator} = this.grid.rows[row].cells[column];
        const draft = this.draft(row, column);
        return (
            (draft && draft.error) ||
            this.obstacle(row, column) ||
            (denominator === false ? "" : `${numerator} / ${denominator}`)
        );
    }

    // ------------------------------------------------------------ choosing

    async load({indicatorId, cycleId, holders}) {
        this.state.busy = true; // Nothing is typed into a table that is about to go
        try {
            const grid = await this.orm.call("hr.performance.reading", "grid", [
                indicatorId || false,
                cycleId || false,
                holders || null,
            ]);
            this.show(grid);
        } finally {
            this.state.busy = false;
        }
    }

    show(grid) {
        Object.assign(this.state, {grid, drafts: {}, leftOver: []});
    }

    async choose(change) {
        if (await this.mayLeave()) {
            const {indicator_id: indicatorId, cycle_id: cycleId, holders} = this.grid;
            await this.load({indicatorId, cycleId, holders, ...change});
        }
        // What was not left shows its former choice again
        this.render();
    }

    chooseKind(kind) {
        return this.choose({
            holders: {kind, department_id: kind === "people" && this.departmentId},
        });
    }

    chooseDepartment(id) {
        return this.choose({holders: {kind: "people", department_id: id}});
    }

    get departmentId() {
        return this.grid.holders.department_id;
    }

    mayLeave() {
        if (!this.isDirty) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    title: _t("Values that are not saved"),
                    body: _t(
                        "%s typed values are not saved yet. Discard them?",
                        this.draftCount
                    ),
                    confirmLabel: _t("Discard"),
                    confirm: () => {
                        this.state.drafts = {};
                        resolve(true);
                    },
                    cancelLabel: _t("Stay"),
                    cancel: () => resolve(false),
                },
                {onClose: () => resolve(false)}
            );
        });
    }

    // ------------------------------------------------------------ typing

    type(row, column, text) {
        const key = this.key(row, column);
        const {value, readings, ...cell} = this.grid.rows[row].cells[column];
        if (!text.trim()) {
            delete this.state.drafts[key];
            return;
        }
        try {
            const entry = parseEntry(text);
            const same =
                "value" in entry
                    ? readings === 1 && entry.value === value
                    : entry.numerator === cell.numerator &&
                      entry.denominator === cell.denominator;
            if (same) {
                delete this.state.drafts[key];
            } else {
                this.state.drafts[key] = {text, entry};
            }
        } catch {
            this.state.drafts[key] = {
                text,
                error: _t(
                    "“%s” is not a number. Write 12.5, or a rate as 30/110.",
                    text
                ),
            };
        }
    }

    onBlur(row, column, ev) {
        // An emptied cell shows again what is saved: only the list of readings deletes
        ev.target.value = this.text(row, column);
    }

    onEnterHeld(row, column) {
        this.openReadings(row, column);
    }

    place(row, column, text) {
        const line = this.grid.rows[row];
        const where = [line && line.name, (this.grid.columns[column] || {}).name];
        if (!line || !line.cells[column]) {
            this.state.leftOver.push({text, reason: _t("outside the table")});
        } else if (this.obstacle(row, column)) {
            const reason = `${where.join(", ")}: ${this.obstacle(row, column)}`;
            this.state.leftOver.push({text, reason});
        } else {
            this.type(row, column, text);
        }
    }

    // ------------------------------------------------------------ saving

    save() {
        if (this.hasErrors) {
            this.notification.add(_t("Correct the red cells first."), {type: "danger"});
            return;
        }
        const corrections = Object.keys(this.state.drafts).filter((key) => {
            const [row, column] = key.split(",");
            return this.grid.rows[row].cells[column].readings;
        });
        if (!corrections.length) {
            return this.send(false);
        }
        this.dialog.add(CorrectionDialog, {
            count: corrections.length,
            confirm: (reason) => this.send(reason),
        });
    }

    async send(reason) {
        const keys = Object.keys(this.state.drafts);
        const {indicator_id: indicatorId, cycle_id: cycleId, holders, rows} = this.grid;
        const cells = keys.map((key) => {
            const [row, column] = key.split(",");
            const {holder, cells: line} = rows[row];
            return {
                row: holder,
                date: line[column].date,
                ...this.state.drafts[key].entry,
            };
        });
        this.state.busy = true;
        try {
            const result = await this.orm.call("hr.performance.reading", "grid_save", [
                indicatorId,
                cycleId,
                holders,
                cells,
                reason,
            ]);
            if (result.errors) {
                for (const {cell, message} of result.errors) {
                    this.state.drafts[keys[cell]].error = message;
                }
                this.notification.add(_t("Nothing was saved. The red cells say why."), {
                    type: "danger",
                });
            } else {
                this.show(result);
                this.notification.add(_t("%s values saved.", keys.length), {
                    type: "success",
                });
            }
        } finally {
            this.state.busy = false;
        }
    }

    discard() {
        Object.assign(this.state, {drafts: {}, leftOver: []});
    }

    openReadings(row, column) {
        const {holder} = this.grid.rows[row];
        const {date_start: start, date_end: end} = this.grid.columns[column];
        return this.action.doAction("hr_performance.reading_action", {
            additionalContext: {default_indicator_id: this.grid.indicator_id},
            props: {
                domain: [
                    ["indicator_id", "=", this.grid.indicator_id],
                    ["date", ">=", start],
                    ["date", "<=", end],
                    ["employee_id", "=", holder.employee || false],
                    ...(holder.employee
                        ? []
                        : [["department_id", "=", holder.department || false]]),
                ],
            },
        });
    }
}

registry.category("actions").add("hr_performance.reading_grid", ReadingGrid);
