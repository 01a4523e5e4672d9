import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

/**
 * The review screen: one section after the other, each goal with its evidence, each question
 * with the levels to choose from. What is typed goes into the draft, which saves itself.
 *
 * The server says in the record's `form` what there is to show; this only renders.
 */
export class ReviewField extends Component {
    static template = "hr_performance.ReviewField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ saved: false });
        this.autosave = useDebounced(() => this.save(), 1000, { execBeforeUnmount: true });
    }

    get form() {
        return this.props.record.data.form || { sections: [], readonly: true };
    }

    get readonly() {
        return this.form.readonly || !this.props.record.data.is_author;
    }

    get draft() {
        return this.props.record.data[this.props.name] || {};
    }

    answer(item) {
        return this.draft[item.id] || {};
    }

    points(value) {
        return value === false ? "" : formatFloat(value, { digits: [16, 1] });
    }

    async onChange(item, changes) {
        this.state.saved = false;
        const answer = { ...this.answer(item), ...changes };
        await this.props.record.update({
            [this.props.name]: { ...this.draft, [item.id]: answer },
        });
        this.autosave();
    }

    chooseLevel(item, levelId) {
        return this.onChange(item, { level_id: levelId, dont_know: false });
    }

    chooseDontKnow(item) {
        return this.onChange(item, { level_id: false, dont_know: true });
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
        { name: "form", type: "json" },
        { name: "is_author", type: "boolean" },
    ],
};

registry.category("fields").add("performance_review", reviewField);
