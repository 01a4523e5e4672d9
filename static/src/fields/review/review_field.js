import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";

import {ReviewForm} from "./review_form";

/**
 * The review screen: the form with its evidence. What is typed goes into the draft, which
 * saves itself.
 *
 * The server says in the record's `form` what there is to fill in, and in `get_evidence` what
 * stands beside it; this only renders. The evidence is asked for once, not with each save.
 * A form that says it is a `preview` can be tried out: nothing is kept, nothing stands beside.
 */
export class ReviewField extends Component {
    static template = "hr_performance.ReviewField";
    static components = {ReviewForm};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        // what is typed is kept here at once: the record takes it in only after a moment, and
        // fast answers must not overtake each other
        this.state = useState({
            status: "",
            answers: this.storedAnswers(this.props),
            evidence: null,
        });
        this.autosave = useDebounced(() => this.save(), 1000, {
            execBeforeUnmount: true,
        });
        onWillStart(() => this.loadEvidence(this.props.record));
        onWillUpdateProps((nextProps) => {
            const isOther = nextProps.record.resId !== this.resId;
            if (isOther || nextProps.record.data.form.preview) {
                this.state.answers = this.storedAnswers(nextProps);
            }
            // with one's own part done, others' parts appear
            if (isOther || nextProps.record.data.form.readonly !== this.wasReadonly) {
                this.loadEvidence(nextProps.record);
            }
        });
    }

    async loadEvidence(record) {
        this.resId = record.resId;
        this.wasReadonly = record.data.form.readonly;
        if (record.resId && record.data.form && !record.data.form.preview) {
            this.state.evidence = await this.orm.call(record.resModel, "get_evidence", [
                [record.resId],
            ]);
        }
    }

    storedAnswers(props) {
        return {...(props.record.data[props.name] || {})};
    }

    get form() {
        return this.props.record.data.form || {sections: [], readonly: true};
    }

    get readonly() {
        const isTried = this.form.preview;
        return !isTried && (this.form.readonly || !this.props.record.data.is_author);
    }

    onChange(item, changes) {
        const {answers} = this.state;
        answers[item.id] = {...(answers[item.id] || {}), ...changes};
        if (this.form.preview) {
            return;
        }
        this.state.status = "typing";
        this.props.record.update({
            [this.props.name]: JSON.parse(JSON.stringify(answers)),
        });
        this.autosave();
    }

    async save() {
        if (this.props.record.isValid && (await this.props.record.isDirty())) {
            this.state.status = "saving";
            const isSaved = await this.props.record.save();
            if (this.state.status === "saving") {
                this.state.status = isSaved ? "saved" : "failed";
            }
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
