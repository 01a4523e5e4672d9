import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// Values entered in the table, as a manager and as HR; tests/test_reading_tours.py looks
// at what was saved.

const cell = (row, column) => `.o_performance_grid input[data-cell='${row},${column}']`;

const open = [
    stepUtils.showAppsMenuItem(),
    {
        trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
        run: "click",
    },
    {
        trigger: ".o_menu_sections [data-menu-xmlid='hr_performance.menu_indicators']",
        run: "click",
    },
    {
        trigger:
            ".o-dropdown--menu [data-menu-xmlid='hr_performance.menu_reading_grid']",
        run: "click",
    },
];

const choose = (name, label) => ({
    content: `Choose ${label}`,
    trigger: `.o_performance_grid select[name='${name}']:has(option:contains(${label}))`,
    run: `selectByLabel ${label}`,
});

const type = (row, column, text) => ({
    content: `Type ${text}`,
    trigger: cell(row, column),
    run: `edit ${text}`,
});

const paste = (row, column, text) => ({
    content: "Paste a block from a spreadsheet",
    trigger: cell(row, column),
    run() {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        this.anchor.focus();
        this.anchor.dispatchEvent(
            new ClipboardEvent("paste", {
                clipboardData,
                bubbles: true,
                cancelable: true,
            })
        );
    },
});

const shows = (row, column, value) => ({
    content: `The cell shows ${value}`,
    trigger: `${cell(row, column)}:value(${value})`,
});

const save = {
    content: "Save",
    trigger: ".o_control_panel button[name='save']:enabled",
    run: "click",
};

const saved = (total) => ({
    content: `Everything is saved, the total is ${total}`,
    trigger: `.o_performance_grid:not(:has(.o_changed)) tfoot td:last-child:contains(/^${total}$/)`,
});

registry.category("web_tour.tours").add("hr_performance_grid_manager", {
    steps: () => [
        ...open,
        choose("indicator", "Calls made"),
        {trigger: ".o_performance_grid table[aria-label='Calls made']"},
        type(0, 0, "12"),
        {
            content: "Enter moves down",
            trigger: cell(0, 0),
            run: "press Enter",
        },
        {trigger: `${cell(1, 0)}:focus`},
        {trigger: cell(1, 0), run: "press ArrowRight"},
        {trigger: `${cell(1, 1)}:focus`},
        paste(0, 1, "1,000.5\t2\n3\t4\n5\t6\n"),
        {
            content: "The third line did not fit and says so",
            trigger: ".o_performance_grid_left_over:contains(2):contains(outside)",
        },
        shows(0, 1, "1,000.5"),
        type(1, 3, "many"),
        {trigger: `${cell(1, 3)}.is-invalid`},
        {
            content: "Escape takes it back",
            trigger: cell(1, 3),
            run: "press Escape",
        },
        {trigger: `${cell(1, 3)}:not(.is-invalid):value(/^$/)`},
        save,
        saved("1,021.5"),
        type(0, 0, "13"),
        save,
        {
            content: "A correction asks why, once",
            trigger: ".modal textarea[name='reason']",
            run: "edit Counted again",
        },
        {trigger: ".modal .btn-primary:enabled", run: "click"},
        saved("1,022.5"),
        type(1, 4, "7"),
        {
            content: "Leaving asks first",
            trigger:
                ".o_menu_sections [data-menu-xmlid='hr_performance.menu_indicators']",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu [data-menu-xmlid='hr_performance.menu_readings']",
            run: "click",
        },
        {trigger: ".modal .btn-secondary:contains(Stay)", run: "click"},
        {trigger: `body:not(:has(.modal)) ${cell(1, 4)}.o_changed`},
        {
            trigger: ".o_control_panel button[name='discard']",
            run: "click",
        },
        {trigger: ".o_performance_grid:not(:has(.o_changed))"},
    ],
});

registry.category("web_tour.tours").add("hr_performance_grid_hr", {
    steps: () => [
        ...open,
        choose("indicator", "Goods returned"),
        {trigger: ".o_performance_grid table[aria-label='Goods returned']"},
        choose("holders", "Company and departments"),
        {trigger: ".o_performance_grid tr[data-row='Grid Ltd']"},
        type(0, 0, "30/120"),
        save,
        saved("25"),
        shows(0, 0, "25"),
        choose("indicator", "Calls made"),
        {trigger: ".o_performance_grid table[aria-label='Calls made']"},
        choose("holders", "People"),
        {trigger: ".o_performance_grid tr[data-row='Grid HR']"},
        {
            content: "HR sees what the manager entered",
            trigger: ".o_performance_grid tr[data-row='Grid Employee'] input:value(13)",
        },
    ],
});
