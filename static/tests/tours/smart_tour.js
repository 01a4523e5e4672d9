import {registry} from "@web/core/registry";

const note = ".o_performance_smart_hints";
const hint = (code) => `${note} .o_performance_smart_hint[data-code='${code}']`;
const field = (name) => `.o_field_widget[name='${name}']`;

const type = (name, text) => ({
    content: `Type ${text}`,
    trigger: `${field(name)} :is(input, textarea)`,
    run: `edit ${text} && press Tab`,
});

registry.category("web_tour.tours").add("hr_performance_smart_employee_writes_goal", {
    steps: () => [
        {
            content: "Nothing is written, so nothing is said",
            trigger: `.o_form_view:not(:has(${note})) ${field("name")}`,
        },
        type("name", "Bedre service"),
        {
            content: "A Norwegian text, an English user",
            trigger: `${hint("VAGUE_WORDS")} button:contains(“Bedre”)`,
            run: "click",
        },
        {
            content: "The reason and a better example",
            trigger: `${hint("VAGUE_WORDS")}:contains(Answer 95 % of customers)`,
        },
        type("name", "提高服务质量"),
        {trigger: `${hint("VAGUE_WORDS")} button:contains(“提高”)`},
        type("name", "Win new customers"),
        {
            content: "What is met has left, what is missing is still there",
            trigger: `${note}:not(:has([data-code='VAGUE_WORDS'])) [data-code='NO_MEASURE']`,
        },
        {
            content: "Add a measure",
            trigger: `${field("measure_ids")} .o_field_x2many_list_row_add :is(a, button)`,
            run: "click",
        },
        {
            trigger: `${field("measure_ids")} .o_selected_row ${field("indicator_id")} input`,
            run: "edit New customers",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(New customers)",
            run: "click",
        },
        {
            trigger: `${field("measure_ids")} .o_selected_row ${field("target")} input`,
            run: "edit 20 && press Tab",
        },
        {
            content: "The note leaves when all is met",
            trigger: `.o_form_view:not(:has(${note}))`,
        },
        {content: "Save", trigger: ".o_form_button_save", run: "click"},
        {
            trigger:
                ".o_form_saved, .o_form_view .o_form_status_indicator_buttons.invisible",
        },
    ],
});

registry.category("web_tour.tours").add("hr_performance_smart_hr_edits_rule", {
    steps: () => [
        {trigger: ".o_data_row td:contains(How much is said)", run: "click"},
        {
            content: "Try it before",
            trigger: `${field("try_text")} input`,
            run: "edit A posh service && press Tab",
        },
        {trigger: `${field("try_result")}:contains(Nothing)`},
        {
            content: "Take the English words",
            trigger: `${field("word_ids")} .o_data_row:contains(English) td[name='words']`,
            run: "click",
        },
        {
            trigger: `${field("word_ids")} .o_selected_row ${field("words")} textarea`,
            run: "edit better, posh",
        },
        {
            content: "Leave the list",
            trigger: ".o_form_view .oe_title",
            run: "click",
        },
        {
            content: "It is found at once",
            trigger: `${field("try_result")}:contains(“posh”)`,
        },
        {content: "Save", trigger: ".o_form_button_save", run: "click"},
        {
            trigger:
                ".o_form_saved, .o_form_view .o_form_status_indicator_buttons.invisible",
        },
    ],
});
