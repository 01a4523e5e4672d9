import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** What drives an indicator, what it drives in turn, and what it has to be weighed against. */
export class DriversField extends Component {
    static template = "hr_performance.DriversField";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get graph() {
        return this.props.record.data[this.props.name] || {};
    }

    get columns() {
        const {drivers = [], self = [], driven = []} = this.graph;
        return [
            {name: "drivers", nodes: drivers},
            {name: "self", nodes: self},
            {name: "driven", nodes: driven},
        ].filter(({nodes}) => nodes.length);
    }

    get isLinked() {
        return this.columns.length > 1 || this.graph.counter?.length;
    }

    open(id) {
        if (id && id !== this.props.record.resId) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "hr.performance.indicator",
                res_id: id,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("fields").add("performance_drivers", {
    component: DriversField,
    supportedTypes: ["json"],
});
