"""Turn the derivations of former versions into trees that can be worked out again.

They listed sections with their items and means. The figures stay the very same; what was
not kept then (the answers behind an item, the measures behind a goal) is an input.
"""

import json

from odoo.addons.hr_performance.engine.derivation import node, part

BATCH = 1000


def migrate(cr, version):
    """Batch by batch: a company may have appraised ten thousand people for years."""
    if not version:
        return
    last = 0
    while True:
        cr.execute(
            """
            SELECT appraisal.id, appraisal.derivation, appraisal.score,
                   scale.value_min, scale.value_max, appraisal.level_suggested_id,
                   (SELECT json_agg(
                               json_build_object(
                                   'id', level.id,
                                   'name', level.name ->> 'en_US',
                                   'score_min', level.score_min
                               ) ORDER BY level.value, level.id
                           )
                      FROM hr_performance_scale_level AS level
                     WHERE level.scale_id = scale.id)
              FROM hr_performance_appraisal AS appraisal
              JOIN hr_performance_scale AS scale ON scale.id = appraisal.scale_id
             WHERE appraisal.id > %s
               AND jsonb_exists(appraisal.derivation, 'sections')
             ORDER BY appraisal.id
             LIMIT %s
            """,
            [last, BATCH],
        )
        rows = cr.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        trees = [_tree(*row[1:]) for row in rows]
        cr.execute(
            """
            UPDATE hr_performance_appraisal AS appraisal
               SET derivation = new.derivation::jsonb
              FROM unnest(%s::int[], %s::text[]) AS new (id, derivation)
             WHERE appraisal.id = new.id
            """,
            [
                [row[0] for row in rows],
                [tree and json.dumps(tree) for tree in trees],
            ],
        )


def _tree(former, score, low, high, suggested_id, levels):
    """The tree of a ``former`` derivation; None where nothing had a value."""
    if score is None:
        return None
    sections = [
        part(
            _settled(_section(section, [low, high]), section["score"]),
            section["weight"],
            name=section["name"],
        )
        for section in former["sections"]
    ]
    mean = _settled(node("mean", sections), score)
    tree = node("level", [part(mean)], levels=levels or [])
    reached = tree["value"] is not None and levels[tree["value"]]["id"]
    if (reached or None) != suggested_id:
        # the scale is another one by now than when the level was suggested
        tree = node("level", [part(mean)], levels=[])
    return tree


def _section(section, onto):
    items = [
        part(
            node("input", value=item["score"]),
            item["weight"],
            name=item["name"],
            item_id=item["id"],
            # 1.0 knew no share of the period: held all the time
            pro_rata=item.get("pro_rata", 1.0),
        )
        for item in section["items"]
    ]
    mean = _settled(node("mean", items), section["mean"])
    return node("rescale", [part(mean)], scale=section["scale"], onto=onto)


def _settled(made, value):
    """The node ``made``, if it has the ``value`` that stands; else that as an input.

    Whoever has changed form or scale since must not move a figure that people have read.
    """
    return made if made["value"] == value else node("input", value=value)
