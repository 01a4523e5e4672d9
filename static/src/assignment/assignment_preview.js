import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** Who would get which goal, and who not and why, before anything is made. */
export class AssignmentPreview extends Component {
    static template = "hr_performance.AssignmentPreview";
    static props = {...standardFieldProps};

    get preview() {
        return this.props.record.data[this.props.name] || {goals: [], receivers: []};
    }

    get summary() {
        const {made, skipped} = this.preview;
        return skipped
            ? _t("%(made)s goals will be made, %(skipped)s are left out.", {
                  made,
                  skipped,
              })
            : _t("%s goals will be made.", made);
    }

    get more() {
        return this.preview.count - this.preview.receivers.length;
    }
}

export const assignmentPreview = {
    component: AssignmentPreview,
    supportedTypes: ["json"],
};

registry.category("fields").add("performance_assignment_preview", assignmentPreview);
