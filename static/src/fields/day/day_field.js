import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatDate} from "@web/views/fields/formatters";
import {
    RemainingDaysField,
    remainingDaysField,
} from "@web/views/fields/remaining_days/remaining_days_field";

const {DateTime} = luxon;
/** So many days back and ahead a day is told by counting; beyond, its date says more. */
const BACK = 30;
const AHEAD = 21;

/** How many days from today a day is; negative when it has passed. */
export function daysFromToday(day) {
    const today = DateTime.local().startOf("day");
    return Math.round(day.startOf("day").diff(today, "days").days);
}

/** A day in words near today, else as a date. */
export function nearDay(day) {
    const days = daysFromToday(day);
    if (days === 0) {
        return _t("today");
    }
    if (days === 1) {
        return _t("tomorrow");
    }
    if (days === -1) {
        return _t("yesterday");
    }
    if (days < 0 && days >= -BACK) {
        return _t("%s days ago", -days);
    }
    if (days > 0 && days <= AHEAD) {
        return _t("in %s days", days);
    }
    return formatDate(day);
}

/**
 * A due day. Odoo's own says "next month" or "next year" for a day that is less than a
 * week away when the month or the year ends before it, so that nobody can tell what is first.
 */
export class DayField extends RemainingDaysField {
    // amber is for health
    static defaultProps = {classes: {bf: "days <= 0", danger: "days < 0"}};

    get diffString() {
        return this.diffDays === null
            ? ""
            : nearDay(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("performance_day", {
    ...remainingDaysField,
    component: DayField,
});
