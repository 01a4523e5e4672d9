import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// Monday morning: a manager opens the board, answers, plans a one-on-one and gives feedback;
// the person reads it. tests/test_who_needs_help_tour.py plays the parts in order.

const row = ".o_performance_help_row[data-person='Monday Employee']";

const openBoard = [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
        run: "click",
    },
    {trigger: ".o_performance_mine"},
    {
        trigger: ".o_menu_sections [data-menu-xmlid='hr_performance.menu_team']",
        run: "click",
    },
    {
        content: "The board is the first entry",
        trigger:
            ".o-dropdown--menu a:first-child[data-menu-xmlid='hr_performance.menu_who_needs_help']",
        run: "click",
    },
    {trigger: ".o_performance_help"},
];

registry.category("web_tour.tours").add("hr_performance_monday_manager", {
    steps: () => [
        ...openBoard,
        {
            content: "It says who needs help",
            trigger:
                ".o_performance_help_sentences:contains(1 of 2 people needs you this week)",
        },
        {
            content: "And why, worst first",
            trigger: `.o_performance_help_row:first-child [data-reason='blocked']`,
        },
        {
            content: "Health has a word beside its colour",
            trigger: `${row} .o_performance_help_facts:contains(/: 1/)`,
        },
        {
            content: "See what is in the way",
            trigger: `${row} details summary`,
            run: "click",
        },
        {trigger: `${row} .o_performance_help_blocker:contains(No licence)`},
        {
            content: "Answer",
            trigger: `${row} .o_performance_help_deeds button:contains(Answer)`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='text'] textarea",
            run: "edit I ask for it today",
        },
        {trigger: ".modal footer button.btn-primary", run: "click"},
        {
            content: "Nothing waits for an answer any more",
            trigger: `${row}:not(:has([data-reason='to_answer']))`,
        },
        {
            content: "Give feedback",
            trigger: `${row} .o_performance_help_deeds button:contains(Feedback)`,
            run: "click",
        },
        {
            content: "The person is there already",
            trigger:
                ".modal .o_field_widget[name='employee_id']:has(input:value(Monday Employee))",
        },
        {
            trigger: ".modal .o_field_widget[name='text'] textarea",
            run: "edit You told the customer before they asked",
        },
        {
            trigger: ".modal footer button[name='action_give']:visible",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {
            content: "Something is noted now",
            trigger: `${row}:not(:has([data-reason='not_noted']))`,
        },
        {
            content: "Plan a one-on-one",
            trigger: `${row} .o_performance_help_deeds button:contains(1:1)`,
            run: "click",
        },
        {trigger: ".modal .o_field_widget[name='employee_id']", timeout: 60000},
        {
            trigger:
                ".modal footer button[special='save'], .modal footer .o_form_button_save",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        {
            content: "The meeting is on it",
            trigger: `${row} .o_performance_help_facts:not(:contains(Next meeting: none))`,
        },
        {
            content: "Down goes to the next person",
            trigger: ".o_performance_help_row:first-child .o_performance_help_name",
            async run({queryOne}) {
                const name = queryOne(
                    ".o_performance_help_row:first-child .o_performance_help_name"
                );
                name.focus();
                name.dispatchEvent(
                    new KeyboardEvent("keydown", {key: "ArrowDown", bubbles: true})
                );
                const second = queryOne(
                    ".o_performance_help_row:nth-child(2) .o_performance_help_name"
                );
                if (document.activeElement !== second) {
                    throw new Error("The arrow does not lead to the next person");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("hr_performance_monday_employee", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
            run: "click",
        },
        {trigger: ".o_performance_mine"},
        {
            trigger: ".o_menu_sections [data-menu-xmlid='hr_performance.menu_mine']",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='hr_performance.menu_my_feedback']",
            run: "click",
        },
        {
            content: "Read what the manager wrote",
            trigger:
                ".o_kanban_record:contains(You told the customer before they asked)",
        },
    ],
});
