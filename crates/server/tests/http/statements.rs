//! Every fixed statement of every room is well formed on both databases.

use kit_test::TestDb;

#[test]
fn every_statement_prepares_on_both_databases() {
    let kits: &[&[(&str, kit_db::Sql)]] =
        &[kit_web::STATEMENTS, kit_ledger::STATEMENTS, kit_jobs::STATEMENTS, kit_uploads::STATEMENTS];
    for test in TestDb::all() {
        test.db.migrate(server::rooms::SCHEMAS).unwrap();
        let flows = kit_flow::STATEMENTS.iter().chain([&kit_draw::STATEMENTS]);
        let rooms = server::rooms::ROOMS.iter().flat_map(|room| room.statements);
        for statements in kits.iter().chain(flows).chain(rooms).copied() {
            for (name, sql) in statements {
                let done = test.db.write_blocking(move |tx| tx.prepare_only(*sql));
                done.unwrap_or_else(|e| panic!("{name} on {}: {e}", test.name));
            }
        }
    }
}
