import {registry} from "@web/core/registry";
import {Domain} from "@web/core/domain";
import {addFieldDependencies} from "@web/model/relational_model/utils";
import {orderByToString} from "@web/search/utils/order_by";
import {hierarchyView} from "@web_hierarchy/hierarchy_view";
import {HierarchyModel} from "@web_hierarchy/hierarchy_model";

const CHILD_FIELDS = {organisation: "organisation_child_ids", time: "time_child_ids"};
const ROOT_FIELDS = {organisation: "is_map_root", time: "is_time_root"};

/**
 * The goals along one dimension: the organisation, or the parts of one holder's goal in
 * time. Only what carries a tree is drawn at first, and of what a search finds only the
 * topmost goals; the rest comes when it is unfolded.
 */
export class GoalMapModel extends HierarchyModel {
    setup(params, services) {
        addFieldDependencies(
            params.activeFields,
            params.fields,
            [...Object.values(CHILD_FIELDS), "is_time_part", "state"].map((name) => ({
                name,
                type: params.fields[name].type,
            }))
        );
        super.setup(params, services);
        this.setDimension(this.config.dimension || "organisation");
    }

    get dimension() {
        return this.config.dimension;
    }

    setDimension(dimension) {
        this.config.dimension = dimension;
        this.childFieldName = CHILD_FIELDS[dimension];
    }

    /** Draw the map anew along the other dimension. */
    async switchDimension(dimension) {
        this.setDimension(dimension);
        delete this.config.resIds;
        await this.load({domain: this.config.searchDomain});
    }

    /** @override */
    _getNextConfig(currentConfig, params) {
        const isAsked = Boolean(
            (params.context || currentConfig.context)?.hierarchy_res_id
        );
        const config = super._getNextConfig(currentConfig, params);
        if ("domain" in params) {
            config.searchDomain = params.domain;
            if (!isAsked) {
                config.domain = Domain.and([
                    params.domain,
                    this.isSearchDefaultOrEmpty()
                        ? [[ROOT_FIELDS[config.dimension], "=", true]]
                        : this._topmost(config.dimension, params.domain),
                ]).toList({});
            }
        }
        return config;
    }

    /** What no other goal of `domain` brings along when it is unfolded. */
    _topmost(dimension, domain) {
        const isBelow = [["parent_id", "any", domain]];
        return dimension === "time"
            ? Domain.or([[["is_time_part", "=", false]], Domain.not(isBelow)]).toList(
                  {}
              )
            : Domain.not(isBelow).toList({});
    }

    /** @override without falling back on all goals where there is no root */
    async _loadData(config, reload = false) {
        const resIds = reload ? this.resIds : config.resIds;
        const data = await this.orm.call(
            this.resModel,
            "hierarchy_read",
            [
                resIds?.length ? [["id", "in", resIds]] : config.domain,
                this._getFieldsSpec(config.context),
                this.parentFieldName,
                this.childFieldName,
                orderByToString(config.orderBy),
            ],
            {context: this.context}
        );
        return this._formatData(data);
    }

    /** @override to leave out what lies below in the other dimension */
    _formatData(data) {
        const ids = new Set(data.map((goal) => goal.id));
        const isTime = this.dimension === "time";
        return super._formatData(
            data.filter(
                (goal) =>
                    !ids.has(goal.parent_id?.id) ||
                    (goal.is_time_part === isTime && goal.state !== "cancelled")
            )
        );
    }

    /** @override */
    async _fetchManager(node, ...args) {
        const data = await super._fetchManager(node, ...args);
        const isTime = this.dimension === "time";
        data[this.childFieldName] = data[this.childFieldName].filter(
            (goal) => goal.is_time_part === isTime && goal.state !== "cancelled"
        );
        return data;
    }

    /** @override: a goal that became a root has the map drawn anew, not all goals read */
    computeUpdateParentNodeDomain(node, parentResId, parentNode) {
        return parentResId
            ? super.computeUpdateParentNodeDomain(node, parentResId, parentNode)
            : [["id", "=", false]];
    }
}

export const goalMapView = {
    ...hierarchyView,
    Model: GoalMapModel,
    buttonTemplate: "hr_performance.GoalMapButtons",
};

registry.category("views").add("performance_goal_map", goalMapView);
