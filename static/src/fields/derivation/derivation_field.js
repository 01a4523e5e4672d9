import {registry} from "@web/core/registry";
import {formatFloat} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** How an appraisal's score arose: section by section, item by item. */
export class DerivationField extends Component {
    static template = "hr_performance.DerivationField";
    static props = {...standardFieldProps};

    get derivation() {
        return this.props.record.data[this.props.name] || {sections: []};
    }

    figure(value) {
        return value === null || value === undefined || value === false
            ? "–"
            : formatFloat(value, {digits: [16, 1]});
    }
}

export const derivationField = {component: DerivationField, supportedTypes: ["json"]};

registry.category("fields").add("performance_derivation", derivationField);
