import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, useState} from "@odoo/owl";

/** So many proposals are a help; more at once are a lecture. */
const AT_ONCE = 4;

/** What to look at when a result lies behind: each with its figures and one way to open it. */
export class AdviceField extends Component {
    static template = "hr_performance.AdviceField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({all: false});
    }

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        return this.state.all ? this.lines : this.lines.slice(0, AT_ONCE);
    }

    get more() {
        return this.lines.length - this.shown.length;
    }

    get moreLabel() {
        return _t("%s more", this.more);
    }

    /** The record, what one of its methods opens, or a new one. */
    async open(line) {
        const action = line.method
            ? await this.orm.call(line.model, line.method, [[line.id]])
            : {
                  type: "ir.actions.act_window",
                  res_model: line.model,
                  res_id: line.id || false,
                  views: [[false, "form"]],
                  context: line.context || {},
              };
        return this.action.doAction(action, {
            onClose: () => this.props.record.load(),
        });
    }
}

registry.category("fields").add("performance_advice", {
    component: AdviceField,
    supportedTypes: ["json"],
});
