import {ModelSelector} from "@web/core/model_selector/model_selector";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, onWillStart, useState} from "@odoo/owl";

/**
 * The technical name of a model, chosen by its label among those that may be measured.
 *
 * Not a many2one: only administrators may read `ir.model`, and the model may belong to an
 * app that is not installed.
 */
export class ModelField extends Component {
    static template = "hr_performance.ModelField";
    static components = {ModelSelector};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({label: ""});
        onWillStart(() => this.loadModels());
        useRecordObserver((record) => this.loadLabel(record));
    }

    async loadLabel(record) {
        const model = record.data[this.props.name];
        if (model) {
            const found = await this.orm
                .cache()
                .call("ir.model", "display_name_for", [[model]]);
            this.state.label = found[0].display_name;
        } else {
            this.state.label = "";
        }
    }

    async loadModels() {
        if (!this.props.readonly) {
            const {resModel} = this.props.record;
            this.models = await this.orm.call(resModel, "get_measurable_models", []);
        }
    }

    onSelected({technical}) {
        this.props.record.update({[this.props.name]: technical});
    }
}

registry.category("fields").add("performance_model", {
    component: ModelField,
    supportedTypes: ["char"],
});
