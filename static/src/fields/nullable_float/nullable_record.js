import {Record} from "@web/model/relational_model/record";
import {patch} from "@web/core/utils/patch";

/** A new record starts with 0 in its floats; those that can be empty start empty. */
patch(Record.prototype, {
    _getDefaultValues(fieldNames = this.fieldNames) {
        const values = super._getDefaultValues(fieldNames);
        for (const name of fieldNames) {
            if (this.fields[name].nullable) {
                values[name] = false;
            }
        }
        return values;
    },
});
