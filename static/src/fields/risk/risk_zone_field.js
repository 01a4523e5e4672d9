import {registry} from "@web/core/registry";
import {HealthField} from "../health/health_field";

// Threats against what is accepted; opportunities are no matter of health, so no colour
export const ZONE_LOOKS = {
    within: {icon: "fa-check-circle", color: "success"},
    high: {icon: "fa-exclamation-triangle", color: "warning"},
    critical: {icon: "fa-times-circle", color: "danger"},
    minor: {icon: "fa-star-o", color: "muted"},
    worthwhile: {icon: "fa-star-half-o", color: "muted"},
    great: {icon: "fa-star", color: "muted"},
};

/** The zone of a risk as icon, level and word: never colour alone. */
export class RiskZoneField extends HealthField {
    static template = "hr_performance.RiskZoneField";
    static props = {...HealthField.props, levelField: {type: String, optional: true}};

    get level() {
        return this.props.record.data[this.props.levelField] || "";
    }

    get look() {
        return ZONE_LOOKS[this.value];
    }
}

export const riskZoneField = {
    component: RiskZoneField,
    supportedTypes: ["selection"],
    extractProps: ({options}) => ({levelField: options.level_field}),
    fieldDependencies: ({options}) =>
        options.level_field ? [{name: options.level_field, type: "integer"}] : [],
};

registry.category("fields").add("performance_risk_zone", riskZoneField);
