import {registry} from "@web/core/registry";
import {RadioField, radioField} from "@web/views/fields/radio/radio_field";

/** A choice that is saved at once, because the rest of the form follows from it. */
export class SavingRadioField extends RadioField {
    async onChange(value) {
        await super.onChange(value);
        await this.props.record.save();
    }
}

registry.category("fields").add("performance_saving_radio", {
    ...radioField,
    component: SavingRadioField,
});
