import {Component} from "@odoo/owl";

const WIDTH = 240;
const HEIGHT = 44;
const EDGE = 4;

/**
 * The way of a measure so far, with the value that is being typed as a new point.
 *
 * `curve` is what the server says in `measure._curves()`.
 */
export class Curve extends Component {
    static template = "hr_performance.Curve";
    static props = {
        curve: {type: [Object, {value: false}, {value: null}], optional: true},
        value: {type: [Number, {value: false}], optional: true},
        label: {type: String, optional: true},
    };
    width = WIDTH;
    height = HEIGHT;

    get hasValue() {
        return typeof this.props.value === "number" && !isNaN(this.props.value);
    }

    get newPoint() {
        const {place, base} = this.props.curve;
        return this.hasValue ? [place, base + this.props.value] : null;
    }

    /** The lines and the new point, scaled to the box. */
    get drawing() {
        const lines = this.props.curve.lines.map(({points, dashed}) => ({
            points: points.filter(([, y]) => y !== null),
            dashed: Boolean(dashed),
        }));
        const point = this.newPoint;
        const all = lines.flatMap(({points}) => points).concat(point ? [point] : []);
        const low = Math.min(...all.map(([, y]) => y));
        const span = Math.max(...all.map(([, y]) => y)) - low || 1;
        const steps = Math.max(this.props.curve.labels.length - 1, 1);
        const place = ([x, y]) => [
            EDGE + (x / steps) * (WIDTH - 2 * EDGE),
            HEIGHT - EDGE - ((y - low) / span) * (HEIGHT - 2 * EDGE),
        ];
        const path = (points) => points.map((each) => place(each).join(",")).join(" ");
        // what is reported for the step that has begun moves its point
        const former = lines[0].points.filter(([x]) => !point || x < point[0]);
        return {
            lines: lines.map(({points, dashed}, index) => ({
                path: path(index ? points : former),
                dashed,
            })),
            addition: point && path([...former.slice(-1), point]),
            point: point && place(point),
        };
    }
}
