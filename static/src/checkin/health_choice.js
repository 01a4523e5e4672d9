import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {HEALTH_LOOKS} from "../fields/health/health_field";

import {Component} from "@odoo/owl";

/** How it looks to the author: three big choices, each with icon, word and colour. */
export class HealthChoice extends Component {
    static template = "hr_performance.HealthChoice";
    static props = {
        value: {type: [String, {value: false}], optional: true},
        choices: Array,
        onChoose: Function,
        readonly: {type: Boolean, optional: true},
    };

    look(value) {
        return HEALTH_LOOKS[value];
    }
}

export class HealthChoiceField extends Component {
    static template = "hr_performance.HealthChoiceField";
    static components = {HealthChoice};
    static props = {...standardFieldProps};

    get choices() {
        return this.props.record.fields[this.props.name].selection;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return Object.fromEntries(this.choices)[this.value] || "";
    }

    choose(value) {
        return this.props.record.update({[this.props.name]: value});
    }
}

registry.category("fields").add("performance_health_choice", {
    component: HealthChoiceField,
    supportedTypes: ["selection"],
});
