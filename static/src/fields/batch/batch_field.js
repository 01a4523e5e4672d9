import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, onWillUnmount, useEffect} from "@odoo/owl";

/** How often a running job is looked at, in milliseconds. */
const POLL = 2000;

/**
 * How far long work is (hr.performance.batch.mixin); it looks again by itself while the
 * work runs, and may be left alone. For the field `batch_progress` of any such record.
 */
export class BatchField extends Component {
    static template = "hr_performance.BatchField";
    static props = {...standardFieldProps};

    setup() {
        useEffect(
            (running) => {
                if (running) {
                    this.timer = setInterval(() => this.look(), POLL);
                    return () => clearInterval(this.timer);
                }
            },
            () => [this.state === "running"]
        );
        onWillUnmount(() => clearInterval(this.timer));
    }

    /** Reading the record again would throw away what somebody is typing. */
    async look() {
        const {record} = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }

    get state() {
        return this.props.record.data.batch_state;
    }

    get value() {
        return Math.round(this.props.record.data[this.props.name]);
    }
}

export const batchField = {
    component: BatchField,
    supportedTypes: ["float"],
    fieldDependencies: [
        {name: "batch_state", type: "selection"},
        {name: "batch_total", type: "integer"},
        {name: "batch_done", type: "integer"},
    ],
};

registry.category("fields").add("performance_batch", batchField);
