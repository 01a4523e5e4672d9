import {PreviewTable} from "../preview/preview_table";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Who would be appraised on which form and by whom, and what is missing. */
export class LaunchPreview extends PreviewTable {
    get invitation() {
        return _t("Choose a cycle and people, and you see here who will be appraised.");
    }

    get summary() {
        const {made, skipped} = this.preview;
        if (!made) {
            return _t("Nobody is left to appraise; why stands below.");
        }
        const opened =
            made === 1
                ? _t("One appraisal will be opened.")
                : _t("%s appraisals will be opened.", made);
        if (!skipped) {
            return opened;
        }
        return skipped === 1
            ? _t("%s One person is left out.", opened)
            : _t("%(opened)s %(skipped)s people are left out.", {opened, skipped});
    }

    get warnings() {
        return this.preview.missing || [];
    }

    get columns() {
        return [
            {id: "form", name: _t("Form")},
            {id: "asked", name: _t("Who is asked")},
            {id: "missing", name: _t("What is missing")},
        ];
    }

    get rows() {
        return (this.preview.people || []).map((person) => ({
            id: person.id,
            name: person.name,
            cells: {
                form: person.problem
                    ? {text: person.problem, muted: true}
                    : {text: person.form},
                asked: {lines: person.asked},
                missing: {lines: person.missing},
            },
        }));
    }
}

export const launchPreview = {
    component: LaunchPreview,
    supportedTypes: ["json"],
};

registry.category("fields").add("performance_launch_preview", launchPreview);
