import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {ValueInput} from "./value_input";

import {Component} from "@odoo/owl";

/** The values of a check-in, each ready to be typed, on a phone as well. */
export class CheckinValuesField extends Component {
    static template = "hr_performance.CheckinValuesField";
    static components = {ValueInput};
    static props = {...standardFieldProps};

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    async onChange(line, name, value, isGood) {
        if (isGood) {
            await line.resetFieldValidity(name);
            await line.update({[name]: value});
        } else {
            await line.setInvalidField(name);
        }
    }
}

registry.category("fields").add("performance_checkin_values", {
    component: CheckinValuesField,
    supportedTypes: ["one2many"],
    relatedFields: () => [
        {
            name: "measure_id",
            type: "many2one",
            relation: "hr.performance.measure",
            readonly: false,
        },
        {name: "value", type: "float", readonly: false, nullable: true},
        {name: "weight", type: "float", readonly: false},
        {name: "unit", type: "char"},
        {name: "last_value", type: "char"},
        {name: "aggregation", type: "selection", selection: []},
        {name: "curve", type: "json"},
    ],
});
