"""Give stored rules and derivations what later versions of them say as well."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE hr_performance_measure
           SET rule = rule || jsonb_build_object(
                   'id', indicator_id,
                   'rollups', jsonb_build_object(indicator_id::text, rule -> 'rollup'),
                   'limits', '[]'::jsonb,
                   'version', 1
               )
         WHERE jsonb_typeof(rule) = 'object'
        """
    )
    cr.execute(
        """
        UPDATE hr_performance_measure
           SET derivation = derivation || jsonb_build_object(
                   'next_band', NULL,
                   'targets', jsonb_build_array(
                       jsonb_build_array(date_start, derivation -> 'target')
                   )
               )
         WHERE jsonb_typeof(derivation) = 'object'
        """
    )
