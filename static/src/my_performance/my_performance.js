import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {formatFloat} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {nearDay} from "../fields/day/day_field";
import {HEALTH_LOOKS} from "../fields/health/health_field";

import {Component, onWillStart, useState} from "@odoo/owl";

/** So much of what to do is shown: the goals beside it are not pushed off a phone. */
const TO_DO = 8;

/** The first screen of the app: where the year stands, what to do, how my goals do. */
export class MyPerformance extends Component {
    static template = "hr_performance.MyPerformance";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({});
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(
            this.state,
            await this.orm.call("hr.performance.mine", "get_my_performance")
        );
    }

    get toDo() {
        return this.state.to_do.slice(0, TO_DO);
    }

    look(goal) {
        return HEALTH_LOOKS[goal.health] || HEALTH_LOOKS.no_value;
    }

    points(value) {
        return value === false ? "–" : formatFloat(value, {digits: [16, 1]});
    }

    get lastResult() {
        const {cycle, level} = this.state.result;
        return _t("Last appraisal, %(cycle)s: %(level)s. Why?", {cycle, level});
    }

    when(line) {
        if (!line.date) {
            return "";
        }
        if (line.days < -1) {
            return _t("%s days late", -line.days);
        }
        if (line.days < 0) {
            return _t("1 day late");
        }
        return nearDay(deserializeDate(line.date));
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    async checkIn(goalId) {
        const action = await this.orm.call("hr.performance.goal", "action_checkin", [
            goalId,
        ]);
        return this.action.doAction(action, {onClose: () => this.load()});
    }

    async doIt(line) {
        const action = await this.orm.call("hr.performance.owed", "action_do", [
            line.id,
        ]);
        return this.action.doAction(action, {onClose: () => this.load()});
    }

    async printAgreement() {
        return this.action.doAction(
            await this.orm.call("hr.performance.goal", "action_print_mine")
        );
    }

    newGoal() {
        return this.action.doAction("hr_performance.goal_action_mine", {
            viewType: "form",
            props: {resId: false},
        });
    }
}

registry.category("actions").add("hr_performance.my_performance", MyPerformance);
