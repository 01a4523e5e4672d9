import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// The dialogue about one goal, as its owner and the manager; tests/test_dialogue_tours.py
// plays the parts in order.

const field = (name, scope = "") => `${scope} .o_field_widget[name='${name}']`;

const button = (label, scope = ".o_statusbar_buttons") => ({
    content: `Press ${label}`,
    trigger: `${scope} button:contains(/^\\s*${label}\\s*$/)`,
    run: "click",
});

const state = (label) => ({
    content: `The state is ${label}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
});

const openGoal = (name) => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
        run: "click",
    },
    {trigger: ".o_performance_mine"},
    {
        trigger: ".o_menu_sections [data-menu-xmlid='hr_performance.menu_goals']",
        run: "click",
    },
    {
        trigger: ".o-dropdown--menu [data-menu-xmlid='hr_performance.menu_goal_board']",
        run: "click",
    },
    {
        content: `Open ${name}`,
        trigger: `.o_kanban_record:contains(${name})`,
        run: "click",
    },
    // the first form of all has its scripts made
    {trigger: ".o_form_view", timeout: 60000},
];

const because = (label, reason) => [
    button(label),
    {
        content: "Say why",
        trigger: `.modal ${field("reason")} textarea`,
        run: `edit ${reason}`,
    },
    button("Confirm", ".modal"),
];

const retarget = (target) => [
    {
        content: "Take the target",
        trigger: `${field("measure_ids")} .o_data_row td[name='target']`,
        run: "click",
    },
    {
        content: `Change it to ${target}`,
        trigger: `${field("measure_ids")} .o_selected_row ${field("target")} input`,
        run: `edit ${target}`,
    },
    {content: "Save", trigger: ".o_form_button_save", run: "click"},
    {trigger: ".o_form_saved, .o_form_view .o_form_status_indicator_buttons.invisible"},
];

const news = (...words) => ({
    content: `What is new: ${words.join(", ")}`,
    trigger: `.alert-info${words.map((word) => `:contains(${word})`).join("")}`,
});

const tour = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`hr_performance_dialogue_${name}`, {steps: () => steps});

tour("employee_proposes", [
    ...openGoal("Win customers"),
    button("Propose"),
    state("Proposed"),
]);

tour("manager_sends_back", [
    ...openGoal("Win customers"),
    ...retarget("25"),
    ...because("Send back", "Aim a little higher"),
    state("Draft"),
]);

tour("employee_sees_and_proposes", [
    ...openGoal("Win customers"),
    news("Changed by Dialogue Manager since you proposed it", "Target: 20 → 25"),
    button("Seen", ".alert-info"),
    {content: "Nothing is new", trigger: ".o_form_view:not(:has(.alert-info:visible))"},
    button("Propose"),
    state("Proposed"),
]);

tour("manager_agrees", [
    ...openGoal("Win customers"),
    button("Agree"),
    state("Agreed"),
]);

tour("employee_asks_for_a_change", [
    ...openGoal("Win customers"),
    ...because("Request a change", "A partner was bought"),
    state("Proposed"),
    ...retarget("15"),
    {
        content: "What is asked for stands at the top",
        trigger:
            ".alert-warning:contains(A partner was bought):contains(Target: 25 → 15)",
    },
]);

tour("manager_refuses_and_closes", [
    ...openGoal("Win customers"),
    {trigger: ".alert-warning:contains(Dialogue Employee):contains(Target: 25 → 15)"},
    ...because("Refuse the change", "Find another partner"),
    state("Agreed"),
    {
        content: "The former target is back",
        trigger: `${field("measure_ids")} .o_data_row td[name='target']:contains(25)`,
    },
    {
        content: "The log",
        trigger: ".o_notebook .nav-link:contains(Agreement)",
        run: "click",
    },
    {
        content: "It says who, what and why",
        trigger: `${field("revision_ids")} .o_data_row:contains(Change refused):contains(Find another partner)`,
    },
    {
        trigger: `${field("revision_ids")} .o_data_row:contains(Dialogue Employee):contains(Target: 25 → 15)`,
    },
    button("Close"),
    {
        content: "How it ended",
        trigger: `.modal ${field("decision")} input[data-value='partly']`,
        run: "click",
    },
    {
        content: "What was learned",
        trigger: `.modal ${field("lesson")} textarea`,
        run: "edit Start with the partners",
    },
    {
        content: "What happens next",
        trigger: `.modal ${field("next_step")} input[data-value='modify']`,
        run: "click",
    },
    button("Close goal", ".modal"),
    {
        content: "The goal of the next period is open, with what was learned",
        trigger: ".alert-light:contains(Start with the partners)",
    },
    state("Draft"),
]);
