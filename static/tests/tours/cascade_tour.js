import {registry} from "@web/core/registry";

// A manager breaks a department goal down for the team: from the goal's form through the
// three steps, with one edited cell; tests/test_cascade_tour.py looks at what was made.

const cell = (row, column) =>
    `.o_performance_cascade_grid input[data-cell='${row},${column}']`;

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button[name='${name}']:visible`,
    run: "click",
});

registry.category("web_tour.tours").add("hr_performance_cascade", {
    steps: () => [
        press("action_cascade"),
        {
            content: "Both reports are chosen already",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:nth-child(2)",
        },
        press("action_next"),
        {
            content: "30 over two",
            trigger: `${cell(0, 0)}:value(/^15$/)`,
        },
        {
            content: "The first one gets 20",
            trigger: cell(0, 0),
            run: "edit 20",
        },
        {
            content: "Enter moves on",
            trigger: cell(0, 0),
            run: "press Enter",
        },
        {
            content: "The other one has the rest",
            trigger: `${cell(1, 0)}:value(/^10$/)`,
        },
        {
            content: "Nothing is left to cover",
            trigger: ".o_performance_cascade_grid .o_uncovered td:contains(nothing)",
        },
        press("action_next"),
        {
            content: "Everything that will be made is shown",
            trigger: ".o_performance_cascade_preview tbody tr:contains(0 → 20)",
        },
        {
            content: "Make them",
            trigger:
                ".o_performance_cascade_preview button[name='make']:contains(2 goals)",
            run: "click",
        },
        {
            content: "They are made",
            trigger: ".o_performance_cascade_preview tbody tr:contains(Proposed)",
        },
        press("action_view_goals"),
        {trigger: ".o_list_view .o_data_row:nth-child(2)"},
    ],
});
