"""All goals were held for their whole period, and by nobody's post."""


def migrate(cr, version):
    # at once for all, instead of goal by goal
    cr.execute(
        """
        ALTER TABLE hr_performance_goal
              ADD COLUMN IF NOT EXISTS job_id integer,
              ADD COLUMN IF NOT EXISTS pro_rata double precision,
              ADD COLUMN IF NOT EXISTS holding double precision;
        ALTER TABLE hr_performance_appraisal_item
              ADD COLUMN IF NOT EXISTS pro_rata double precision;
        UPDATE hr_performance_goal SET pro_rata = 1, holding = 1;
        UPDATE hr_performance_appraisal_item SET pro_rata = 1;
        """
    )
