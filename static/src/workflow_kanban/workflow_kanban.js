import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {utils} from "@web/core/ui/ui_service";
import {SearchModel} from "@web/search/search_model";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";

/**
 * A board by state on which cards move only where the table of steps lets them.
 *
 * The model says where in `allowed_states`, and takes the step in `action_move`. By any
 * other field cards move as on every board.
 */
export class WorkflowKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.actionService = useService("action");
    }

    get isByState() {
        return this.props.list.groupByField?.name === "state";
    }

    findRecord(dataRecordId) {
        return this.props.list.records.find((record) => record.id === dataRecordId);
    }

    findGroup(element) {
        return this.props.list.groups.find((group) => group.id === element?.dataset.id);
    }

    mayGo(record, group) {
        // no step at all is told as false
        const states = record.data.allowed_states || [];
        return Boolean(group) && states.includes(group.value);
    }

    /** @override to show where the card cannot go */
    sortStart(params) {
        super.sortStart(params);
        const record = this.isByState && this.findRecord(params.element.dataset.id);
        if (!record) {
            return;
        }
        for (const column of this.rootRef.el.querySelectorAll(".o_kanban_group")) {
            const isOwn = column.contains(params.element);
            column.classList.toggle(
                "opacity-50",
                !isOwn && !this.mayGo(record, this.findGroup(column))
            );
        }
    }

    /** @override */
    sortStop(params) {
        super.sortStop(params);
        for (const column of this.rootRef.el.querySelectorAll(".o_kanban_group")) {
            column.classList.remove("opacity-50");
        }
    }

    /** @override to take the step instead of writing the state */
    async sortRecordDrop(dataRecordId, dataGroupId, params) {
        if (!this.isByState) {
            return super.sortRecordDrop(dataRecordId, dataGroupId, params);
        }
        params.parent?.classList.remove("o_kanban_hover");
        const record = this.findRecord(dataRecordId);
        const group = this.findGroup(params.parent);
        if (!record || !group || group.id === dataGroupId) {
            return;
        }
        if (!this.mayGo(record, group)) {
            this.notification.add(
                _t("No step leads from here to “%s” for you.", group.displayName),
                {type: "warning"}
            );
            return;
        }
        this.toggleProcessing(dataRecordId, true);
        try {
            const told = await this.orm.call(this.props.list.resModel, "action_move", [
                [record.resId],
                group.value,
            ]);
            if (told) {
                await this.actionService.doAction(told);
            }
        } finally {
            this.toggleProcessing(dataRecordId, false);
            await this.props.list.model.load();
        }
    }
}

/** On a phone, where nothing is dragged, all cards stand below each other. */
export class WorkflowSearchModel extends SearchModel {
    async load(config) {
        return super.load(
            utils.isSmall() ? {...config, defaultGroupBy: undefined} : config
        );
    }
}

export const workflowKanbanView = {
    ...kanbanView,
    Renderer: WorkflowKanbanRenderer,
    SearchModel: WorkflowSearchModel,
};

registry.category("views").add("performance_workflow_kanban", workflowKanbanView);
