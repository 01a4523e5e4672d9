import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// An action from the board to the judgement, and what its judgement tells whoever plans
// the same again; tests/test_action_tour.py plays the parts in order.

const menu = (section, entry) => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
        run: "click",
    },
    {trigger: ".o_performance_mine"},
    {
        trigger: `.o_menu_sections [data-menu-xmlid='hr_performance.${section}']`,
        run: "click",
    },
    {
        trigger: `.o-dropdown--menu [data-menu-xmlid='hr_performance.${entry}']`,
        run: "click",
    },
];

const column = (label) => `.o_kanban_group:has(.o_column_title:contains(/^${label}/))`;
const card = (label, name) => `${column(label)} .o_kanban_record:contains(${name})`;

const tour = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`hr_performance_action_${name}`, {steps: () => steps});

tour("employee_moves_a_card", [
    ...menu("menu_mine", "menu_my_actions"),
    {
        content: "Drag it to Doing",
        trigger: card("To do", "Visit the largest customers"),
        run: `drag_and_drop ${column("Doing")} .o_kanban_header`,
    },
    {
        content: "It is there",
        trigger: card("Doing", "Visit the largest customers"),
    },
    {
        content: "Drag it to Done",
        trigger: card("Doing", "Visit the largest customers"),
        run: `drag_and_drop ${column("Done")} .o_kanban_header`,
    },
    {trigger: card("Done", "Visit the largest customers")},
    {
        content: "No step leads from Done to Doing",
        trigger: card("Done", "Visit the largest customers"),
        run: `drag_and_drop ${column("Doing")} .o_kanban_header`,
    },
    {trigger: ".o_notification:contains(No step leads from here)"},
    {
        content: "It has stayed",
        trigger: card("Done", "Visit the largest customers"),
    },
]);

tour("manager_judges", [
    ...menu("menu_team", "menu_team_actions"),
    {
        trigger: `${card("Done", "Visit the largest customers")} button:contains(Did it work)`,
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name='effect'] input[data-value='partly']",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name='note'] textarea",
        run: "edit Go in the morning, with a new product",
    },
    {trigger: ".modal button[name='action_confirm']", run: "click"},
    {
        trigger: `${card("Done", "Visit the largest customers")}:contains(Partly)`,
    },
]);

tour("employee_plans_it_again", [
    ...menu("menu_mine", "menu_my_actions"),
    {trigger: ".o_kanban_view"},
    {trigger: ".o-kanban-button-new", run: "click"},
    {
        trigger: ".o_form_view .o_field_widget[name='name'] :is(input, textarea)",
        run: "edit Visit our largest customers",
        timeout: 60000,
    },
    {
        content: "Leave the field",
        trigger: ".o_field_widget[name='resources'] textarea",
        run: "edit A car",
    },
    {
        content: "What happened before is said at once",
        trigger: ".alert-info:contains(Tried once before: partly 1)",
    },
    {
        content: "And what was learned",
        trigger:
            ".o_field_widget[name='earlier_action_ids'] td:contains(Go in the morning)",
    },
    {
        trigger: ".o_field_widget[name='goal_id'] input",
        run: "edit Win",
    },
    {
        trigger:
            ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(Win customers)",
        run: "click",
    },
    {
        trigger: ".alert-info:contains(Tried once on this indicator: partly 1)",
    },
    {trigger: ".o_form_button_save", run: "click"},
    {
        trigger:
            ".o_form_saved, .o_form_view .o_form_status_indicator_buttons.invisible",
    },
    {
        trigger: ".alert-info button[name='action_view_earlier']",
        run: "click",
    },
    {trigger: ".o_list_view .o_group_header:contains(Partly)"},
]);
