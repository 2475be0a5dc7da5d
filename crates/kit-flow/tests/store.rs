//! Every fixed statement is well formed on both databases (the checks of a log look at the ledger beside it).

use kit_test::TestDb;

#[test]
fn every_statement_prepares_on_both_databases() {
    static SCHEMAS: &[kit_db::Schema] = &[kit_ledger::SCHEMA, kit_flow::SCHEMA];
    for test in TestDb::all() {
        test.db.migrate(SCHEMAS).unwrap();
        for (name, sql) in kit_flow::STATEMENTS.iter().copied().flatten() {
            let done = test.db.write_blocking(move |tx| tx.prepare_only(*sql));
            done.unwrap_or_else(|e| panic!("{name} on {}: {e}", test.name));
        }
    }
}
