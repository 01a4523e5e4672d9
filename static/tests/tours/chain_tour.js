import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// One walk along the whole chain, as three people; tests/test_tours.py plays the parts in
// order. Everything is typed and clicked on the screens people use.

const field = (name, scope = "") => `${scope} .o_field_widget[name='${name}']`;

const type = (name, text, scope = "") => ({
    content: `Type ${name}`,
    trigger: `${field(name, scope)} :is(input, textarea)`,
    run: `edit ${text}`,
});

const choose = (name, text, scope = "") => [
    {
        content: `Look for ${text}`,
        trigger: `${field(name, scope)} input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(${text})`,
        run: "click",
    },
];

const radio = (name, value) => ({
    content: `Choose ${value}`,
    trigger: `${field(name)} input[data-value='${value}']`,
    run: "click",
});

const button = (label, scope = ".o_statusbar_buttons") => ({
    content: `Press ${label}`,
    trigger: `${scope} button:contains(/^\\s*${label}\\s*$/)`,
    run: "click",
});

const state = (label) => ({
    content: `The state is ${label}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
});

const menu = (...names) => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
        run: "click",
    },
    {
        content: "The app opens on My performance",
        trigger: ".o_performance_mine",
    },
    ...(names.length
        ? [
              {
                  trigger: `.o_menu_sections [data-menu-xmlid='hr_performance.${names[0]}']`,
                  run: "click",
              },
              {
                  trigger: `.o-dropdown--menu [data-menu-xmlid='hr_performance.${names[1]}']`,
                  run: "click",
              },
          ]
        : []),
];

const create = (emptyTitle) => [
    {trigger: `.o_breadcrumb:contains(${emptyTitle})`},
    {
        content: "New",
        trigger:
            ".o_control_panel_main_buttons .o-kanban-button-new, .o_list_button_add",
        run: "click",
    },
];

const measure = (indicator, target) => {
    const row = `${field("measure_ids")} .o_selected_row`;
    return [
        {
            content: "Add a measure",
            trigger: `${field("measure_ids")} .o_field_x2many_list_row_add :is(a, button)`,
            run: "click",
        },
        ...choose("indicator_id", indicator, row),
        type("target", target, row),
    ];
};

const saved = [
    {content: "Save", trigger: ".o_form_button_save", run: "click"},
    {trigger: ".o_form_saved, .o_form_view .o_form_status_indicator_buttons.invisible"},
];

const answerAll = [
    ...["Quality of work", "Cooperation", "Initiative and learning"].map(
        (question) => ({
            content: `Answer ${question}`,
            trigger: `[data-item='${question}'] button:contains(/^Meets expectations$/)`,
            run: "click",
        })
    ),
    {
        content: "Say it in words",
        trigger: "[data-item='What went well this period?'] textarea",
        run: "edit Customers came back by themselves.",
    },
    {
        content: "The draft saves itself",
        trigger: ".o_performance_review_status:contains(Saved)",
    },
    button("Submit"),
    {content: "Confirm", trigger: ".modal .modal-footer .btn-primary", run: "click"},
    state("Done"),
];

const tour = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`hr_performance_${name}`, {steps: () => steps});

tour("hr_sets_up", [
    ...menu("menu_configuration", "menu_cycles"),
    ...create("Cycles"),
    type("name", "The year"),
    {
        content: "From",
        trigger: `${field("date_start")} input[data-field='date_start']`,
        run() {
            const year = new Date().getFullYear();
            this.anchor.value = `01/01/${year}`;
            this.anchor.dispatchEvent(new Event("input", {bubbles: true}));
            this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
        },
    },
    {
        content: "To",
        trigger: `${field("date_start")} input[data-field='date_end']`,
        run() {
            const year = new Date().getFullYear();
            this.anchor.value = `12/31/${year}`;
            this.anchor.dispatchEvent(new Event("input", {bubbles: true}));
            this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
        },
    },
    ...choose("template_id", "Goals and conduct"),
    ...choose("scale_id", "Points, five levels"),
    ...saved,
    button("Next stage"),
    state("Do"),
    ...menu("menu_indicators", "menu_indicators_in_use"),
    ...create("Indicators"),
    type("name", "New customers"),
    type("code", "NEW_CUSTOMERS"),
    type("unit", "customers"),
    ...saved,
    button("Put into use"),
    state("In use"),
    ...menu("menu_goals", "menu_goal_board"),
    ...create("Goals"),
    type("name", "Grow in Scandinavia"),
    radio("scope", "company"),
    ...choose("cycle_id", "The year"),
    ...measure("New customers", "100"),
    ...saved,
    button("Propose"),
    state("Proposed"),
    button("Agree"),
    state("Agreed"),
]);

tour("manager_sets_department_goal", [
    ...menu("menu_team", "menu_team_goals"),
    ...create("Goals of My Team"),
    type("name", "Win 40 customers"),
    radio("scope", "department"),
    ...choose("department_id", "Chain Sales"),
    ...choose("cycle_id", "The year"),
    ...choose("parent_id", "Grow in Scandinavia"),
    ...measure("New customers", "40"),
    ...saved,
    button("Propose"),
    state("Proposed"),
]);

tour("hr_agrees_from_the_board", [
    ...menu("menu_goals", "menu_goal_board"),
    {
        content: "Agree on the card",
        trigger: ".o_kanban_record:contains(Win 40 customers) button:contains(Agree)",
        run: "click",
    },
    {
        trigger:
            ".o_kanban_record:contains(Win 40 customers) button:contains(Check in)",
    },
]);

tour("employee_proposes_goal", [
    ...menu(),
    {
        content: "The empty screen offers the first deed",
        trigger: ".o_performance_mine button:contains(Write a goal)",
        run: "click",
    },
    type("name", "Win 20 customers"),
    ...choose("cycle_id", "The year"),
    ...choose("parent_id", "Win 40 customers"),
    ...measure("New customers", "20"),
    ...saved,
    button("Propose"),
    state("Proposed"),
]);

tour("manager_agrees", [
    ...menu(),
    {
        content: "It is on the manager's list",
        trigger: ".o_performance_to_do:contains(Win 20 customers)",
        run: "click",
    },
    button("Agree"),
    state("Agreed"),
]);

tour("employee_checks_in", [
    ...menu(),
    {
        content: "Check in from the overview",
        trigger:
            ".o_performance_goal:contains(Win 20 customers) button:contains(Check in)",
        run: "click",
    },
    {
        content: "Nothing typed is nothing reported: the value starts empty",
        trigger: ".modal .o_performance_value input:value(/^$/)",
    },
    {
        content: "Type the value",
        trigger: ".modal .o_performance_value input",
        run: "edit 14",
    },
    {
        content: "Say what is behind it",
        trigger: ".modal .o_field_widget[name='assessment'] textarea",
        run: "edit Two large ones from the fair.",
    },
    button("Post", ".modal"),
    {
        content: "The overview shows the new figure",
        trigger:
            ".o_performance_goal:contains(Win 20 customers):contains(14 / 20 customers)",
    },
]);

tour("hr_launches", [
    ...menu("menu_configuration", "menu_cycles"),
    {trigger: ".o_data_row td:contains(The year)", run: "click"},
    button("Launch appraisals"),
    {content: "First who gets what", trigger: ".o_field_widget[name='preview'] table"},
    button("Launch"),
    {trigger: ".modal .modal-footer .btn-primary", run: "click"},
    {trigger: "button[name='action_view_appraisals']", run: "click"},
    {trigger: ".o_list_view .o_data_row:contains(Chain Employee)"},
]);

tour("employee_reviews", [
    ...menu(),
    {trigger: ".o_performance_to_do:contains(Write a review)", run: "click"},
    {
        content: "The result of the goal stands beside it",
        trigger: "[data-item='Win 20 customers'] aside:contains(14 / 20 customers)",
    },
    ...answerAll,
]);

tour("manager_reviews", [
    ...menu(),
    {trigger: ".o_performance_to_do:contains(Write a review)", run: "click"},
    {
        content: "Nobody's view comes before one's own",
        trigger: "[data-item='Quality of work']:not(:has([data-role='self']))",
    },
    ...answerAll,
    {
        content: "With one's own done, the employee's view stands beside the question",
        trigger:
            "[data-item='Quality of work'] [data-role='self']:contains(Meets expectations)",
    },
    ...menu("menu_team", "menu_team_appraisals"),
    {trigger: ".o_kanban_record:contains(Chain Employee)", run: "click"},
    button("Accept the suggested rating"),
    state("Assessed"),
]);

tour("hr_releases", [
    ...menu("menu_appraisals", "menu_appraisal_all"),
    {trigger: ".o_data_row:contains(Chain Employee) td[name='cycle_id']", run: "click"},
    button("Release"),
    {trigger: ".modal .modal-footer .btn-primary", run: "click"},
    state("Released"),
]);

tour("employee_answers", [
    ...menu(),
    {trigger: ".o_performance_to_do:contains(Read your result)", run: "click"},
    {
        content: "The score explains itself",
        trigger: ".o_performance_derivation:contains(Win 20 customers):contains(70.0)",
    },
    button("Answer"),
    {
        trigger: ".modal .o_field_widget[name='statement'] textarea",
        run: "edit A fair picture of the year.",
    },
    button("I have read it", ".modal"),
    state("Acknowledged"),
]);
