import {Component, useRef, useState} from "@odoo/owl";
import {parseFloat} from "@web/views/fields/parsers";

const MOVES = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    Enter: [1, 0],
};

/** A number as people type it; spaces only part thousands, whatever the language. */
export function parseNumber(text) {
    return parseFloat(text.replaceAll(/\s/g, ""));
}

/**
 * A table of figures that is typed into as into a spreadsheet: arrows and Enter move, Esc
 * takes back, a block can be pasted.
 *
 * Who extends it says what a cell shows (`text`), why it is held (`obstacle`), what happens
 * to what is typed (`type`), and what of a pasted block does not fit (`place`). The cells
 * are inputs with `data-cell="row,column"` below an element with `t-ref="table"`.
 */
export class TypingGrid extends Component {
    setup() {
        this.table = useRef("table");
        // Drafts: what is typed and not saved, by "row,column"
        this.state = useState({grid: {}, drafts: {}, leftOver: [], busy: false});
        this.editing = false;
    }

    get grid() {
        return this.state.grid;
    }

    get isDirty() {
        return Object.keys(this.state.drafts).length > 0;
    }

    key(row, column) {
        return `${row},${column}`;
    }

    draft(row, column) {
        return this.state.drafts[this.key(row, column)];
    }

    onInput(row, column, ev) {
        this.editing = true;
        this.type(row, column, ev.target.value);
    }

    onFocus(ev) {
        this.editing = false;
        ev.target.select();
    }

    undo(row, column, ev) {
        delete this.state.drafts[this.key(row, column)];
        ev.target.value = this.text(row, column);
        ev.target.select();
        this.editing = false;
    }

    /** Enter in a cell that cannot be typed into. */
    onEnterHeld() {}

    /** Delete in a cell that is chosen and not being edited. */
    onDelete(row, column, ev) {
        this.undo(row, column, ev);
    }

    onKeydown(row, column, ev) {
        const sideways = ["ArrowLeft", "ArrowRight"].includes(ev.key);
        if (ev.key === "F2") {
            this.editing = true;
            ev.target.setSelectionRange(ev.target.value.length, ev.target.value.length);
        } else if (ev.key === "Escape") {
            this.undo(row, column, ev);
            ev.stopPropagation();
        } else if (ev.key === "Delete" && !this.editing) {
            this.onDelete(row, column, ev);
        } else if (ev.key === "Enter" && ev.target.readOnly) {
            this.onEnterHeld(row, column);
        } else if (ev.key in MOVES && !(sideways && this.editing)) {
            const [down, right] = MOVES[ev.key];
            this.focus(row + (ev.shiftKey ? -down : down), column + right);
        } else {
            return;
        }
        ev.preventDefault();
    }

    focus(row, column) {
        const cell = this.table.el.querySelector(
            `[data-cell='${this.key(row, column)}']`
        );
        if (cell) {
            cell.focus();
        }
        return Boolean(cell);
    }

    /** A block from a spreadsheet fills the table from the focused cell on. */
    onPaste(row, column, ev) {
        const block = ev.clipboardData
            .getData("text/plain")
            .replace(/\r?\n$/, "")
            .split(/\r?\n/)
            .map((line) => line.split("\t"));
        if (block.length === 1 && block[0].length === 1) {
            return;
        }
        ev.preventDefault();
        this.state.leftOver = [];
        for (const [down, line] of block.entries()) {
            for (const [right, text] of line.entries()) {
                if (text.trim()) {
                    this.place(row + down, column + right, text.trim());
                }
            }
        }
        this.onPasted();
    }

    /** After a block was placed. */
    onPasted() {}
}
