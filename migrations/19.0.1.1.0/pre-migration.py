"""Make room for the library; tell stored rules and derivations what later ones say."""

import logging
from itertools import count
from pathlib import Path

from lxml import etree

from odoo.tools.misc import file_path

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    free_library_codes(cr)
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


def free_library_codes(cr):
    """Rename what goes by a code of the library, which brings shared indicators.

    A code means one indicator in every company, and one taken would stop the upgrade.
    Formulas, which go by codes, came with the library.
    """
    codes = library_codes()
    cr.execute("SELECT code FROM hr_performance_indicator WHERE code IS NOT NULL")
    taken = {code for (code,) in cr.fetchall()} | codes.keys()
    cr.execute(
        """
        SELECT indicator.id, indicator.code
          FROM hr_performance_indicator indicator
          JOIN unnest(%s, %s) AS library (code, name)
            ON library.code = indicator.code
         WHERE NOT EXISTS (
                   SELECT FROM ir_model_data brought
                    WHERE brought.model = 'hr.performance.indicator'
                      AND brought.res_id = indicator.id
                      AND brought.module = 'hr_performance'
                      AND brought.name = library.name
               )
      ORDER BY indicator.id
        """,
        [list(codes), list(codes.values())],
    )
    for indicator_id, code in cr.fetchall():
        own = next(
            own
            for number in count(1)
            if (own := f"{code}_OWN{number if number > 1 else ''}") not in taken
        )
        taken.add(own)
        cr.execute(
            "UPDATE hr_performance_indicator SET code = %s WHERE id = %s",
            [own, indicator_id],
        )
        _logger.warning(
            "The library of indicators brings one with the code %s: yours (id %s) has the"
            " code %s from now on. Files and the API find it by that code.",
            code,
            indicator_id,
            own,
        )


def library_codes():
    """``{code: name of its record}`` of all indicators in the library's files."""
    return {
        record.findtext("field[@name='code']"): record.get("id")
        for path in Path(file_path("hr_performance/data/library")).glob("*.xml")
        for record in etree.parse(path).iterfind(
            "record[@model='hr.performance.indicator']"
        )
        if record.find("field[@name='code']") is not None
    }
