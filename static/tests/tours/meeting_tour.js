import {registry} from "@web/core/registry";

// One meeting, as the employee and the manager; tests/test_meeting_tours.py plays the
// parts in order.

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

const save = [
    {content: "Save", trigger: ".o_form_button_save", run: "click"},
    {trigger: ".o_form_saved, .o_form_view .o_form_status_indicator_buttons.invisible"},
];

const opened = {trigger: ".o_performance_meeting", timeout: 60000};

const openTheOnly = [
    {
        content: "Open the meeting",
        trigger: ".o_data_row .o_data_cell[name='kind']",
        run: "click",
    },
    opened,
];

const write = (text) => ({
    content: `Write ${text}`,
    trigger: `${field("minutes")} .odoo-editor-editable`,
    run: `editor ${text}`,
});

const addLine = (name, text) => [
    {
        content: "Add a line",
        trigger: `${field(name)} .o_field_x2many_list_row_add a`,
        run: "click",
    },
    {
        content: `Type ${text}`,
        trigger: `${field(name)} .o_selected_row ${field("name")} input`,
        run: `edit ${text}`,
    },
];

const finalise = [
    button("Finalise the minutes"),
    {trigger: ".modal .btn-primary", run: "click"},
    state("Held"),
];

const tour = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`hr_performance_meeting_${name}`, {steps: () => steps});

tour("employee_prepares", [
    {
        content: "The next meeting is announced",
        trigger: ".o_performance_next_meeting:contains(Meeting Manager)",
        timeout: 60000,
    },
    button("Prepare", ".o_performance_next_meeting"),
    opened,
    {
        content: "What is still open stands on the agenda",
        trigger: `${field("agenda_ids")} .o_data_row:contains(Win customers)`,
    },
    {
        content: "Prepare in private",
        trigger: `${field("note")} textarea`,
        run: "edit Ask for more time",
    },
    ...addLine("agenda_ids", "The trade fair"),
    ...save,
    {content: "See the questions", trigger: "a[name='questions']", run: "click"},
    {
        content: "Put one on the agenda",
        trigger: `${field("question_ids")} .o_data_row:contains(How are you, really?) button`,
        run: "click",
    },
    {
        trigger: `${field("agenda_ids")} .o_data_row:contains(How are you, really?)`,
    },
]);

tour("manager_holds", [
    ...openTheOnly,
    {trigger: `${field("agenda_ids")} .o_data_row:contains(The trade fair)`},
    {
        content: "The employee's preparation is not there",
        trigger: `${field("note")} textarea:value(/^$/)`,
    },
    write("We go to the fair"),
    ...addLine("action_ids", "Book the stand"),
    ...save,
    ...finalise,
]);

tour("employee_disputes", [
    ...openTheOnly,
    {trigger: `${field("minutes")}:contains(We go to the fair)`},
    button("Say what is wrong"),
    {
        trigger: `.modal ${field("reason")} textarea`,
        run: "edit We only think about it",
    },
    button("Confirm", ".modal"),
    state("Disputed"),
    {trigger: `${field("statement_ids")}:contains(We only think about it)`},
]);

tour("manager_corrects", [
    ...openTheOnly,
    {trigger: `${field("statement_ids")}:contains(We only think about it)`},
    write("We think about the fair"),
    ...save,
    ...finalise,
]);

tour("employee_confirms", [
    ...openTheOnly,
    {trigger: `${field("minutes")}:contains(We think about the fair)`},
    button("Confirm the minutes"),
    state("Confirmed"),
]);
