import {_t} from "@web/core/l10n/translation";

import {Component, useState} from "@odoo/owl";

const ICONS = {
    checkin: "fa-flag-o",
    positive: "fa-thumbs-o-up",
    constructive: "fa-lightbulb-o",
};

/** How much of a month is shown before somebody asks for more. */
const FEW = 4;

/**
 * What was said over a whole period, month by month from its first day on: the last weeks
 * speak no louder than the rest, and months without a word show as gaps.
 */
export class Timeline extends Component {
    static template = "hr_performance.ReviewTimeline";
    static props = {
        months: Array,
        entries: Array,
        isOfOneGoal: {type: Boolean, optional: true},
    };

    setup() {
        this.state = useState({open: {}});
    }

    /** Months with their entries; neighbours without any are one gap. */
    get groups() {
        const groups = [];
        for (const month of this.props.months) {
            const entries = this.props.entries.filter(
                (entry) => entry.month === month.key
            );
            const last = groups.at(-1);
            if (entries.length) {
                groups.push({...month, entries});
            } else if (last && !last.entries.length) {
                last.until = month.name;
            } else {
                groups.push({...month, entries});
            }
        }
        return groups;
    }

    /** The strip on top: how much there is of each month. */
    get strip() {
        const counts = this.props.months.map(
            ({key}) => this.props.entries.filter(({month}) => month === key).length
        );
        const most = Math.max(...counts, 1);
        return this.props.months.map((month, index) => ({
            ...month,
            count: counts[index],
            height: Math.round((100 * counts[index]) / most),
        }));
    }

    shown(group) {
        return this.state.open[group.key] ? group.entries : group.entries.slice(0, FEW);
    }

    gapText(group) {
        return group.until
            ? _t("%(start)s – %(end)s: nothing noted", {
                  start: group.name,
                  end: group.until,
              })
            : _t("%s: nothing noted", group.name);
    }

    icon(entry) {
        return ICONS[entry.kind];
    }

    kindName(entry) {
        return {
            checkin: _t("Check-in"),
            positive: _t("Positive feedback"),
            constructive: _t("Constructive feedback"),
        }[entry.kind];
    }

    open(group) {
        this.state.open[group.key] = true;
    }
}
