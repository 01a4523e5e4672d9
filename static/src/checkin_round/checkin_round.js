import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {HealthChoice} from "../checkin/health_choice";
import {ValueInput} from "../checkin/value_input";
import {HEALTH_LOOKS} from "../fields/health/health_field";
import {Slider} from "../fields/slider/slider_field";

import {Component, onWillStart, useState} from "@odoo/owl";

const SAID = ["own_health", "confidence", "assessment", "blockers", "next_steps"];

/**
 * Checking in on several goals on one page.
 *
 * What is typed is kept as drafts, after a moment and when the page is left. All are posted
 * in one call: when one is refused none is, and its card says why.
 */
export class CheckinRound extends Component {
    static template = "hr_performance.CheckinRound";
    static components = {HealthChoice, Layout, Slider, ValueInput};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({cards: [], all: false, problem: "", posting: false});
        this.autosave = useDebounced(() => this.save(), 3000);
        useSetupAction({
            beforeLeave: () => this.save(),
            beforeUnload: () => this.save(),
        });
        onWillStart(async () => {
            await this.load();
            if (!this.state.due && this.state.running) {
                await this.toggleAll(true);
            }
        });
    }

    async load() {
        const {cards, ...rest} = await this.orm.call(
            "hr.performance.checkin",
            "get_round",
            [this.state.all]
        );
        Object.assign(this.state, rest, {
            problem: "",
            cards: cards.map((card) => ({
                ...card,
                // to be posted: what was begun before, and what is touched now
                isTouched: card.is_draft,
                isUnsaved: false,
                isSkipped: false,
                isOpen: Boolean(card.blockers),
                error: "",
                bad: {},
            })),
        });
    }

    get healthLabels() {
        return Object.fromEntries(this.state.health || []);
    }

    look(card) {
        return HEALTH_LOOKS[card.health] || HEALTH_LOOKS.no_value;
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    due(card) {
        if (card.days === false) {
            return "";
        }
        if (card.days < 0) {
            return card.days === -1 ? _t("1 day late") : _t("%s days late", -card.days);
        }
        return card.days ? _t("due in %s days", card.days) : _t("due today");
    }

    get chosen() {
        return this.state.cards.filter((card) => card.isTouched && !card.isSkipped);
    }

    get postLabel() {
        return _t("Post all (%s)", this.chosen.length);
    }

    // ------------------------------------------------------------------ typing

    touch(card) {
        card.isTouched = true;
        card.isUnsaved = true;
        card.error = "";
        this.autosave();
    }

    say(card, name, value) {
        card[name] = value;
        this.touch(card);
    }

    type(card, row, name, value, isGood) {
        const key = `${row.measure_id},${name}`;
        if (isGood) {
            delete card.bad[key];
            row[name] = value;
        } else {
            card.bad[key] = true;
        }
        this.touch(card);
    }

    addLink(card) {
        card.links.push({url: "", note: ""});
    }

    removeLink(card, index) {
        card.links.splice(index, 1);
        this.touch(card);
    }

    // ------------------------------------------------------------------ saving

    isReady(card) {
        return !Object.keys(card.bad).length;
    }

    /** What the server is told of a card. */
    content(card) {
        return {
            goal_id: card.id,
            ...Object.fromEntries(SAID.map((name) => [name, card[name] || false])),
            confidence: card.confidence || 0,
            values: card.values.map(({measure_id, value, weight}) => ({
                measure_id,
                value,
                weight,
            })),
            links: card.links
                .filter(({url}) => url.trim())
                .map(({url, note}) => ({url: url.trim(), note})),
        };
    }

    /** Keep what has been typed since; what cannot be kept stays on the page. */
    async save() {
        const cards = this.state.cards.filter(
            (card) => card.isUnsaved && !card.isSkipped && this.isReady(card)
        );
        if (!cards.length || this.state.posting) {
            return;
        }
        for (const card of cards) {
            card.isUnsaved = false;
        }
        try {
            await this.orm.silent.call("hr.performance.checkin", "save_round", [
                cards.map((card) => this.content(card)),
            ]);
            for (const card of cards) {
                card.is_draft = true;
            }
        } catch (error) {
            for (const card of cards) {
                card.isUnsaved = true;
            }
            this.notification.add(error.data?.message || error.message, {
                title: _t("Not saved yet"),
                type: "warning",
            });
        }
    }

    async postAll() {
        const cards = this.chosen;
        this.state.problem = "";
        const bad = cards.filter((card) => !this.isReady(card));
        for (const card of bad) {
            card.error = _t("One of the values is no number.");
        }
        if (bad.length || !cards.length) {
            return;
        }
        this.state.posting = true;
        try {
            const {posted, errors} = await this.orm.call(
                "hr.performance.checkin",
                "post_many",
                [cards.map((card) => this.content(card))]
            );
            if (posted.length) {
                this.notification.add(
                    posted.length === 1
                        ? _t("1 check-in is posted.")
                        : _t("%s check-ins are posted.", posted.length),
                    {type: "success"}
                );
                await this.load();
                return;
            }
            for (const {goal_id, message} of errors) {
                const card = cards.find(({id}) => id === goal_id);
                if (card) {
                    card.error = message;
                } else {
                    this.state.problem = message;
                }
            }
            this.state.problem ||= _t(
                "Nothing is posted yet: put right what is marked, and post again."
            );
        } finally {
            this.state.posting = false;
        }
    }

    async toggleAll(all) {
        await this.save();
        this.state.all = all;
        await this.load();
    }

    /** Files and records are linked in the dialog of the draft. */
    async openDraft(card) {
        this.touch(card);
        await this.save();
        const action = await this.orm.call("hr.performance.goal", "action_checkin", [
            card.id,
        ]);
        await this.action.doAction(action, {onClose: () => this.load()});
    }

    openGoal(card) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "hr.performance.goal",
            res_id: card.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("hr_performance.checkin_round", CheckinRound);
