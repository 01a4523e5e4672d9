import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

const WIDTH = 90;
const HEIGHT = 22;

/** The lines of a chart (see `chart_field.js`) as small as a word. */
export class TrendField extends Component {
    static template = "hr_performance.TrendField";
    static props = {...standardFieldProps};
    width = WIDTH;
    height = HEIGHT;

    get trend() {
        return this.props.record.data[this.props.name];
    }

    /** `[{path, dashed}]`: each line scaled to the common box. */
    get lines() {
        const lines = this.trend.lines.map((line) => ({
            ...line,
            points: line.points.filter(([, y]) => y !== null),
        }));
        const all = lines.flatMap(({points}) => points);
        const low = Math.min(...all.map(([, y]) => y));
        const span = Math.max(...all.map(([, y]) => y)) - low || 1;
        const steps = Math.max(this.trend.labels.length - 1, 1);
        const place = ([x, y]) =>
            `${(x / steps) * (WIDTH - 4) + 2},${HEIGHT - 2 - ((y - low) / span) * (HEIGHT - 4)}`;
        return lines.map(({points, dashed}) => ({
            path: points.map(place).join(" "),
            dashed: Boolean(dashed),
        }));
    }
}

registry.category("fields").add("performance_trend", {
    component: TrendField,
    supportedTypes: ["json"],
});
