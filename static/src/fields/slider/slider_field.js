import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** A whole number from 0 to `max`, to be drawn, with its figure. */
export class Slider extends Component {
    static template = "hr_performance.Slider";
    static props = {
        value: Number,
        max: {type: Number, optional: true},
        id: {type: String, optional: true},
        readonly: {type: Boolean, optional: true},
        onInput: Function,
    };
    static defaultProps = {max: 10};
}

/** An integer from 0 to `max` as a slider. */
export class SliderField extends Component {
    static template = "hr_performance.SliderField";
    static components = {Slider};
    static props = {...standardFieldProps, max: {type: Number, optional: true}};

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    onInput(value) {
        this.props.record.update({[this.props.name]: value});
    }
}

export const sliderField = {
    component: SliderField,
    supportedTypes: ["integer"],
    extractProps: ({options}) => ({max: options.max}),
};

registry.category("fields").add("performance_slider", sliderField);
