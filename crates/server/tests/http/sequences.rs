//! Random sequences of actions over every kind of case; `shian bench flows` plays a million of them.

use server::commands::bench::flows;

#[test]
fn random_sequences_over_every_kind_break_nothing() {
    for kind in flows::tried(400 * server::rooms::FLOWS.len() as u64).unwrap() {
        let (name, tried) = (&kind.definition.kind, &kind.tried);
        eprintln!(
            "{name}: {} sequences, {} asked, {} accepted, {} ended",
            tried.sequences, tried.asked, tried.accepted, tried.ended
        );
        assert_eq!(tried.violated, 0, "{name}: {:#?}", tried.violations);
        assert!(tried.ended > tried.sequences / 20, "{name}: {tried:?}");
        // nothing of the definition is left untried
        assert_eq!(kind.untried().collect::<Vec<_>>(), Vec::<String>::new());
    }
}
