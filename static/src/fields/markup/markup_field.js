import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, markup, xml} from "@odoo/owl";

/** What a template of the server has rendered, the same as in print, pictures and all. */
export class MarkupField extends Component {
    static template = xml`<div class="w-100" t-out="content" />`;
    static props = {...standardFieldProps};

    get content() {
        // the server's own template, in which every text of people is escaped
        return markup(this.props.record.data[this.props.name] || "");
    }
}

export const markupField = {component: MarkupField, supportedTypes: ["html"]};

registry.category("fields").add("performance_markup", markupField);
