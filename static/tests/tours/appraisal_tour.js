import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// A whole appraisal, from the launch to the answer of the person; tests/test_appraisal_tours.py
// plays the parts in order.

const tour = (name, steps) =>
    registry
        .category("web_tour.tours")
        .add(`hr_performance_round_${name}`, {steps: () => steps});

const app = (...names) => [
    stepUtils.showAppsMenuItem(),
    {
        content: "Open the app",
        trigger: ".o_app[data-menu-xmlid='hr_performance.menu_root']",
        run: "click",
    },
    {content: "It opens on My performance", trigger: ".o_performance_mine"},
    ...(names.length
        ? [
              {
                  content: "Open the menu",
                  trigger: `.o_menu_sections [data-menu-xmlid='hr_performance.${names[0]}']`,
                  run: "click",
              },
              {
                  content: "Choose in the menu",
                  trigger: `.o-dropdown--menu [data-menu-xmlid='hr_performance.${names[1]}']`,
                  run: "click",
              },
          ]
        : []),
];

const button = (label, scope = ".o_statusbar_buttons") => ({
    content: `Press ${label}`,
    trigger: `${scope} button:contains(/^\\s*${label}\\s*$/)`,
    run: "click",
});

const confirm = {
    content: "Confirm",
    trigger: ".modal .modal-footer .btn-primary",
    run: "click",
};

const state = (label) => ({
    content: `The state is ${label}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${label})`,
});

const item = (name) => `.o_performance_review_item[data-item='${name}']`;

const choose = (name, label) => ({
    content: `${name}: ${label}`,
    trigger: `${item(name)} button:contains(/^\\s*${label}/)`,
    run: "click",
});

const say = (name, text) => ({
    content: `${name}: in words`,
    trigger: `${item(name)} textarea`,
    run: `edit ${text}`,
});

const sees = (name, what) => ({
    content: `${name}: ${what}`,
    trigger: `${item(name)} ${what}`,
});

const counts = (text) => ({
    content: text,
    trigger: `.o_performance_review_count:contains(${text})`,
});

const savedAndSubmitted = [
    {
        content: "The draft saves itself",
        trigger: ".o_performance_review_status:contains(Saved)",
    },
    button("Submit"),
    confirm,
    state("Done"),
];

const toReview = (about = "") => [
    ...app(),
    {
        content: "It waits on one's list",
        trigger: `.o_performance_to_do:contains(Write a review)${about && `:contains(${about})`}`,
        run: "click",
    },
    {content: "The form opens", trigger: ".o_performance_review"},
];

const openAppraisal = {
    content: "Open the appraisal",
    trigger: ".o_kanban_record:contains(Round Employee)",
    run: "click",
};

tour("hr_launches", [
    ...app("menu_configuration", "menu_cycles"),
    {trigger: ".o_data_row td:contains(The round)", run: "click"},
    button("Launch appraisals"),
    {content: "First who gets what", trigger: ".o_field_widget[name='preview'] table"},
    button("Launch"),
    {trigger: ".modal .modal-footer .btn-primary", run: "click"},
    {trigger: "button[name='action_view_appraisals']", run: "click"},
    {
        content: "Everybody has one",
        trigger: ".o_list_view .o_data_row:contains(Round Employee)",
    },
]);

tour("employee_reviews", [
    ...toReview(),
    counts("0 of 6 answered"),
    {
        content: "It is said who reads it",
        trigger:
            ".o_performance_review_tag:contains(Read by your manager and HR once you submit)",
    },
    {
        content: "What is for HR alone is not asked",
        trigger: ".o_performance_review:not(:has([data-section='For HR alone']))",
    },
    // the evidence: result, curve, talk
    sees("Win ten customers", "aside:contains(9 / 10)"),
    sees("Win ten customers", "aside .o_performance_curve"),
    sees("Win ten customers", "aside:contains(Nine came from the fair.)"),
    {
        content: "An observation of the manager is not the employee's to read",
        trigger: ".o_performance_review:not(:contains(Calmed an angry customer.))",
    },
    // accept what the points suggest
    sees(
        "Win ten customers",
        ".o_performance_review_suggested:contains(Meets expectations)"
    ),
    choose("Win ten customers", "Accept"),
    counts("1 of 6 answered"),
    // an extreme level needs an example
    choose("Listens", "Outstanding"),
    sees("Listens", ".o_performance_review_needed:contains(needs an example)"),
    choose("Works best", "In a pair"),
    choose("Keeps promises", "Yes"),
    say("One thing to keep", "Far too many words for this one"),
    sees("One thing to keep", ".text-danger:contains(7 of at most 5 words)"),
    choose("Selling", "Skilled"),
    counts("6 of 6 answered"),
    {
        content: "The draft saves itself",
        trigger: ".o_performance_review_status:contains(Saved)",
    },
    button("Submit"),
    confirm,
    {
        content: "All that is missing is said at once",
        trigger:
            ".modal .o_error_dialog, .modal:contains(needs an example):contains(at most 5)",
    },
    {
        content: "Close",
        trigger: ".modal .modal-footer button",
        run: "click",
    },
    say("Listens", "Asks until it is clear."),
    say("One thing to keep", "The fair"),
    ...savedAndSubmitted,
]);

const propose = (name) => [
    {
        content: `Look for ${name}`,
        trigger: ".modal .o_field_widget[name='reviewer_ids'] input",
        run: `edit ${name}`,
    },
    {
        content: `Choose ${name}`,
        trigger: `.o-autocomplete--dropdown-item a:contains(${name})`,
        run: "click",
    },
    {
        content: `${name} is chosen`,
        trigger: `.modal .o_field_widget[name='reviewer_ids'] .o_tag:contains(${name})`,
    },
];

tour("employee_proposes", [
    ...app("menu_mine", "menu_my_reviews"),
    {
        content: "Also what is done",
        trigger: ".o_searchview .o_facet_remove",
        run: "click",
    },
    {trigger: ".o_data_row:contains(Round Employee) td[name='cycle_id']", run: "click"},
    button("Propose Reviewers"),
    ...["Round Ann", "Round Ben", "Round Cem"].flatMap(propose),
    button("Propose", ".modal"),
    {content: "The dialog is gone", trigger: "body:not(:has(.modal))"},
]);

tour("manager_approves", [
    ...app("menu_team", "menu_team_appraisals"),
    openAppraisal,
    {trigger: ".o_notebook .nav-link:contains(Asked)", run: "click"},
    button("Who Is Asked", ".o_notebook"),
    {
        content: "All three are proposed",
        trigger: ".o_data_row:nth-child(3):contains(Proposed)",
    },
    {trigger: ".o_list_view thead .o_list_record_selector input", run: "click"},
    button("Approve", ".o_control_panel"),
    {
        content: "They are asked",
        trigger: ".o_list_view:not(:has(.o_data_row:contains(Proposed)))",
    },
]);

const peerAnswers = [
    {
        content: "It is said before writing what will be shown to whom",
        trigger:
            ".o_performance_review_tag:contains(never with your name):contains(from 3 answers on)",
    },
    {
        content: "Goals are between the person and the line",
        trigger: ".o_performance_review:not(:contains(Win ten customers))",
    },
    choose("Listens", "Exceeds expectations"),
    choose("Works best", "Don't know"),
    choose("Keeps promises", "Yes"),
    say("One thing to keep", "The good mood"),
    counts("4 of 4 answered"),
    ...savedAndSubmitted,
];

tour("peer_reviews", [...toReview("Round Employee"), ...peerAnswers]);

tour("manager_reviews", [
    ...toReview("Round Employee"),
    {
        content: "Nobody's view comes before one's own",
        trigger: ".o_performance_review:not(:has([data-role]))",
    },
    {
        content: "The whole period stands beside it, observations too",
        trigger: ".o_performance_review_panel:contains(Calmed an angry customer.)",
    },
    {
        content: "What is never shown says so",
        trigger:
            "[data-section='For HR alone'] .o_performance_review_tag:contains(Never shown to Round Employee)",
    },
    // another level than the suggested one
    choose("Win ten customers", "Choose another"),
    choose("Win ten customers", "Exceeds expectations"),
    sees("Win ten customers", ".o_performance_review_needed:contains(needs a reason)"),
    say("Win ten customers", "Without the help that was planned."),
    choose("Listens", "Exceeds expectations"),
    choose("Works best", "In a pair"),
    choose("Keeps promises", "Yes"),
    say("One thing to keep", "Asking early"),
    choose("Selling", "Skilled"),
    say("Selling", "Sold the fair alone."),
    say("Next role", "Leads the fair team."),
    ...savedAndSubmitted,
    {
        content: "Now the employee's part stands beside",
        trigger: `${item("Listens")} [data-role='self']:contains(Outstanding)`,
    },
    {
        content: "Colleagues are read when all is collected",
        trigger: ".o_performance_review:not(:has([data-role='peer']))",
    },
]);

tour("hr_collects", [
    ...app("menu_appraisals", "menu_appraisal_all"),
    {trigger: ".o_data_row:contains(Round Employee) td[name='cycle_id']", run: "click"},
    button("Close collection"),
    confirm,
    {
        content: "All that was said without names is there, as one voice",
        trigger:
            ".o_performance_review [data-role='peer']:contains(Colleague):contains(Exceeds expectations × 3)",
    },
    {
        content: "It happens once",
        trigger: ".o_statusbar_buttons:not(:contains(Close collection))",
    },
]);

tour("manager_decides", [
    ...app("menu_team", "menu_team_appraisals"),
    openAppraisal,
    {
        content: "What is suggested, and why",
        trigger:
            ".o_performance_suggested:contains(Exceeds expectations):contains(The score is)",
    },
    {
        content: "What colleagues said",
        trigger: ".o_performance_review [data-role='peer']:contains(The good mood)",
    },
    button("Choose another"),
    {
        content: "Look for a level",
        trigger: ".modal .o_field_widget[name='level_id'] input",
        run: "edit Outstanding",
    },
    {
        content: "Choose the level",
        trigger: ".o-autocomplete--dropdown-item a:contains(Outstanding)",
        run: "click",
    },
    {
        content: "Say why",
        trigger: ".modal .o_field_widget[name='override_reason'] textarea",
        run: "edit Alone for three months.",
    },
    {trigger: ".modal .modal-footer .btn-primary", run: "click"},
    state("Assessed"),
]);

tour("hr_releases", [
    ...app("menu_appraisals", "menu_appraisal_all"),
    {trigger: ".o_data_row:contains(Round Employee) td[name='cycle_id']", run: "click"},
    {
        content: "The reason is there for HR too",
        trigger: ".o_performance_result:contains(Alone for three months.)",
    },
    button("Release"),
    confirm,
    state("Released"),
]);

tour("employee_answers", [
    ...app(),
    {trigger: ".o_performance_to_do:contains(Read your result)", run: "click"},
    {
        content: "The result comes first, with the manager's reason",
        trigger:
            ".o_performance_result:contains(Outstanding):contains(Alone for three months.)",
    },
    {
        content: "What colleagues said, without a name",
        trigger: ".o_performance_review [data-role='peer']:contains(Colleague)",
    },
    {
        content: "What is for HR alone stays there",
        trigger:
            ".o_form_view:not(:contains(Leads the fair team.)):not(:contains(Next role))",
    },
    button("Answer"),
    {
        trigger: ".modal .o_field_widget[name='statement'] textarea",
        run: "edit Thank you all.",
    },
    button("I have read it", ".modal"),
    state("Acknowledged"),
]);

// ------------------------------------------------------------ on a phone

const phoneState = {
    content: "It is done",
    trigger: ".o_performance_review:not(:has(textarea))",
};

const submitOnPhone = [
    {
        content: "The draft saves itself",
        trigger: ".o_performance_review_status:contains(Saved)",
    },
    button("Submit"),
    confirm,
    phoneState,
];

const unfold = (selector) => ({
    content: `Unfold ${selector}`,
    trigger: `${selector} > summary`,
    run: "click",
});

tour("phone_manager", [
    {content: "The form opens", trigger: ".o_performance_review"},
    {
        content: "Evidence is folded under the item",
        trigger: `${item("Win ten customers")} details.o_performance_review_fold:not([open])`,
    },
    unfold(`${item("Win ten customers")} details.o_performance_review_fold`),
    sees("Win ten customers", "aside:contains(9 / 10)"),
    {
        content: "Nothing is wider than the phone",
        trigger: ".o_performance_review",
        run() {
            const wide = [...this.anchor.querySelectorAll("*")].filter(
                (element) =>
                    element.getBoundingClientRect().right > window.innerWidth + 1
            );
            if (wide.length) {
                throw new Error(`Too wide: ${wide[0].className}`);
            }
        },
    },
    choose("Win ten customers", "Accept"),
    choose("Listens", "Meets expectations"),
    choose("Works best", "Alone"),
    choose("Keeps promises", "No"),
    say("One thing to keep", "The calm"),
    choose("Selling", "Don't know"),
    counts("6 of 7 answered"),
    ...submitOnPhone,
]);

tour("phone_peer", [
    {content: "The form opens", trigger: ".o_performance_review"},
    ...peerAnswers.slice(0, -4),
    ...submitOnPhone,
]);
