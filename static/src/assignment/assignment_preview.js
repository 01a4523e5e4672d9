import {PreviewTable} from "../preview/preview_table";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** Who would get which goal, and who not and why, before anything is made. */
export class AssignmentPreview extends PreviewTable {
    get invitation() {
        return _t("Choose goals and people, and you see here what will be made.");
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

    get columns() {
        return (this.preview.goals || []).map(({id, name, measures}) => ({
            id,
            name,
            notes: measures,
        }));
    }

    get rows() {
        return (this.preview.receivers || []).map(({id, name, days, problems}) => ({
            id,
            name,
            note: days,
            cells: Object.fromEntries(
                Object.entries(problems).map(([goal, text]) => [
                    goal,
                    {text, muted: true, check: text === ""},
                ])
            ),
        }));
    }
}

export const assignmentPreview = {
    component: AssignmentPreview,
    supportedTypes: ["json"],
};

registry.category("fields").add("performance_assignment_preview", assignmentPreview);
