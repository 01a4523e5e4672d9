{
    "name": "Performance: Benchmarks",
    "summary": "What the benchmarks compare with. Never part of the product.",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "hr_performance contributors",
    "depends": ["hr_performance", "gamification"],
    "data": ["security/ir.model.access.csv"],
    "post_init_hook": "post_init_hook",
}
