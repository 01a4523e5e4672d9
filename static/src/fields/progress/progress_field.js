import {registry} from "@web/core/registry";
import {_t} from "@web/core/l10n/translation";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** Progress from 0 to 100 as a bar, with a mark where the calendar stands. */
export class ProgressField extends Component {
    static template = "hr_performance.ProgressField";
    static props = {
        ...standardFieldProps,
        expectedField: {type: String, optional: true},
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get hasValue() {
        return this.value !== false && this.value !== undefined && this.value !== null;
    }

    get label() {
        return this.hasValue ? `${Math.round(this.value)} %` : _t("no value");
    }

    get expected() {
        const name = this.props.expectedField;
        return name ? Math.round(this.props.record.data[name]) : undefined;
    }

    get expectedTitle() {
        return _t("%s %% of the period has passed", this.expected);
    }
}

export const progressField = {
    component: ProgressField,
    supportedTypes: ["float"],
    extractProps: ({options}) => ({expectedField: options.expected_field}),
};

registry.category("fields").add("performance_progress", progressField);
