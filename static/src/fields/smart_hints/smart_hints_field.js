import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, useState} from "@odoo/owl";

/** So many hints are a help; more at once are a lecture. */
const AT_ONCE = 3;

/** What would make the goal clearer, and why: a side note that leaves when all is met. */
export class SmartHintsField extends Component {
    static template = "hr_performance.SmartHintsField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({all: false, open: null});
    }

    get hints() {
        return this.props.record.data[this.props.name] || [];
    }

    get shown() {
        return this.state.all ? this.hints : this.hints.slice(0, AT_ONCE);
    }

    get more() {
        return this.hints.length - this.shown.length;
    }

    get title() {
        const count = this.hints.length;
        return count === 1
            ? _t("1 idea to make it clearer")
            : _t("%s ideas to make it clearer", count);
    }

    get moreLabel() {
        return _t("%s more", this.more);
    }

    toggle(hint) {
        this.state.open = this.state.open === hint.code ? null : hint.code;
    }
}

registry.category("fields").add("performance_smart_hints", {
    component: SmartHintsField,
    supportedTypes: ["json"],
});
