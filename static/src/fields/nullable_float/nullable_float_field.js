import {registry} from "@web/core/registry";
import {floatField, FloatField} from "@web/views/fields/float/float_field";

/** A float that stays empty when nothing is typed: no value is not zero. */
export class NullableFloatField extends FloatField {
    parse(value) {
        return value.trim() ? super.parse(value) : false;
    }
}

registry
    .category("fields")
    .add("nullable_float", {...floatField, component: NullableFloatField});
