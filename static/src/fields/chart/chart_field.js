import {loadBundle} from "@web/core/assets";
import {cookie} from "@web/core/browser/cookie";
import {getCustomColor} from "@web/core/colors/colors";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";

const scheme = cookie.get("color_scheme");
const GRID = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
const INK = getCustomColor(scheme, "#111827", "#E4E4E4");
// neither green, amber nor red: these mean health
const COLORS = {
    value: getCustomColor(scheme, "#714B67", "#C9A5BF"),
    expected: getCustomColor(scheme, "#8F8F9D", "#8F8F9D"),
    forecast: getCustomColor(scheme, "#2A6FBB", "#7FB2EE"),
};

/**
 * Lines over numbers or named steps, as the server has worked them out:
 *
 *     {lines: [{label, points: [[x, y], …], color, dashed, dots, steps}], labels,
 *      x_title, y_title, text, problem}
 *
 * With `labels` the x of a point is the place of its label. What cannot be drawn says why.
 */
export class ChartField extends Component {
    static template = "hr_performance.ChartField";
    static props = {...standardFieldProps, height: {type: Number, optional: true}};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                // eslint-disable-next-line no-undef
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.canvas.el, JSON.stringify(this.data)]
        );
    }

    get data() {
        return this.props.record.data[this.props.name] || {lines: []};
    }

    get height() {
        return this.props.height || 220;
    }

    get config() {
        const {labels, lines, x_title, y_title} = this.data;
        const axis = (title) => ({
            grid: {color: GRID},
            ticks: {color: INK, maxTicksLimit: 12},
            title: {display: Boolean(title), text: title, color: INK},
        });
        const ticks = labels && {
            min: 0,
            max: labels.length - 1,
            ticks: {color: INK, stepSize: 1, callback: (value) => labels[value] ?? ""},
        };
        return {
            type: "scatter",
            data: {datasets: lines.map((line) => this.dataset(line))},
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {display: lines.length > 1, labels: {color: INK}},
                    tooltip: {callbacks: {label: (item) => this.tooltip(item)}},
                },
                scales: {
                    x: {...axis(x_title), type: "linear", ...ticks},
                    y: axis(y_title),
                },
            },
        };
    }

    dataset(line) {
        const color = COLORS[line.color];
        return {
            label: line.label,
            data: line.points.filter(([, y]) => y !== null).map(([x, y]) => ({x, y})),
            showLine: !line.dots,
            borderColor: color,
            backgroundColor: color,
            borderDash: line.dashed ? [6, 4] : [],
            borderWidth: 2,
            pointRadius: line.dots ? 6 : line.steps ? 3 : 0,
            tension: 0,
        };
    }

    tooltip({dataset, raw}) {
        const {labels} = this.data;
        const number = (value) => Number(value.toFixed(2)).toLocaleString();
        const x = labels ? labels[raw.x] : number(raw.x);
        return `${dataset.label}: ${x} → ${number(raw.y)}`;
    }
}

registry.category("fields").add("performance_chart", {
    component: ChartField,
    supportedTypes: ["json"],
    extractProps: ({options}) => ({height: options.height}),
});
