"""Fixtures are plugins, one file for each thing that tests share; and which tests a default run leaves for `make full`.

A default run keeps at least one case of everything that the issue asks for. What only repeats it (another engine,
another fault at another place), waits long by its nature or needs much from npm runs with PGREADY_FULL=1.
"""

import os
import re
import signal

import pytest

# Under nohup SIGHUP is ignored, and what is ignored is inherited: the tests that send it mean it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

pytest_plugins = ["fix_server", "fix_boot", "fix_pgbouncer", "fix_prisma"]

ONLY_IN_FULL = (
    r"prisma/test_prisma_cli",  # 235 MB from npm, seconds of Node a call; its engine is asked in every run
    r"demo/test_example_prisma",
    r"crash/test_crash_planted",  # mutants of the protocol: what they prove changes only with the tests
    r"crash/test_crash_middle.*(?:parted_network|two_race|\[do|\[mixed|\[block|\[enum|-stop|-reset|-swallow|-deaf)",
    r"prisma/test_prisma_(?:lock|resolve|baseline|handover|datasource|online).*\[6",  # the engine of 7 runs
    r"prisma/test_prisma_failures.*\[6-p",
    r"hazards/test_lint_rolling_breaks.*(?:does_not_notice|\[ALTER TABLE (?:invoices|clients) A)",  # one of each stays
    r"hazards/test_lint_command.*(?:\[folder|\[snapshot|\[other|\[empty|costs|written_down|plain_sql)",
    r"hazards/test_lint_examples_beside.*(?:-[145]\])",
    r"sql/test_sql_split.*both_patterns",
    r"histories.*(?:\[6|whole|where_it_runs)",
    r"docs/test_docs_run.*docs/(?:how-to|reference|explanation)/",
    r"failover.*(?:long_migration|statement_then_loss)",
    r"pooler.*(?:pool_of_one|idle_transaction_timeout)",
    r"services.*(?:progress_of_the_other|reader_that_never_ends|stall_readers\[1s)",
    r"wait.*(?:stopped_server|black_hole|wrong_protocol)",
    r"embedded.*(?:unprivileged_user|broken_template|two_first_starts)",
    r"dev/test_dev_prisma.*(?:\[6|7-prisma)",  # both engines, both directions: the engine of 7 reads what we wrote
    r"dev/test_dev_cli.*(?:stopped.*15|embedded_server|cannot_be_written)",
    r"dev/test_dev_drift.*(?:another_branch|before_what_is_pending|find_the_project)",
    r"dev/test_dev_renames_random.*\[(?:[6-9]|1\d)\]",
    r"generate_ts/",  # 300 MB from npm: a real Prisma client in TypeScript
    r"generate/test_generate_corpus.*by_chance",
    r"generate/test_generate_catalog.*declared-(?:indexes|schemas|nobody)",
    r"db_commands/test_db_(?:push.*pushes_at_once|reset.*two_resets_at_once)",
    r"backfill.*\[(?:text|char|time|gaps|update_from|delete_using|insert_join|subquery)\]",
    r"backfill/test_backfill_background.*\[(?:column|syntax|block|name|itself|words)\]",
    r"backfill/test_backfill_background.*(?:several_of_one|prisma_ran|by_hand_is_done)",
    r"backfill/test_backfill_runs.*(?:killed_server_connection|deadlock_with_nobody)",
    r"backfill/test_online_index.*(?:\[writer|IF NOT EXISTS|deadlock_is_tried|fails_leaves_nothing)",
    r"contracts/test_contract_pytest.*two_workers",
    r"report_page/test_page_browser.*(?:desk-dark|phone-light|\[keys|\[columns|on_paper|without_its_script)",
    r"report_page/test_erd_layout.*(?:dense|line|schemas)",
    r"way_out/test_way_out_indexes.*\[(?:in a list|among some|a range (?:after|that)|text\]|newest of one, a|oldest first)",
    r"way_out/test_way_out_indexes.*\[(?:the tenant first|by name|a queue|max|a flag|lower on both|full text of)",
    r"way_out/test_way_out_indexes.*\[(?:within a range|a CTE|window|count\]|delete|keyset\]|nothing appended)",
    r"way_out/test_way_out_indexes.*\[(?:a default|groups of all|offset over)",
    r"prove/test_prove_command.*(?:\[dropped|\[partial|\[brin|schema_without|strict_counts|paths_pick)",
    r"prove/test_prove_command.*(?:growth_is_part|\[flags[1-8])",
    r"prove/test_prove_ends.*SIGINT",
    r"smoke/test_smoke\.py.*(?:only_works|renamed|ends_elsewhere|changes_the|does_not_fit|do_not_hold|answers_with)",
    r"smoke/test_smoke_ends.*(?:words[4-8]|ref_whose|fails_everywhere|blind.*\[(?!policy)|SIGKILL|stopped.*9|every_version)",
    r"backoffice/test_backoffice_(?:workers|pages|fuzz|prisma|rolling)",  # kills, 200,000 rows, Schemathesis, load
    r"backoffice/test_backoffice_schema.*(?:turns_the_proof_red|own_schema_of)",
    r"backoffice_deploy/test_deploy_(?:workflow|statements)",  # npm, PyInstaller, minutes of CI's own steps
    r"backoffice_deploy/test_deploy_images.*(?:\[all|a_job_first)",
    r"backoffice_deploy/test_deploy_lint.*overlays.*(?:boot|/job|roles)",  # init-container builds on the job's
    r"init/test_init_(?:lint.*(?:\[(?!pip)|see_a_fault)|smoke.*(?:\[(?!single)|dies))",  # one of the five shapes stays
    r"init/test_init_(?:shapes|found)\.py.*(?:gitlab_gets_a_job\[(?!# ours.*-\\n\])|links_out|no_toml\[pyproject)",
    r"init/test_init\.py.*(?:\[(?:single|poetry|pip)\]|windows|chosen|by_hand|as_data)",
    r"demo/test_demo\.py.*(?:killed_demo|ctrl_c|events_carry|on_a_terminal|from_nothing)",
    r"demo/test_demo_platform.*(?:ctrl_c|nobody_visits|prepared_typescript)",
    r"integrations/test_pytest_databases.*workers_share",
    r"backoffice/test_backoffice_schema.*history_stalls_nobody",  # changes only with the migrations
    r"backfill/test_online_index.*beside_a_runner",
    r"backfill/test_backfill_runs.*(?:lock_that_is_held|lives_with_its_row)",
    r"smoke/test_smoke.*(?:cannot_be_tried_again|stale_ones_found)",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the full run's own tests, unless they are asked for by PGREADY_FULL=1 or by name."""
    if os.environ.get("PGREADY_FULL") or any("::" in argument for argument in config.args):
        return
    rule = re.compile("|".join(ONLY_IN_FULL))
    left = [item for item in items if rule.search(item.nodeid)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
