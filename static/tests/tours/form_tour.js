import {registry} from "@web/core/registry";

// HR makes a form with a choice and an anonymous reviewer, looks at it as that reviewer, and
// later, when it is in use, makes a new version; tests/test_template_tour.py looks at the rest.

const field = (name, scope = "") => `${scope} .o_field_widget[name='${name}']`;
const add = (name, scope = "") =>
    `${field(name, scope)} .o_field_x2many_list_row_add :is(a, button)`;
// the dialog on top: a question is in a dialog over that of its section
const SECTION = ".modal:has(.o_field_widget[name='question_ids'])";
const QUESTION = ".modal:has(.o_field_widget[name='word_limit'])";

const option = (name, value) => [
    {content: "Offer an answer", trigger: add("option_ids", QUESTION), run: "click"},
    {
        trigger: `${QUESTION} .o_selected_row .o_field_widget[name='name'] input`,
        run: `edit ${name}`,
    },
    ...(value
        ? [
              {
                  trigger: `${QUESTION} .o_selected_row .o_field_widget[name='value'] input`,
                  run: `edit ${value}`,
              },
          ]
        : []),
];

registry.category("web_tour.tours").add("hr_performance_form", {
    steps: () => [
        {content: "Begin a form", trigger: ".o_list_button_add", run: "click"},
        {
            content: "Name it",
            trigger: `${field("name")} :is(input, textarea)`,
            run: "edit Teamwork",
        },
        {content: "Add a section", trigger: add("section_ids"), run: "click"},
        {
            trigger: `${SECTION} .oe_title .o_field_widget[name='name'] :is(input, textarea)`,
            run: "edit Working together",
        },
        {
            content: "It asks criteria",
            trigger: `${SECTION} .o_radio_item:contains(Criteria) input`,
            run: "click",
        },
        {
            content: "Add a question",
            trigger: add("question_ids", SECTION),
            run: "click",
        },
        {
            trigger: `${QUESTION} .oe_title .o_field_widget[name='name'] :is(input, textarea)`,
            run: "edit Helps others",
        },
        {
            content: "It is a choice",
            trigger: `${QUESTION} .o_radio_item:contains(Choice) input`,
            run: "click",
        },
        ...option("Often", "120"),
        ...option("I could not see it"),
        {
            content: "Done with the question",
            trigger: `${QUESTION} .o_form_button_save`,
            run: "click",
        },
        {
            trigger: `${SECTION} .o_data_row:contains(Helps others):contains(Choice)`,
        },
        {
            content: "Done with the section",
            trigger: `body:not(:has(.modal .o_field_widget[name='word_limit'])) ${SECTION} .o_form_button_save`,
            run: "click",
        },
        {trigger: `${field("section_ids")} .o_data_row:contains(Working together)`},
        {
            content: "Ask colleagues, too",
            trigger: ".o_notebook .nav-link[name='roles']",
            run: "click",
        },
        {trigger: add("role_ids"), run: "click"},
        {
            trigger: ".o_selected_row .o_field_widget[name='role'] input",
            run: "click",
        },
        {trigger: ".o_select_menu_item:contains(Colleague)", run: "click"},
        {
            content: "Anonymously",
            trigger: ".o_selected_row .o_field_widget[name='is_anonymous'] input",
            run: "click",
        },
        {content: "Save", trigger: ".o_form_button_save", run: "click"},
        {
            content: "Too few are beside each other to stay anonymous, it says",
            trigger: ".o_form_saved .o_field_widget[name='hints']:contains(Colleague)",
        },
        {content: "Preview it", trigger: "button[name='action_preview']", run: "click"},
        {
            content: "As a colleague",
            trigger: ".modal .o_radio_item:contains(Colleague) input",
            run: "click",
        },
        {
            content: "Who writes knows who will read it",
            trigger:
                ".modal .o_performance_review_section:contains(never with your name)",
        },
        {
            content: "The choice can be tried out",
            trigger: ".modal [data-item='Helps others'] button:contains(Often)",
            run: "click",
        },
        {
            trigger:
                ".modal [data-item='Helps others'] button.btn-primary:contains(Often)",
        },
        {trigger: ".modal-footer button:contains(Close)", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_form_saved"},
    ],
});

registry.category("web_tour.tours").add("hr_performance_form_version", {
    steps: () => [
        {
            content: "It is in use",
            trigger: ".alert:contains(People are or were appraised on this form)",
        },
        {
            content: "and stays as it is",
            trigger: `body:not(:has(${add("section_ids")})) .o_form_view`,
        },
        {
            content: "Make a new version",
            trigger: "button[name='action_new_version']",
            run: "click",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {
            content: "The new version can be changed",
            trigger: `body:not(:has(.modal)) .o_form_view ${add("section_ids")}`,
        },
        {
            content: "Both are there",
            trigger: "button[name='action_view_versions']:contains(2)",
        },
    ],
});
