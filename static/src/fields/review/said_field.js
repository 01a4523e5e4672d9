import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, xml} from "@odoo/owl";

import {ReviewForm} from "./review_form";

/** What was answered on an appraisal, role by role (`appraisal.said`). */
export class SaidField extends Component {
    static template = xml`
        <ReviewForm
            t-if="said"
            form="said.form"
            evidence="said.evidence"
            answers="{}"
            readonly="true"
        />`;
    static components = {ReviewForm};
    static props = {...standardFieldProps};

    get said() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("performance_said", {
    component: SaidField,
    supportedTypes: ["json"],
});
