import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/**
 * How an appraisal's score arose: rows to unfold, from the score down to what was measured
 * and answered. Shows the field `explanation`, whose words the server has chosen.
 */
export class DerivationField extends Component {
    static template = "hr_performance.DerivationField";
    static props = {...standardFieldProps};

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }
}

export const derivationField = {component: DerivationField, supportedTypes: ["json"]};

registry.category("fields").add("performance_derivation", derivationField);
