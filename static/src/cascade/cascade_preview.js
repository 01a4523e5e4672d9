import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

import {Component, onWillStart, useEffect, useState} from "@odoo/owl";

/** How often the progress of work in the background is looked at, in milliseconds. */
const EVERY = 5000;

/** Step 3 of a cascade: everything that will be made, and what stands against it. */
export class CascadePreview extends Component {
    static template = "hr_performance.CascadePreview";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({preview: {}, busy: false});
        onWillStart(() => this.load(0));
        useEffect(
            (state) => {
                if (state === "running") {
                    const timer = setInterval(() => this.props.record.load(), EVERY);
                    return () => clearInterval(timer);
                }
            },
            () => [this.batchState]
        );
    }

    get batchState() {
        return this.props.record.data.batch_state;
    }

    get canMake() {
        return (
            ["draft", "stopped"].includes(this.batchState) &&
            this.state.preview.to_make > 0
        );
    }

    get makeLabel() {
        const count = this.state.preview.to_make;
        return count === 1 ? _t("Make 1 goal") : _t("Make %s goals", count);
    }

    get last() {
        const {offset, page, count} = this.state.preview;
        return Math.min(offset + page, count);
    }

    async load(offset, onlyProblems = this.state.preview.only_problems) {
        this.state.preview = await this.orm.call("hr.performance.cascade", "preview", [
            this.props.record.resId,
            offset,
            Boolean(onlyProblems),
        ]);
    }

    async make() {
        this.state.busy = true;
        try {
            await this.props.record.save();
            await this.orm.call("hr.performance.cascade", "action_start", [
                this.props.record.resId,
            ]);
            await this.props.record.load();
            await this.load(0, false);
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("performance_cascade_preview", {
    component: CascadePreview,
});
