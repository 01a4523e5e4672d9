import {registry} from "@web/core/registry";

const card = (name) =>
    `.o_hierarchy_node_container:has(.o_hierarchy_node_header:contains(${name}))`;

const unfold = (name) => ({
    content: `Unfold ${name}`,
    trigger: `${card(name)} button[name='hierarchy_search_subsidiaries']:contains(Unfold)`,
    run: "click",
});

registry.category("web_tour.tours").add("hr_performance_goal_map", {
    steps: () => [
        {
            content: "The company's goal is there, and nothing below",
            trigger: `.o_hierarchy_container:contains(Top):not(:contains(Middle))`,
        },
        unfold("Top"),
        {
            content: "Along the organisation there are no quarters",
            trigger: `.o_hierarchy_container:contains(Middle):not(:contains(Q1))`,
        },
        {
            content: "Switch to the parts in time",
            trigger: ".o_goal_map_time",
            run: "click",
        },
        {
            content:
                "The only goal that has any is unfolded: the quarter, no departments",
            trigger: `.o_hierarchy_container:contains(Q1):not(:contains(Middle))`,
        },
        {
            content: "And back",
            trigger: ".o_goal_map_organisation",
            run: "click",
        },
        unfold("Top"),
        unfold("Middle"),
        {
            content: "Drag the personal goal below the other department's",
            trigger: `${card("Bottom")} .o_hierarchy_node`,
            run: `drag_and_drop ${card("Target")} .o_hierarchy_node`,
        },
        {
            content: "It is drawn below that now",
            trigger: ".o_hierarchy_parent_node_container:contains(Target)",
        },
    ],
});
