//! Sums and pages by hand-made pictures.

use kit_base::Unit;
use kit_web::Scope;
use trace::model::EventKind;

use super::*;

fn lot(no: u32, holder: u32, amount: Option<i64>, on_hand: Option<i64>) -> LotFact {
    LotFact {
        no,
        event: i64::from(no),
        product: 0,
        holder,
        sender: holder,
        batch: 0,
        kind: EventKind::Produce,
        transit: false,
        delivery: false,
        unit: Unit::G,
        at: known_date("2026-03-01"),
        arrival: None,
        made: None,
        expires: None,
        amount,
        on_hand,
        gone: Gone::default(),
        corrected: false,
    }
}

/// plant makes 1,000 g, ships 600; 550 arrive at the shop, which sold 500 and holds 50; the plant holds 380
fn small() -> Picture {
    let party = |id: &str, division: &str| PartyFact {
        id: id.into(),
        name: id.to_uppercase(),
        division: division.into(),
        ..PartyFact::default()
    };
    let made =
        LotFact { gone: Gone { shipped: 600, ..Gone::default() }, ..lot(1, 0, Some(1_000), Some(380)) };
    let way = LotFact {
        sender: 0,
        kind: EventKind::Ship,
        transit: true,
        delivery: true,
        gone: Gone { used: 600, difference: 50, ..Gone::default() },
        ..lot(2, 1, Some(600), Some(0))
    };
    let shop = LotFact {
        sender: 0,
        kind: EventKind::Receive,
        at: known_date("2026-03-02"),
        gone: Gone { sold: 500, ..Gone::default() },
        ..lot(3, 1, Some(550), Some(50))
    };
    Picture {
        lots: vec![made, way, shop],
        parties: vec![party("plant", "410902001"), party("shop", "410922")],
        products: vec![ProductFact { name: "芝麻酱".into(), ..ProductFact::default() }],
        batches: vec!["A1".into()],
        seeds: vec![1],
        ..Picture::default()
    }
}

#[test]
fn what_is_missing_is_found() {
    let picture = small();
    let unaccounted: Vec<Option<i64>> = picture.lots.iter().map(LotFact::unaccounted).collect();
    assert_eq!(unaccounted, [Some(20), Some(50), Some(0)], "20 g at the plant, 50 g on the way");
    let summary = summary(&picture);
    let total = &summary.totals[0];
    assert_eq!(
        (total.made, total.received, total.sold, total.on_hand, total.unaccounted),
        (1_000, 550, 500, 430, 70)
    );
    let plant = summary.places.iter().find(|p| p.party == 0).unwrap();
    assert_eq!((plant.lots, plant.seeds, plant.into, plant.out), (1, 1, 0, 1));
    assert_eq!(summary.deliveries, 1);
    assert_eq!(summary.pairs[0].amounts, [600, 0, 0]);
    let counties: Vec<(&str, i64, i64)> =
        summary.counties.iter().map(|c| (c.division.as_str(), c.stations, c.lots)).collect();
    assert_eq!(counties, [("410902", 1, 1), ("410922", 1, 2)]);
    let bins: Vec<(&str, i64, i64)> =
        summary.timeline.iter().map(|b| (b.at.as_str(), b.lots, b.deliveries)).collect();
    assert_eq!(bins, [("2026-03-01", 2, 1), ("2026-03-02", 1, 0)]);
}

#[test]
fn the_unknown_is_counted_as_unknown() {
    let mut picture = small();
    picture.lots[0].amount = None;
    picture.lots[2].on_hand = None;
    picture.lots[1].gone.unknown = true;
    picture.lots[2].at = known_date("2026");
    let summary = summary(&picture);
    let total = &summary.totals[0];
    assert_eq!((total.unknown_amount, total.unknown_on_hand, total.unknown_unaccounted), (1, 1, 3));
    assert_eq!((total.made, total.on_hand, total.unaccounted), (0, 380, 0));
    assert_eq!(total.known_unaccounted(), None);
    assert_eq!(summary.undated, 1);
}

#[test]
fn a_lot_written_down_is_read_back() {
    for lot in small().lots {
        let text = serde_json::to_string(&lot).unwrap();
        assert_eq!(serde_json::from_str::<LotFact>(&text).unwrap(), lot, "{text}");
    }
}

#[test]
fn any_column_sorts_and_the_unknown_stands_last() {
    let mut picture = small();
    picture.lots[1].amount = None;
    let sorted = |sort: &str| {
        let ask = PageAsk { sort: Some(sort.into()), ..PageAsk::default() };
        lots(&picture, &ask).unwrap().items.iter().map(|l| l.no).collect::<Vec<_>>()
    };
    assert_eq!(sorted("amount"), [3, 1, 2]);
    assert_eq!(sorted("-amount"), [1, 3, 2]);
    assert_eq!(sorted("-no"), [3, 2, 1]);
    let wrong = PageAsk { sort: Some("colour".into()), ..PageAsk::default() };
    assert_eq!(lots(&picture, &wrong).unwrap_err().code, "sort_unknown");
    let ask = PageAsk { q: Some("shop".into()), size: Some(1), page: Some(2), ..PageAsk::default() };
    let page = lots(&picture, &ask).unwrap();
    assert_eq!((page.total, page.items[0].no), (2, 3));
    let moves = moves(&picture, &ScoreOf::new(), &PageAsk::default()).unwrap();
    assert_eq!((moves.total, moves.items[0].to_name.as_str()), (1, "SHOP"));
}

#[test]
fn outside_the_jurisdiction_no_place_is_told() {
    let mut picture = small();
    for party in &mut picture.parties {
        (party.lon, party.lat) = (Some(115.0), Some(35.7));
    }
    let summary = summary(&picture);
    let scope = Scope::Divisions(vec!["410902".into()]);
    let page = businesses(&picture, &summary, &ScoreOf::new(), &scope, &PageAsk::default()).unwrap();
    let seen: Vec<(&str, bool, bool)> =
        page.items.iter().map(|b| (b.name.as_str(), b.outside, b.lon.is_some())).collect();
    assert_eq!(seen, [("SHOP", true, false), ("PLANT", false, true)]);
}

#[test]
fn the_network_has_the_deliveries_and_what_they_went_into() {
    let mut picture = small();
    picture.lots.push(LotFact { transit: true, delivery: true, sender: 1, ..lot(9, 0, Some(1), Some(1)) });
    picture.relations = vec![(2, 9)];
    let network = network(&picture);
    network.check().unwrap();
    assert_eq!(network.stations.len(), 2);
    assert_eq!(network.deliveries.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["2", "9"]);
    assert_eq!((network.relations[0].from.as_str(), network.relations[0].into.as_str()), ("2", "9"));
}
