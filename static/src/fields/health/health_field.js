import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

export const HEALTH_LOOKS = {
    on_track: {icon: "fa-check-circle", color: "success"},
    at_risk: {icon: "fa-exclamation-triangle", color: "warning"},
    off_track: {icon: "fa-times-circle", color: "danger"},
    stale: {icon: "fa-clock-o", color: "muted"},
    no_value: {icon: "fa-circle-o", color: "muted"},
    done: {icon: "fa-flag-checkered", color: "info"},
};

/** Health as icon, word and colour: never colour alone. */
export class HealthField extends Component {
    static template = "hr_performance.HealthField";
    static props = {...standardFieldProps};

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const options = this.props.record.fields[this.props.name].selection;
        return Object.fromEntries(options)[this.value] || "";
    }

    get look() {
        return HEALTH_LOOKS[this.value] || HEALTH_LOOKS.no_value;
    }
}

export const healthField = {component: HealthField, supportedTypes: ["selection"]};

registry.category("fields").add("performance_health", healthField);
