import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {TypingGrid, parseNumber} from "../typing_grid/typing_grid";

import {onWillStart} from "@odoo/owl";

/**
 * Step 2 of a cascade: receivers in the rows, periods in the columns, one measure at a time.
 * What is typed goes to the server cell by cell, which shares the rest again.
 */
export class CascadeGrid extends TypingGrid {
    static template = "hr_performance.CascadeGrid";
    static props = {...standardWidgetProps};

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.sending = Promise.resolve();
        onWillStart(async () => {
            this.state.grid = await this.orm.call("hr.performance.cascade", "grid", [
                this.props.record.resId,
            ]);
        });
    }

    // ------------------------------------------------------------ what is shown

    number(value) {
        return value === false
            ? ""
            : formatFloat(value, {digits: [16, this.grid.digits]});
    }

    text(row, column) {
        const draft = this.draft(row, column);
        return draft
            ? draft.text
            : this.number(this.grid.rows[row].cells[column].value);
    }

    obstacle(row, column) {
        if (!this.grid.editable) {
            return _t("Goals have been made already.");
        }
        const {goal} = this.grid.rows[row].cells[column];
        if (goal) {
            return _t("%s already: change the goal itself.", goal.state);
        }
        return column === 0 && !this.grid.along_organisation
            ? _t("This is what the goal itself has.")
            : "";
    }

    title(row, column) {
        const draft = this.draft(row, column);
        const {typed} = this.grid.rows[row].cells[column];
        return (
            (draft && draft.error) ||
            this.obstacle(row, column) ||
            (typed ? _t("Typed. Delete takes it back.") : "")
        );
    }

    get hasTyped() {
        return this.grid.rows.some((row) => row.cells.some((cell) => cell.typed));
    }

    get hasPeriods() {
        return this.grid.columns.length > 1;
    }

    get lastOnPage() {
        return Math.min(this.grid.offset + this.grid.page, this.grid.count);
    }

    /** What is left to cover, in words: it may be less than nothing. */
    uncovered(value) {
        if (value < 0) {
            return _t("%s more than asked", this.number(-value));
        }
        return value ? this.number(value) : _t("nothing");
    }

    // ------------------------------------------------------------ choosing

    /** One call after the other, so that the last answer is the one that is shown. */
    send(method, args) {
        const answer = this.sending.then(async () => {
            this.state.grid = await this.orm.call(
                "hr.performance.cascade.measure",
                method,
                args()
            );
        });
        this.sending = answer.catch(() => {});
        return answer;
    }

    open({id = this.grid.id, figure = this.grid.figure, offset = 0}) {
        Object.assign(this.state, {drafts: {}, leftOver: []});
        return this.send("grid", () => [id, figure, offset]);
    }

    choose(name, value) {
        return this.send("grid_choose", () => [
            this.grid.id,
            name,
            value,
            this.grid.figure,
        ]);
    }

    forget() {
        return this.send("grid_forget", () => [this.grid.id, this.grid.figure]);
    }

    // ------------------------------------------------------------ typing

    type(row, column, text) {
        const key = this.key(row, column);
        if (!text.trim()) {
            this.state.drafts[key] = {text, value: null};
            return;
        }
        try {
            this.state.drafts[key] = {text, value: parseNumber(text)};
        } catch {
            this.state.drafts[key] = {
                text,
                error: _t("“%s” is not a number. Write 12.5.", text),
            };
        }
    }

    onBlur() {
        return this.save();
    }

    onDelete(row, column) {
        this.type(row, column, "");
        return this.save();
    }

    place(row, column, text) {
        const line = this.grid.rows[row];
        if (!line || !line.cells[column]) {
            this.state.leftOver.push({text, reason: _t("outside the table")});
        } else if (this.obstacle(row, column)) {
            this.state.leftOver.push({text, reason: this.obstacle(row, column)});
        } else {
            this.type(row, column, text);
        }
    }

    onPasted() {
        return this.save();
    }

    /** Send what was typed; what is no number stays red in its cell. */
    save() {
        const cells = [];
        for (const [key, draft] of Object.entries(this.state.drafts)) {
            if (draft.error) {
                continue;
            }
            const [row, column] = key.split(",");
            const {value, typed} = this.grid.rows[row].cells[column];
            delete this.state.drafts[key];
            if (draft.value === null ? typed : draft.value !== value) {
                cells.push({
                    line: this.grid.rows[row].id,
                    period: this.grid.columns[column].id,
                    value: draft.value,
                });
            }
        }
        if (!cells.length) {
            return Promise.resolve();
        }
        const {id, figure, offset} = this.grid;
        return this.send("grid_save", () => [id, figure, cells, offset]);
    }
}

registry.category("view_widgets").add("performance_cascade_grid", {
    component: CascadeGrid,
});
