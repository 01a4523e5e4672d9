import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// Checking in, from the board and on one page for several goals; tests/test_checkin_tours.py
// looks at what was saved, and walks the same on a phone.

const tour = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`hr_performance_checkin_${name}`, {steps: () => steps});

const goTo = (path) => [
    {
        content: `Go to ${path}`,
        trigger: "body",
        run() {
            window.location.assign(`/odoo/${path}`);
        },
        expectUnloadPage: true,
    },
];

const field = (name, scope = "") => `${scope} .o_field_widget[name='${name}']`;

// ---------------------------------------------------------------- from the board

let clicks = 0;
const countClicks = () => {
    clicks = 0;
    // somebody who types need not click into a field: the value is focused, and the tab
    // key leads on
    const count = (ev) => {
        clicks += ev.target.matches("input[type='text'], textarea") ? 0 : 1;
    };
    window.addEventListener("click", count, {capture: true});
};

const click = (content, trigger) => ({content, trigger, run: "click"});

tour("board", [
    ...goTo("my-goals"),
    {
        content: "The board is there; from here on every click counts",
        trigger: ".o_kanban_record:contains(Goal 1)",
        timeout: 60000,
        run: countClicks,
    },
    click("1: check in", ".o_kanban_record:contains(Goal 1) button:contains(Check in)"),
    {
        content: "The value is ready to be typed",
        trigger: ".modal .o_performance_value input[inputmode='decimal']",
        timeout: 60000,
        run: "edit 7",
    },
    {
        content: "The curve shows no values yet, and no error",
        trigger: ".modal .o_performance_value:not(:has(.is-invalid))",
    },
    click(
        "2: how it looks",
        ".modal .o_performance_health_choice [data-value='at_risk']"
    ),
    {
        content: "What is behind it",
        trigger: `.modal ${field("assessment")} textarea`,
        run: "edit Two more in sight",
    },
    click("3: post", ".modal button[name='action_post']"),
    {
        content: "It is done, in three clicks",
        trigger:
            "body:not(:has(.modal)) .o_kanban_record:contains(Goal 1):contains(7 / 20)",
        run() {
            if (clicks !== 3) {
                throw new Error(`${clicks} clicks instead of 3`);
            }
        },
    },
]);

// ---------------------------------------------------------------- several goals

const card = (number) => `.o_performance_round_card[data-goal='Goal ${number}']`;

const say = (number) => [
    {
        content: `The value of goal ${number}`,
        trigger: `${card(number)} .o_performance_value input`,
        run: `edit ${number}`,
    },
    {
        content: `What is behind goal ${number}`,
        trigger: `${card(number)} .o_performance_round_assessment`,
        run: `edit Behind ${number}`,
    },
];

const more = (number) =>
    click(
        `Unfold goal ${number}`,
        `${card(number)} .o_performance_round_more[aria-expanded='false']`
    );

tour("round", [
    ...goTo("check-in"),
    {trigger: card(1), timeout: 60000},
    ...[1, 2, 3, 4, 5].flatMap(say),
    click(
        "Goal 2 is off track",
        `${card(2)} .o_performance_health_choice [data-value='off_track']`
    ),
    more(3),
    {
        content: "What stands in the way",
        trigger: `${card(3)} textarea[placeholder^='What stands in the way']`,
        run: "edit No budget",
    },
    more(4),
    click("A link", `${card(4)} button:contains(Add a web address)`),
    {
        content: "Where it leads",
        trigger: `${card(4)} input[type='url']`,
        run: "edit https://example.com/a && press Tab",
    },
    {
        content: "A value that is no number is marked",
        trigger: `${card(5)} .o_performance_value input`,
        run: "edit many",
    },
    click("Try to post", ".o_performance_round_foot .o_performance_post_all"),
    {trigger: `${card(5)} .alert-warning:contains(no number)`},
    {
        content: "Put it right",
        trigger: `${card(5)} .o_performance_value input.is-invalid`,
        run: "edit 5",
    },
    click("Leave goal 5 out", `${card(5)} .o_performance_round_skip`),
    {trigger: ".o_performance_round_foot [data-count='4']"},
    click("And in again", `${card(5)} button:contains(Check in after all)`),
    click("Post all five", ".o_performance_round_foot [data-count='5']"),
    {
        content: "Nothing is due any more",
        trigger: ".o_performance_round_empty:contains(up to date)",
    },
]);

tour("leave", [
    ...goTo("check-in"),
    {
        trigger: `${card(1)} .o_performance_round_assessment`,
        timeout: 60000,
        run: "edit Half said",
    },
    stepUtils.showAppsMenuItem(),
    click("Leave", ".o_app[data-menu-xmlid='hr_performance.menu_root']"),
    {trigger: ".o_performance_mine"},
    click("Come back", ".o_performance_checkin_all"),
    {
        content: "It is as it was left",
        trigger: `${card(1)}:contains(to be posted) .o_performance_round_assessment:value(Half said)`,
    },
]);

// ---------------------------------------------------------------- from the activity

tour("activity", [
    ...goTo("my-goals"),
    {
        trigger: ".o_kanban_record:contains(Goal 1)",
        timeout: 60000,
        run: "click",
    },
    {
        content: "The activity is done by checking in, not by marking it",
        trigger: ".o-mail-Activity:not(:has(.o-mail-Activity-markDone))",
    },
    click("Check in from the activity", ".o_performance_activity_checkin"),
    {
        trigger: ".modal .o_performance_value input[inputmode='decimal']",
        run: "edit 9",
    },
    click("Post", ".modal button[name='action_post']"),
    {
        content: "The activity is gone",
        trigger: "body:not(:has(.modal)):not(:has(.o_performance_activity_checkin))",
    },
]);

// ---------------------------------------------------------------- afterwards

const openTimeline = [
    ...goTo("performance-goals"),
    {
        trigger: ".o_kanban_record:contains(Goal 1)",
        timeout: 60000,
        run: "click",
    },
    click("The check-ins", ".o_notebook .nav-link:contains(Check-ins)"),
];

tour("correct", [
    ...openTimeline,
    {
        content: "Data, analysis and judgement stand together",
        trigger:
            ".o_performance_timeline .o_kanban_record:contains(4 → 4 / 20 pieces):contains(Four new ones)",
    },
    click("Correct it", ".o_performance_timeline button[name='action_correct']"),
    {
        content: "What was said is there",
        trigger: ".modal .o_performance_value input:value(4)",
        run: "edit 3",
    },
    {
        content: "Why",
        trigger: `.modal ${field("correction_reason")} input`,
        run: "edit One was a test",
    },
    click("Post it", ".modal button[name='action_post']"),
    {
        content: "The former one is marked",
        trigger:
            "body:not(:has(.modal)) .o_performance_timeline .o_kanban_record:contains(4 → 4 / 20):contains(Corrected)",
    },
    {
        trigger: ".o_performance_timeline .o_kanban_record:contains(3 → 3 / 20 pieces)",
    },
]);

tour("answer", [
    ...openTimeline,
    click(
        "Answer",
        ".o_performance_timeline .o_kanban_record:contains(3 → 3 / 20) button[name='action_open_answer']"
    ),
    {
        content: "Say something",
        trigger: `.modal ${field("text")} textarea`,
        run: "edit I help you with the next one",
    },
    click("And plan an action", ".modal button[name='action_plan_action']"),
    {
        content: "Who does what",
        trigger: `.modal ${field("name")} :is(input, textarea)`,
        run: "edit Visit them together",
    },
    click("Save it", ".modal .o_form_button_save"),
    {
        content: "The answer stands with the check-in",
        trigger:
            "body:not(:has(.modal)) .o_performance_timeline:contains(I help you with the next one)",
    },
]);
