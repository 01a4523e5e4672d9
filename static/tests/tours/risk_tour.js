import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// A manager names a risk on a goal, finds it on the matrix, treats it there and sees the goal
// on track again; tests/test_risk_tour.py looks at what was made.

const field = (name, scope = "") => `${scope} .o_field_widget[name='${name}']`;

const pick = (name, value, scope = "") => ({
    content: `Choose ${value} as ${name}`,
    trigger: `${field(name, scope)} select`,
    run: `select ${value}`,
});

const menu = (section, entry) => [
    {
        trigger: `.o_menu_sections [data-menu-xmlid='hr_performance.${section}']`,
        run: "click",
    },
    {
        trigger: `.o-dropdown--menu [data-menu-xmlid='hr_performance.${entry}']`,
        run: "click",
    },
];

const openGoal = [
    ...menu("menu_team", "menu_team_goals"),
    {
        content: "Open the goal",
        trigger: ".o_kanban_record:contains(Win 20)",
        run: "click",
    },
];

const row = `${field("risk_ids")} .o_selected_row`;

registry.category("web_tour.tours").add("hr_performance_risk", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the app",
            trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
            run: "click",
        },
        {trigger: ".o_performance_mine"},
        ...openGoal,
        {
            content: "It is on track",
            trigger: ".o_performance_health:contains(On track)",
        },
        {
            content: "Look at its risks",
            trigger: ".o_notebook .nav-link[name='risks']",
            run: "click",
        },
        {
            content: "Add one",
            trigger: `${field("risk_ids")} .o_field_x2many_list_row_add :is(a, button)`,
            run: "click",
        },
        {
            content: "Name it",
            trigger: `${field("name", row)} input`,
            run: "edit The only supplier fails",
        },
        pick("probability", 4, row),
        pick("consequence", 5, row),
        {
            content: "Its level is said at once",
            trigger: `${row} .o_performance_risk_zone:contains(20):contains(Critical)`,
        },
        {content: "Save", trigger: ".o_form_button_save", run: "click"},
        {
            content: "The goal is off track, and says why",
            trigger: ".o_performance_health:contains(Off track)",
        },
        {
            trigger:
                ".o_field_widget[name='health_reason']:contains(The only supplier fails)",
        },
        ...menu("menu_goals", "menu_risk_matrix"),
        {
            content: "The cell of likely and severe holds it",
            trigger:
                ".o_performance_risk_cell[data-cell='4-5']:contains(1):contains(Critical)",
        },
        {
            content: "The arrows lead to it as well",
            trigger: ".o_performance_risk_cell[data-cell='5-1']",
            run() {
                this.anchor.focus();
                for (const key of [
                    "ArrowDown",
                    "ArrowRight",
                    "ArrowRight",
                    "ArrowRight",
                    "ArrowRight",
                ]) {
                    document.activeElement.dispatchEvent(
                        new KeyboardEvent("keydown", {key, bubbles: true})
                    );
                }
            },
        },
        {
            content: "Open it",
            trigger: ".o_performance_risk_cell[data-cell='4-5']:focus",
            run: "click",
        },
        {
            content: "Its risks are listed",
            trigger: ".o_data_row .o_data_cell:contains(The only supplier fails)",
            run: "click",
        },
        {
            content: "Say how we respond",
            trigger: `${field("response")} .o_select_menu_toggler`,
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Reduce)",
            run: "click",
        },
        pick("residual_probability", 2),
        pick("residual_consequence", 4),
        {
            content: "Treated",
            trigger: ".o_statusbar_buttons button[name='action_treat']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Treated)",
        },
        {
            content: "Back to the matrix",
            trigger: ".o_breadcrumb a:contains(Risk Matrix), .o_back_button",
            run: "click",
        },
        {
            content: "Once more, where the list is in between",
            trigger:
                ".o_performance_risk_matrix, .o_list_view .o_breadcrumb a:contains(Risk Matrix)",
            async run(helpers) {
                if (this.anchor.matches("a")) {
                    await helpers.click();
                }
            },
        },
        {
            content: "After treatment it stands elsewhere",
            trigger: ".o_performance_risk_after",
            run: "click",
        },
        {
            trigger: ".o_performance_risk_cell[data-cell='2-4']:contains(1)",
        },
        ...openGoal,
        {
            content: "It is on track again",
            trigger: ".o_performance_health:contains(On track)",
        },
    ],
});
