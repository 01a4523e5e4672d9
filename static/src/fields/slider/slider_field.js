import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** An integer from 0 to `max` as a slider with its figure. */
export class SliderField extends Component {
    static template = "hr_performance.SliderField";
    static props = {...standardFieldProps, max: {type: Number, optional: true}};
    static defaultProps = {max: 10};

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    onInput(ev) {
        this.props.record.update({[this.props.name]: Number(ev.target.value)});
    }
}

export const sliderField = {
    component: SliderField,
    supportedTypes: ["integer"],
    extractProps: ({options}) => ({max: options.max}),
};

registry.category("fields").add("performance_slider", sliderField);
