use super::*;
use crate::model::Take;

const NOW: Millis = 1_772_500_000_000; // 2026-03-03 in China

fn business(id: &str) -> Business {
    Business { id: id.into(), division: "410902".into(), active: true, simulated: false }
}

fn lot(no: LotNo, holder: &str, in_transit: bool) -> Lot {
    Lot {
        no,
        event: no,
        product: "p".into(),
        holder: holder.into(),
        division: "410902".into(),
        in_transit,
        origin: 1,
        batch: "B1".into(),
        made: "2026-03-01".into(),
        expires: String::new(),
        amount: Some(1_000),
        unit: Unit::G,
        inspector: String::new(),
    }
}

fn facts(lots: Vec<(Lot, Option<Amount>)>) -> Facts {
    let taken = |(lot, on_hand)| Taken {
        lot,
        on_hand,
        sender: "seller".into(),
        sender_division: "410901".into(),
        hold: None,
    };
    Facts {
        party: business("me"),
        counterpart: None,
        taken: lots.into_iter().map(taken).collect(),
        products: Vec::new(),
        now: NOW,
    }
}

fn mv(kind: EventKind, takes: &[(LotNo, Option<Amount>)]) -> NewMove {
    NewMove {
        client_key: None,
        kind,
        party: None,
        counterpart: None,
        counterpart_name: String::new(),
        at: None,
        takes: takes.iter().map(|&(lot, amount)| Take { lot, amount }).collect(),
        makes: Vec::new(),
        amount: None,
        doc_no: String::new(),
        reason: String::new(),
        papers: None,
        additives: Vec::new(),
    }
}

fn product() -> ProductFacts {
    ProductFacts {
        id: "p".into(),
        party: "me".into(),
        has_gtin: false,
        unit: Unit::G,
        shelf_days: Some(30),
        active: true,
    }
}

fn make(amount: Amount) -> Make {
    Make {
        product: "p".into(),
        batch: String::new(),
        amount,
        made: None,
        expires: None,
        inspector: String::new(),
    }
}

#[test]
fn a_shipment_makes_one_lot_on_the_way() {
    let mut f = facts(vec![(lot(7, "me", false), Some(1_000))]);
    f.counterpart = Some(business("buyer"));
    let d = decide(&mv(EventKind::Ship, &[(7, Some(300))]), &f).unwrap();
    assert_eq!(d.inputs, [(7, 300)]);
    let made = &d.makes[0];
    assert_eq!(
        (made.holder.as_str(), made.in_transit, made.amount, made.origin),
        ("buyer", true, Some(300), Some(1))
    );
}

#[test]
fn a_shipment_to_the_outside_ends_what_we_see() {
    let f = facts(vec![(lot(7, "me", false), Some(1_000))]);
    let mut m = mv(EventKind::Ship, &[(7, Some(300))]);
    m.counterpart_name = "外省批发商".into();
    let d = decide(&m, &f).unwrap();
    assert!(d.makes.is_empty() && d.counterpart.is_none());
}

#[test]
fn nobody_ships_what_it_has_not_got() {
    let table: Vec<(Lot, Option<Amount>, Option<Amount>, &str)> = vec![
        (lot(7, "me", false), Some(100), Some(101), "stock_short"),
        (lot(7, "other", false), Some(100), Some(1), "lot_not_held"),
        (lot(7, "me", true), Some(100), Some(1), "lot_state"),
        (lot(7, "me", false), None, Some(1), "lot_amount_unknown"),
        (lot(7, "me", false), Some(0), None, "amount_zero"),
        (lot(7, "me", false), Some(10), Some(-1), "amount_negative"),
    ];
    for (lot, on_hand, amount, code) in table {
        let mut f = facts(vec![(lot, on_hand)]);
        f.counterpart = Some(business("buyer"));
        assert_eq!(decide(&mv(EventKind::Ship, &[(7, amount)]), &f).unwrap_err().code, code);
    }
}

#[test]
fn a_delivery_is_accepted_with_its_difference() {
    let f = facts(vec![(lot(7, "me", true), Some(1_000))]);
    let d = decide(&mv(EventKind::Receive, &[(7, None)]), &f).unwrap();
    assert_eq!((d.makes[0].amount, d.difference), (Some(1_000), None));
    assert_eq!(d.counterpart, Some(("seller".into(), "410901".into())));
    let mut short = mv(EventKind::Receive, &[(7, None)]);
    short.amount = Some(950);
    assert_eq!(decide(&short, &f).unwrap_err().code, "reason_missing");
    short.reason = "破损".into();
    let d = decide(&short, &f).unwrap();
    assert_eq!((d.inputs[0].1, d.makes[0].amount, d.difference), (1_000, Some(950), Some(50)));
    short.amount = Some(1_001);
    assert_eq!(decide(&short, &f).unwrap_err().code, "accepted_more_than_shipped");
    short.amount = Some(0);
    assert_eq!(decide(&short, &f).unwrap_err().code, "accepted_nothing");
}

#[test]
fn a_refused_delivery_goes_back_to_the_sender() {
    let f = facts(vec![(lot(7, "me", true), Some(1_000))]);
    let mut m = mv(EventKind::Refuse, &[(7, None)]);
    assert_eq!(decide(&m, &f).unwrap_err().code, "reason_missing");
    m.reason = "温度超标".into();
    let d = decide(&m, &f).unwrap();
    assert_eq!((d.makes[0].holder.as_str(), d.makes[0].in_transit), ("seller", false));
}

#[test]
fn production_draws_up_its_lots() {
    let mut f = facts(vec![(lot(7, "me", false), Some(1_000))]);
    f.products = vec![product()];
    let mut m = mv(EventKind::Produce, &[(7, Some(400))]);
    m.makes = vec![make(380)];
    let d = decide(&m, &f).unwrap();
    let made = &d.makes[0];
    assert_eq!(
        (made.batch.as_str(), made.made.as_str(), made.expires.as_str()),
        ("20260303", "2026-03-03", "2026-04-02")
    );
    assert_eq!(made.origin, None);
    m.makes[0].made = Some("2026-13-01".into());
    let e = decide(&m, &f).unwrap_err();
    assert_eq!((e.code.as_ref(), e.field.as_deref()), ("date_impossible", Some("makes/0/made")));
    m.makes[0].made = None;
    m.makes[0].expires = Some("2026-03-01".into());
    assert_eq!(decide(&m, &f).unwrap_err().code, "expires_before_made");
    m.makes[0].expires = None;
    f.products[0].party = "other".into();
    assert_eq!(decide(&m, &f).unwrap_err().code, "product_not_own");
}

#[test]
fn each_kind_has_its_shape() {
    let f = facts(vec![]);
    let table = [
        (EventKind::Ship, "takes_count"),
        (EventKind::Sell, "takes_count"),
        (EventKind::Harvest, "makes_missing"),
        (EventKind::Receive, "makes_missing"),
        (EventKind::Observe, "kind_not_recorded"),
    ];
    for (kind, code) in table {
        assert_eq!(decide(&mv(kind, &[]), &f).unwrap_err().code, code, "{kind:?}");
    }
}

#[test]
fn a_stock_take_books_the_difference() {
    let f = facts(vec![(lot(7, "me", false), Some(1_000))]);
    let mut m = mv(EventKind::Stocktake, &[(7, None)]);
    m.amount = Some(990);
    m.reason = "风干".into();
    let d = decide(&m, &f).unwrap();
    assert_eq!((d.inputs[0].1, d.makes[0].amount, d.difference), (1_000, Some(990), Some(10)));
    m.amount = Some(0);
    assert!(decide(&m, &f).unwrap().makes.is_empty());
}

#[test]
fn dates_are_checked() {
    assert_eq!(moment(Some("2026-03-04"), NOW).unwrap_err().code, "date_future");
    assert_eq!(moment(Some("2026-02-30"), NOW).unwrap_err().code, "date_impossible");
    assert_eq!(moment(Some("2026-03-01T08:30:00+08:00"), NOW).unwrap().0, "2026-03-01");
    assert_eq!(moment(Some("2012"), NOW).unwrap(), ("2012".into(), None));
    assert!(is_expired("2026-03-02", NOW) && !is_expired("2026-03-03", NOW) && !is_expired("2026", NOW));
}
