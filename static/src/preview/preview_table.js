import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/**
 * Who would get what, and who not and why, before anything is made; for a Json field that
 * the server computes. Subclasses say what is in it.
 */
export class PreviewTable extends Component {
    static template = "hr_performance.PreviewTable";
    static props = {...standardFieldProps};

    get preview() {
        return this.props.record.data[this.props.name] || {};
    }

    /** What to do while there is nothing to show. */
    get invitation() {
        return "";
    }

    /** One sentence above the table. */
    get summary() {
        return "";
    }

    /** What else to know before it is made: [{text, count}]. */
    get warnings() {
        return [];
    }

    /** [{id, name, notes: [text]}] */
    get columns() {
        return [];
    }

    /**
     * [{id, name, note, cells: {column id: cell}}]; a cell is {text, lines: [text],
     * warnings: [text], muted: true, check: true}.
     */
    get rows() {
        return [];
    }

    get more() {
        return (this.preview.count || 0) - this.rows.length;
    }
}
