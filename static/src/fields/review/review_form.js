import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";

import {Component, useRef, useState} from "@odoo/owl";

import {Curve} from "../../checkin/curve";
import {chosenBy, isAnswered, wordCount} from "./review_text";
import {Timeline} from "./timeline";

const TAG_ICONS = {
    own: "fa-user-o",
    named: "fa-id-badge",
    together: "fa-users",
    never: "fa-eye-slash",
};

/**
 * An appraisal form to be filled in, beside what is known about the work.
 *
 * `form` is what the server says in `request.form`, `evidence` in `request.get_evidence()`;
 * both may come without a record (the preview of a template). `answers` maps an item's id to
 * `{level_id, option_id, yes_no, skill_level_id, text, dont_know}`; `onChange(item, changes)`
 * is told what is typed or chosen.
 */
export class ReviewForm extends Component {
    static template = "hr_performance.ReviewForm";
    static components = {Curve, Timeline};
    static props = {
        form: Object,
        answers: Object,
        onChange: {type: Function, optional: true},
        evidence: {type: [Object, {value: null}], optional: true},
        readonly: {type: Boolean, optional: true},
        status: {type: String, optional: true},
    };
    static defaultProps = {
        onChange: () => {},
        evidence: null,
        readonly: false,
        status: "",
    };

    setup() {
        this.root = useRef("root");
        // the level pointed at; where another than the suggested one is being chosen; what is
        // unfolded on a phone
        this.state = useState({hovered: {}, choosing: {}, unfolded: {}});
    }

    // ------------------------------------------------------------ answers

    answer(item) {
        return this.props.answers[item.id] || {};
    }

    get counted() {
        return this.props.form.sections
            .flatMap((section) => section.items)
            .filter((item) => item.is_counted);
    }

    get open() {
        return this.counted.filter((item) => !isAnswered(item, this.answer(item)));
    }

    get percent() {
        const total = this.counted.length;
        return total ? Math.round((100 * (total - this.open.length)) / total) : 100;
    }

    get progressText() {
        return _t("%(done)s of %(total)s answered", {
            done: this.counted.length - this.open.length,
            total: this.counted.length,
        });
    }

    /** The choices of an item: `[{value, name, description, mark}]`. */
    choices(section, item) {
        if (item.is_rated) {
            return section.levels.map((level) => ({...level, value: level.id}));
        }
        if (item.kind === "choice") {
            return item.options.map((option) => ({...option, value: option.id}));
        }
        if (item.kind === "skill") {
            return item.levels.map((level) => ({
                ...level,
                value: level.id,
                mark: this.skillMark(item, level),
            }));
        }
        if (item.kind === "yes_no") {
            return [
                {value: "yes", name: _t("Yes")},
                {value: "no", name: _t("No")},
            ];
        }
        return [];
    }

    skillMark(item, level) {
        if (level.id === item.expected_level_id) {
            return _t("expected");
        }
        return level.id === item.current_level_id ? _t("now") : "";
    }

    isChosen(item, choice) {
        return this.answer(item)[chosenBy(item)] === choice.value;
    }

    choose(item, choice) {
        this.props.onChange(item, {[chosenBy(item)]: choice.value, dont_know: false});
    }

    chooseDontKnow(item) {
        this.props.onChange(item, {[chosenBy(item)]: false, dont_know: true});
    }

    /** What the level pointed at, else the chosen one, looks like. */
    anchor(section, item) {
        const choices = this.choices(section, item);
        return (
            choices.find(({value}) => value === this.state.hovered[item.id]) ||
            choices.find((choice) => this.isChosen(item, choice))
        );
    }

    /** Said once: how to read what a level looks like. */
    isFirstRated(item) {
        const items = this.props.form.sections.flatMap((section) => section.items);
        return items.find(({is_rated}) => is_rated)?.id === item.id;
    }

    hover(item, value) {
        this.state.hovered[item.id] = value;
    }

    // ------------------------------------------------------------ the suggested level

    suggested(section, item) {
        return section.levels.find(({id}) => id === item.suggested_level_id);
    }

    isAccepted(item) {
        return this.answer(item).level_id === item.suggested_level_id;
    }

    /** Levels are shown at once where nothing is suggested. */
    isChoosing(section, item) {
        return (
            !this.suggested(section, item) ||
            this.state.choosing[item.id] ||
            this.answer(item).dont_know ||
            Boolean(this.answer(item).level_id && !this.isAccepted(item))
        );
    }

    accept(item) {
        this.state.choosing[item.id] = false;
        this.choose(item, {value: item.suggested_level_id});
    }

    chooseAnother(item) {
        this.state.choosing[item.id] = true;
    }

    // ------------------------------------------------------------ words

    /** Why words are needed beside the choice, or nothing. */
    neededWords(section, item) {
        const answer = this.answer(item);
        if ((answer.text || "").trim()) {
            return "";
        }
        const chosen = this.choices(section, item).find((choice) =>
            this.isChosen(item, choice)
        );
        if (chosen?.evidence_required) {
            return _t("“%s” needs an example: what did you see?", chosen.name);
        }
        if (chosen && item.suggested_level_id && !this.isAccepted(item)) {
            return _t("Another level than the suggested one needs a reason.");
        }
        return "";
    }

    placeholder(section, item) {
        if (
            item.is_rated &&
            this.suggested(section, item) &&
            this.isChoosing(section, item)
        ) {
            return _t("Why another level than the points suggest?");
        }
        return (
            {
                goal: _t("What is behind the result?"),
                skill: _t("What shows it? An example helps"),
                text: _t("In your own words"),
            }[item.kind] || _t("In words: an example helps")
        );
    }

    words(item) {
        return wordCount(this.answer(item).text);
    }

    isTooLong(item) {
        return item.word_limit > 0 && this.words(item) > item.word_limit;
    }

    rows(item) {
        const text = this.answer(item).text || "";
        const least = item.kind === "text" ? 3 : 2;
        const lines = text
            .split("\n")
            .reduce((sum, line) => sum + 1 + Math.floor(line.length / 80), 0);
        return Math.max(least, Math.min(lines, 14));
    }

    // ------------------------------------------------------------ evidence

    of(item) {
        return (
            this.props.evidence?.items?.[item.id] || {
                goal: false,
                last: [],
                answers: [],
            }
        );
    }

    talkOf(item) {
        return (this.props.evidence?.entries || []).filter(
            (entry) => item.goal_id && entry.goal_id === item.goal_id
        );
    }

    hasGoalEvidence(section, item) {
        return section.show.goals && this.of(item).goal;
    }

    hasTalk(section, item) {
        return section.show.talk && this.talkOf(item).length;
    }

    /** Whether anything stands beside the item itself. */
    hasEvidence(section, item) {
        return Boolean(
            this.hasGoalEvidence(section, item) || this.hasTalk(section, item)
        );
    }

    /** What stands beside the whole section: `goals`, `talk`, `last`, `skills`. */
    panel(section) {
        const {evidence} = this.props;
        if (!evidence || section.kind === "goals") {
            return {};
        }
        const show = section.show;
        const panel = {};
        if (show.talk && evidence.entries?.length) {
            panel.talk = true;
        }
        if (show.goals && evidence.goals?.length) {
            panel.goals = evidence.goals;
        }
        if (show.last && evidence.last?.name) {
            panel.last = evidence.last;
        }
        if (show.skills && section.kind !== "competencies" && evidence.skills?.length) {
            panel.skills = evidence.skills;
        }
        return panel;
    }

    hasPanel(section) {
        return Object.keys(this.panel(section)).length > 0;
    }

    /** What is the same for each section is unfolded once. */
    isFirstPanel(section) {
        return section === this.props.form.sections.find((each) => this.hasPanel(each));
    }

    isWide() {
        return !this.env.isSmall;
    }

    /** What others said; on a form that is done also what one has said oneself. */
    voices(item) {
        const {answers} = this.of(item);
        const own = this.props.answers[item.id];
        if (!this.props.readonly || !own || answers.some(({mine}) => mine)) {
            return answers;
        }
        return [this.ownVoice(item, own), ...answers];
    }

    ownVoice(item, answer) {
        const section = this.props.form.sections.find(({items}) =>
            items.includes(item)
        );
        const chosen = this.choices(section, item).find((choice) =>
            this.isChosen(item, choice)
        );
        return {
            role: "own",
            mine: true,
            choices: chosen ? [{name: chosen.name, count: 1}] : [],
            texts: answer.text ? [answer.text] : [],
            dont_know: answer.dont_know ? 1 : 0,
        };
    }

    choiceText(voice) {
        return voice.choices
            .map(({name, count}) => (count > 1 ? `${name} × ${count}` : name))
            .join(", ");
    }

    voiceName(voice) {
        if (voice.mine) {
            return _t("You");
        }
        if (voice.who) {
            return `${voice.who} (${voice.label})`;
        }
        return voice.count > 1 ? `${voice.label} (${voice.count})` : voice.label;
    }

    points(value) {
        return value === false || value === undefined
            ? ""
            : formatFloat(value, {digits: [16, 1]});
    }

    tagIcon(section) {
        return TAG_ICONS[section.tag?.kind] || "fa-eye";
    }

    /** What will stand beside the section, in words, for a preview. */
    besideText(section) {
        const names = {
            goals: _t("goals and results"),
            talk: _t("check-ins and feedback"),
            last: _t("the last appraisal"),
            skills: _t("skills"),
        };
        const shown = Object.keys(names).filter((name) => section.show[name]);
        return shown.map((name) => names[name]).join(", ");
    }

    // ------------------------------------------------------------ the way there

    goTo(item) {
        const element = this.root.el.querySelector(`[data-item-id="${item.id}"]`);
        element?.scrollIntoView({behavior: "smooth", block: "center"});
        element?.querySelector("button, textarea")?.focus({preventScroll: true});
    }
}
