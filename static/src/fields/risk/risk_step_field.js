import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

const WORDS = {
    probability: [
        _t("Rare"),
        _t("Unlikely"),
        _t("Possible"),
        _t("Likely"),
        _t("Almost certain"),
    ],
    consequence: [
        _t("Negligible"),
        _t("Minor"),
        _t("Moderate"),
        _t("Major"),
        _t("Severe"),
    ],
    benefit: [
        _t("Hardly anything"),
        _t("A little"),
        _t("Something"),
        _t("Much"),
        _t("Very much"),
    ],
};

/** A step from 1 to 5, chosen by its word; 0 is "not judged yet". */
export class RiskStepField extends Component {
    static template = "hr_performance.RiskStepField";
    static props = {
        ...standardFieldProps,
        scale: String,
        mayBeEmpty: {type: Boolean, optional: true},
    };

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    get steps() {
        const isBenefit =
            this.props.scale === "consequence" &&
            this.props.record.data.kind === "opportunity";
        const words = WORDS[isBenefit ? "benefit" : this.props.scale];
        return words.map((word, index) => ({
            value: index + 1,
            text: `${index + 1} ${word}`,
        }));
    }

    get text() {
        return this.steps[this.value - 1]?.text || "";
    }

    onChange(ev) {
        this.props.record.update({[this.props.name]: Number(ev.target.value)});
    }
}

export const riskStepField = {
    component: RiskStepField,
    supportedTypes: ["integer"],
    extractProps: ({options}) => ({
        scale: options.scale,
        mayBeEmpty: Boolean(options.may_be_empty),
    }),
    fieldDependencies: [{name: "kind", type: "selection"}],
    isEmpty: (record, name) => !record.data[name],
};

registry.category("fields").add("performance_risk_step", riskStepField);
