"""What people have been told already is not told once more."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    # the newest of each kind on a record goes into the ledger, which knows one
    cr.execute(
        """
        WITH told AS (
            SELECT activity.id, activity.user_id, activity.date_deadline,
                   activity.res_model, activity.res_id,
                   substr(type.name, length('mail_activity_') + 1) AS kind,
                   row_number() OVER (
                       PARTITION BY activity.res_model, activity.res_id, type.name
                           ORDER BY activity.id DESC
                   ) AS place
              FROM mail_activity activity
              JOIN ir_model_data type
                ON type.model = 'mail.activity.type' AND type.module = 'hr_performance'
               AND type.res_id = activity.activity_type_id
               AND starts_with(type.name, 'mail_activity_')
             WHERE activity.active AND activity.automated
               AND activity.user_id IS NOT NULL
               AND starts_with(activity.res_model, 'hr.performance.')
        ), kept AS (
            INSERT INTO hr_performance_notice
                   (kind, res_model, res_id, user_id, occasion, activity_id,
                    create_uid, create_date, write_uid, write_date)
            SELECT kind, res_model, res_id, user_id, date_deadline, id,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM told
             WHERE place = 1
       ON CONFLICT DO NOTHING
        )
        SELECT id FROM told WHERE place > 1
        """,
        {"uid": SUPERUSER_ID},
    )
    doubles = [row[0] for row in cr.fetchall()]
    api.Environment(cr, SUPERUSER_ID, {})["mail.activity"].browse(doubles).unlink()
