"""For each shipped SMART rule: what it speaks about, and what it is content with.

English examples of the text rules stand in the rules themselves.
"""

from datetime import date

from odoo.addons.hr_performance.engine.smart import Goal, Measure, Other

#: ``{code: {language: (instead of, better)}}`` for the rules that look at a text
TEXTS = {
    "VERB_FIRST": {
        "nb_NO": ("Kundeklager", "Redusere klager fra 30 til 20 i måneden"),
        "zh_CN": ("客户投诉", "将每月投诉从30件降到20件"),
    },
    "OUTCOME": {
        "nb_NO": ("Delta på salgskurs", "Vinne 5 anbud med den nye salgsmetoden"),
        "zh_CN": ("参加销售培训", "用新的销售方法赢得5个标"),
    },
    "VAGUE_WORDS": {
        "nb_NO": ("Forbedre kundeservice", "Besvare 95 % av kundene innen 4 timer"),
        "zh_CN": ("提高客户服务水平", "4小时内回复95%的客户"),
    },
    "SEVERAL_GOALS": {
        "nb_NO": (
            "Vinne 20 kunder og kurse 5 kolleger",
            "Vinne 20 nye kunder i nord",
        ),
        "zh_CN": ("赢得20个客户并培训5名同事", "在北区赢得20个新客户"),
    },
    "NAME_SHORT": {
        "nb_NO": ("Salg", "Selge 120 serviceavtaler innen juni"),
        "zh_CN": ("销售", "在6月前签订120份服务合同"),
    },
    "NAME_LONG": {
        "nb_NO": (
            "Sørge for at alle kundene våre i alle regioner gjennom hele året som kommer"
            " får et vennlig svar fra en av oss innen fire timer uansett hva de lurer på",
            "Besvare 95 % av kundene innen 4 timer",
        ),
        "zh_CN": (
            "在接下来的一整年里保证我们所有地区的每一位客户无论提出什么问题都能在四个小时"
            "之内得到我们团队当中某一位同事友好而且完整的答复",
            "4小时内回复95%的客户",
        ),
    },
    "ABBREVIATIONS": {
        "nb_NO": ("NPS Q3 EMEA", "Øke andelen ambassadører i Europa til 40 %"),
        "zh_CN": ("NPS Q3 EMEA", "把欧洲推荐者的比例提高到40%"),
    },
    "NON_COMMITTAL": {
        "nb_NO": (
            "En ny nettbutikk bør vurderes",
            "Åpne den nye nettbutikken innen 1. oktober",
        ),
        "zh_CN": ("应考虑建设新的网店", "在10月1日前开通新的网店"),
    },
    "NO_AMOUNT": {
        "nb_NO": ("Besøke flere kunder", "Besøke 24 kunder, to i måneden"),
        "zh_CN": ("拜访多家客户", "拜访24家客户，每月2家"),
    },
    "ABSOLUTE_WORDS": {
        "nb_NO": (
            "Levere feilfritt til kundene",
            "Holde klagene under 5 i måneden, hver løst innen 2 dager",
        ),
        "zh_CN": ("实现交付零投诉", "将投诉控制在每月5件以内，每件2天内解决"),
    },
    "OPEN_ENDED": {
        "nb_NO": (
            "Svare kunder så snart som mulig",
            "Besvare 95 % av kundene innen 4 timer fra 1. mai",
        ),
        "zh_CN": ("尽快回复客户", "自5月1日起4小时内回复95%的客户"),
    },
}

#: words that carry the same thought in another form, and some that only look like it
INFLECTED = {
    "VAGUE_WORDS": (
        (
            "Improving service",
            "Ytterligere serviceforbedring",
            "Kundene skal ha det bedre",
            "服务质量的提升",
            "ＩＭＰＲＯＶＥ　ｓｅｒｖｉｃｅ",
            "Improve quality in Q3",
        ),
        (
            "Win the lessor contract",
            "Åpne høyskolekontoret",
            "Improve answers from 81 to 95 %",
            "把客户满意度从８１提高到９５",
        ),
    ),
    "SEVERAL_GOALS": (
        ("Win 20 customers and to train 5 people", "Selge mer samt redusere kostnader"),
        (
            "Sell to customers and partners",
            "Vinne kunder i Oslo og Bergen",
            "与销售和市场部签约",
        ),
    ),
    "VERB_FIRST": (
        ("Customer satisfaction", "The winter sale", "Kundetilfredshet"),
        (
            "To win 20 customers",
            "By June, win 20 customers",
            "Å vinne 20 kunder",
            "2026年底前将客户流失率降到5%",
        ),
    ),
    "ABSOLUTE_WORDS": (
        ("Deliver 100% on time", "100 % leveringspresisjon"),
        ("开设3家零售店",),
    ),
}

YEAR = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
RISING = Measure("Contracts", unit="pieces", baseline=0.0, target=130.0, former=120.0)
RATE = RISING._replace(
    name="On-time delivery",
    unit="%",
    adds_up=False,
    baseline=88.0,
    target=95.0,
    former=91.0,
)


def _goal(*measures, name="A goal", **facts):
    return Goal(name, measures=measures, **YEAR | facts)


#: ``{code: (instead of, better)}`` for the rules that look at more than a text
FACTS = {
    "DESCRIPTION": (_goal(), _goal(description="The phone queue is gone.")),
    "DUPLICATE": (
        _goal(name="Win 20 customers", others=(Other("Win 20 Customers!"),)),
        _goal(name="Win 20 customers", others=(Other("Learn Spanish"),)),
    ),
    "NO_MEASURE": (_goal(), _goal(RISING)),
    "NO_BASELINE": (_goal(RATE._replace(baseline=0.0)), _goal(RATE)),
    "NO_UNIT": (_goal(RISING._replace(unit="")), _goal(RISING)),
    "TARGET_DIFFERS": (
        _goal(RISING, name="Sign 150 contracts"),
        _goal(RISING, name="Sign 130 contracts in 2026"),
    ),
    "TARGET_REACHED": (
        _goal(RATE._replace(target=91.0)),
        _goal(RATE._replace(actual=94.0)),
    ),
    # 120 last year: 100 is less, 130 is more
    "TARGET_LOW": (_goal(RISING._replace(target=100.0)), _goal(RISING)),
    # half as much again as the 130 that the forecast allows for is 195
    "TARGET_HIGH": (
        _goal(RISING._replace(target=196.0, likely=130.0)),
        _goal(RISING._replace(target=195.0, likely=130.0)),
    ),
    "ABSOLUTE_TARGET": (_goal(RATE._replace(target=100.0)), _goal(RATE)),
    "MANY_GOALS": (
        _goal(others=(Other("Another"),) * 7),
        _goal(others=(Other("Another"),) * 6),
    ),
    "NO_ACTION": (_goal(actions=0), _goal(actions=1)),
    "NO_OWNER": (_goal(has_owner=False), _goal()),
    "OWNER_LEFT": (_goal(owner_left=True), _goal()),
    "NO_PARENT": (_goal(has_parent=False), _goal()),
    "PARENT_UNRELATED": (_goal(is_related=False), _goal(is_related=True)),
    "WEIGHT_SMALL": (_goal(weight=4.9), _goal(weight=5.0)),
    "WEIGHTS_OFF": (
        _goal(weight=50.0, others=(Other("Another", 60.0),)),
        _goal(weight=40.0, others=(Other("Another", 60.0),)),
    ),
    "RESULTS_ONLY": (
        _goal(RISING),
        _goal(RISING, others=(Other("Another", kinds=frozenset({"process"})),)),
    ),
    "PROCESS_ONLY": (
        _goal(RISING._replace(kind="process")),
        _goal(RISING, RISING._replace(kind="process")),
    ),
    "DATES_OUTSIDE": (
        _goal(RISING._replace(date_end=date(2027, 1, 1))),
        _goal(RISING._replace(date_end=date(2026, 12, 31))),
    ),
    "YEAR_OUTSIDE": (
        _goal(name="Open the web shop by June 2024"),
        _goal(name="From 80 in 2025 to 90 in 2026"),
    ),
    "PERIOD_OVER": (
        _goal(today=date(2027, 1, 1)),
        _goal(today=date(2026, 12, 31)),
    ),
}

#: goals of which there is too little to say anything
UNKNOWN = {
    "NO_BASELINE": _goal(RATE._replace(target=None, baseline=None)),
    "NO_ACTION": _goal(actions=None),
    "PARENT_UNRELATED": _goal(is_related=None),
    "TARGET_HIGH": _goal(RISING._replace(target=1e6, former=None)),
    "TARGET_LOW": _goal(RISING._replace(target=1.0, former=None)),
    "TARGET_REACHED": _goal(RISING._replace(former=None)),
    "WEIGHTS_OFF": _goal(others=(Other("Left as proposed"),) * 3),
}
