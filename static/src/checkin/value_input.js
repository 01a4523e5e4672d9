import {formatFloat} from "@web/views/fields/formatters";
import {parseFloat} from "@web/views/fields/parsers";
import {useAutofocus} from "@web/core/utils/hooks";

import {Curve} from "./curve";

import {Component, useState} from "@odoo/owl";

const inWords = (value) =>
    typeof value === "number"
        ? formatFloat(value, {trailingZeros: false, digits: [16, 10]})
        : "";

/** One value of a check-in: what it was last time, the field to type in, and its curve. */
export class ValueInput extends Component {
    static template = "hr_performance.ValueInput";
    static components = {Curve};
    static props = {
        name: String,
        unit: {type: String, optional: true},
        last: {type: String, optional: true},
        curve: {type: [Object, {value: false}, {value: null}], optional: true},
        value: {type: [Number, {value: false}], optional: true},
        weight: {type: Number, optional: true},
        hasWeight: {type: Boolean, optional: true},
        isSum: {type: Boolean, optional: true},
        autofocus: {type: Boolean, optional: true},
        readonly: {type: Boolean, optional: true},
        // called with the value (false when empty) and whether it is a number at all
        onValue: {type: Function, optional: true},
        onWeight: {type: Function, optional: true},
    };

    setup() {
        if (this.props.autofocus) {
            useAutofocus({refName: "value"});
        }
        this.state = useState({
            value: inWords(this.props.value),
            weight: inWords(this.props.weight),
            isBad: false,
            isBadWeight: false,
        });
    }

    get words() {
        return inWords(this.props.value);
    }

    parse(text) {
        try {
            return [text.trim() ? parseFloat(text) : false, true];
        } catch {
            return [false, false];
        }
    }

    onInput(text) {
        this.state.value = text;
        const [value, isGood] = this.parse(text);
        this.state.isBad = !isGood;
        this.props.onValue(value, isGood);
    }

    onInputWeight(text) {
        this.state.weight = text;
        const [weight, isGood] = this.parse(text);
        this.state.isBadWeight = !isGood || weight === false;
        this.props.onWeight(weight, !this.state.isBadWeight);
    }
}
