"""Proposals wait since they were made, not since the upgrade."""


def migrate(cr, version):
    cr.execute(
        """
        ALTER TABLE hr_performance_goal ADD COLUMN IF NOT EXISTS proposed_date date;
        UPDATE hr_performance_goal goal
           SET proposed_date = COALESCE(
                   (SELECT MAX(step.date)::date
                      FROM hr_performance_goal_revision step
                     WHERE step.goal_id = goal.id AND step.step = 'propose'),
                   goal.create_date::date
               )
         WHERE goal.state = 'proposed';
        """
    )
