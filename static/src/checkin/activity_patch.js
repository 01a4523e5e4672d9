import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

/** Open the check-in dialog from the activity that asks for it. */
async function checkIn(env, activity, onClose) {
    const action = await env.services.orm.call(
        "hr.performance.goal",
        "action_checkin",
        [activity.res_id]
    );
    return env.services.action.doAction(action, {onClose});
}

const asksForCheckin = (activity) =>
    activity.activity_category === "performance_checkin";

patch(Activity.prototype, {
    get asksForCheckin() {
        return asksForCheckin(this.props.activity);
    },

    onClickCheckin() {
        const thread = this.thread;
        return checkIn(this.env, this.props.activity, () => {
            this.props.onActivityChanged(thread);
            this.props.reloadParentView?.();
        });
    },
});

patch(ActivityListPopoverItem.prototype, {
    get asksForCheckin() {
        return asksForCheckin(this.props.activity);
    },

    // it is done by checking in, and by nothing else
    get hasMarkDoneButton() {
        return super.hasMarkDoneButton && !this.asksForCheckin;
    },

    onClickCheckin() {
        // closes the list of activities, as the dialog of a change does
        this.props.onClickEditActivityButton?.();
        return checkIn(this.env, this.props.activity, () =>
            this.props.onActivityChanged?.()
        );
    },
});
