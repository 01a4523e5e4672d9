import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useDebounced} from "@web/core/utils/timing";
import {formatFloat} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, onWillUpdateProps, useState} from "@odoo/owl";

/**
 * The review screen: one section after the other, each goal with its evidence, each question
 * with the levels to choose from. What is typed goes into the draft, which saves itself.
 *
 * The server says in the record's `form` what there is to show; this only renders.
 */
export class ReviewField extends Component {
    static template = "hr_performance.ReviewField";
    static props = {...standardFieldProps};

    setup() {
        // what is typed is kept here at once: the record takes it in only after a moment, and
        // fast answers must not overtake each other
        this.state = useState({saved: false, answers: this.storedAnswers(this.props)});
        this.autosave = useDebounced(() => this.save(), 1000, {
            execBeforeUnmount: true,
        });
        onWillUpdateProps((nextProps) => {
            if (nextProps.record.resId !== this.props.record.resId) {
                this.state.answers = this.storedAnswers(nextProps);
            }
        });
    }

    storedAnswers(props) {
        return {...(props.record.data[props.name] || {})};
    }

    get form() {
        return this.props.record.data.form || {sections: [], readonly: true};
    }

    get readonly() {
        return this.form.readonly || !this.props.record.data.is_author;
    }

    answer(item) {
        return this.state.answers[item.id] || {};
    }

    points(value) {
        return value === false ? "" : formatFloat(value, {digits: [16, 1]});
    }

    onChange(item, changes) {
        this.state.saved = false;
        this.state.answers[item.id] = {...this.answer(item), ...changes};
        this.props.record.update({
            [this.props.name]: JSON.parse(JSON.stringify(this.state.answers)),
        });
        this.autosave();
    }

    placeholder(item) {
        return item.kind === "goal"
            ? _t("What is behind the result?")
            : _t("In words: an example helps");
    }

    chooseLevel(item, levelId) {
        this.onChange(item, {level_id: levelId, dont_know: false});
    }

    chooseDontKnow(item) {
        this.onChange(item, {level_id: false, dont_know: true});
    }

    async save() {
        if (this.props.record.isValid && (await this.props.record.isDirty())) {
            this.state.saved = await this.props.record.save();
        }
    }
}

export const reviewField = {
    component: ReviewField,
    supportedTypes: ["json"],
    fieldDependencies: [
        {name: "form", type: "json"},
        {name: "is_author", type: "boolean"},
    ],
};

registry.category("fields").add("performance_review", reviewField);
