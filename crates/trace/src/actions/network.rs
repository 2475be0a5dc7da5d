//! A network of an incident (溯源网络) into the ledger: businesses, products, one delivery = one ship event with one lot
//! on its way, and what went into what as inputs.
//!
//! All of it is history declared by its importer: outside the stock checks, amounts unknown, dates as partial as they came.

use std::collections::{BTreeSet, HashMap};

use kit_base::{Defect, Error, PartialDate, Result, Unit};
use kit_web::{Act, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::epcis::products::{cut, minimal_product};
use crate::actions::products::search_text;
use crate::model::{EventKind, LotNo, NewEvent, NewLot};
use crate::store::networks::{self, NetworkImport};
use crate::store::{events, products};

/// A network as a reader gave it; ids are those of its file.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// File name.
    pub name: String,
    /// SHA-256 under which the file is kept, with its marks and groups.
    pub file: String,
    pub stations: Vec<Station>,
    pub deliveries: Vec<Delivery>,
    /// (index of the delivery, index of the delivery that it went into)
    pub relations: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Default)]
pub struct Station {
    pub id: String,
    pub name: String,
    /// City and country, as written.
    pub place: String,
}

#[derive(Debug, Clone, Default)]
pub struct Delivery {
    pub id: String,
    /// Indices of stations.
    pub from: usize,
    pub to: usize,
    pub product: String,
    /// Lot number as printed; empty unknown.
    pub lot: String,
    pub departure: Option<PartialDate>,
    pub arrival: Option<PartialDate>,
}

/// What came of an import.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Imported {
    /// Id of the import; what ids became is told by [`networks::stations`] and [`networks::deliveries`].
    pub import: String,
    pub stations: u64,
    pub deliveries: u64,
    pub relations: u64,
    /// Lots `first_lot .. first_lot + deliveries`, in an order in which causes come first.
    pub first_lot: LotNo,
}

/// Brings a network in, whole or not at all. `division` is the county its businesses are put under: those abroad or of
/// unknown place stay visible to whoever looks into the incident.
///
/// Errors: `lot_cycle` (a lot made from its own descendant; the circle is named), `network_exists` (this very file was
/// imported), `division_missing`, `out_of_scope`, `index_unknown`, and those of `parties::bring_in`.
pub fn import(act: &mut Act, network: &Network, division: Option<&str>) -> Result<Imported> {
    act.who().need("trace.declare")?;
    let division = place_under(act, division)?;
    if networks::by_file(act.tx, &network.file)?.is_some() {
        return Err(Error::conflict("network_exists", "这个网络文件已经导入过，可直接打开"));
    }
    check(network)?;
    let order = causes_first(network)?;
    let id = act.id();
    let parties = bring_stations(act, network, &id, &division)?;
    let lots = ship_all(act, network, &id, &parties, &order)?;
    let import = NetworkImport {
        id: id.clone(),
        name: network.name.clone(),
        file: network.file.clone(),
        division: division.clone(),
        actor: act.who().user.clone(),
        at: act.now,
        stations: network.stations.len() as i64,
        deliveries: network.deliveries.len() as i64,
        relations: network.relations.len() as i64,
    };
    networks::insert(act.tx, &import)?;
    let stations: Vec<(String, String)> =
        network.stations.iter().zip(&parties).map(|(s, p)| (s.id.clone(), p.id.clone())).collect();
    let deliveries: Vec<(String, LotNo)> =
        network.deliveries.iter().zip(&lots).map(|(d, lot)| (d.id.clone(), *lot)).collect();
    networks::insert_keys(act.tx, &id, &stations, &deliveries)?;
    act.subject("network", &id, &division);
    act.note(json!({ "file": network.file, "stations": import.stations, "deliveries": import.deliveries }));
    Ok(Imported {
        import: id,
        stations: network.stations.len() as u64,
        deliveries: network.deliveries.len() as u64,
        relations: network.relations.len() as u64,
        first_lot: lots.iter().copied().min().unwrap_or_default(),
    })
}

/// The division named, or that of the importer's own post where it is a county or smaller.
fn place_under(act: &Act, named: Option<&str>) -> Result<String> {
    let scope = &act.who().scope;
    let division = match (named.map(str::trim).filter(|d| !d.is_empty()), scope) {
        (Some(code), _) => code.to_owned(),
        (None, Scope::Divisions(own)) if own.len() == 1 && own[0].len() >= 6 => own[0].clone(),
        _ => {
            let text = "请指定归口区划（6 位代码）：境外或位置不明的主体归在该区划下，由您的机构查看";
            return Err(Error::invalid("division", "division_missing", text));
        }
    };
    if scope.covers(&division, None) {
        return Ok(division);
    }
    Err(Error::forbidden("out_of_scope", "归口区划不在您的辖区内").at("division"))
}

fn check(network: &Network) -> Result<()> {
    let (stations, deliveries) = (network.stations.len(), network.deliveries.len());
    let station = network.deliveries.iter().position(|d| d.from >= stations || d.to >= stations);
    let relation = network.relations.iter().position(|(a, b)| *a >= deliveries || *b >= deliveries);
    let place = station.map(|i| format!("deliveries/{i}")).or(relation.map(|i| format!("relations/{i}")));
    match place {
        Some(place) => Err(Error::invalid(place, "index_unknown", "引用的站点或交货不存在")),
        None => Ok(()),
    }
}

/// Deliveries in an order in which each comes after all that went into it; among those that may, as in the file.
fn causes_first(network: &Network) -> Result<Vec<usize>> {
    let n = network.deliveries.len();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut waits = vec![0_usize; n];
    let unique: BTreeSet<(usize, usize)> = network.relations.iter().copied().collect();
    for &(from, into) in &unique {
        followers[from].push(into);
        waits[into] += 1;
    }
    let mut ready: BTreeSet<usize> = (0..n).filter(|i| waits[*i] == 0).collect();
    let mut order = Vec::with_capacity(n);
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for &follower in &followers[next] {
            waits[follower] -= 1;
            if waits[follower] == 0 {
                ready.insert(follower);
            }
        }
    }
    if order.len() == n { Ok(order) } else { Err(cycle(network, &waits)) }
}

/// Names one circle among the deliveries that wait for one another.
fn cycle(network: &Network, waits: &[usize]) -> Error {
    let stuck = |i: usize| waits[i] > 0;
    // of each that waits, one that it waits for: going back along these ends in a circle
    let mut cause: HashMap<usize, usize> = HashMap::new();
    for &(from, into) in network.relations.iter().filter(|(a, b)| stuck(*a) && stuck(*b)) {
        cause.entry(into).or_insert(from);
    }
    let mut path: Vec<usize> = Vec::new();
    let mut at = (0..waits.len()).find(|i| stuck(*i)).unwrap_or_default();
    let circle = loop {
        if let Some(seen) = path.iter().position(|p| *p == at) {
            break path[seen..].iter().rev().copied().collect::<Vec<_>>();
        }
        path.push(at);
        at = cause.get(&at).copied().unwrap_or(at);
    };
    let place_of =
        |from: usize, into: usize| network.relations.iter().position(|r| *r == (from, into)).unwrap_or(0);
    let name = |i: usize| network.deliveries[i].id.as_str();
    let mut names: Vec<&str> = circle.iter().take(12).map(|i| name(*i)).collect();
    if circle.len() > names.len() {
        names.push("…");
    }
    names.push(name(circle[0]));
    let text = format!("批次不能由自身的后代制成，循环为：{}", names.join(" → "));
    let defects: Vec<Defect> = (0..circle.len().min(100))
        .map(|i| {
            let (from, into) = (circle[i], circle[(i + 1) % circle.len()]);
            let message = format!("“{}”进入“{}”，构成循环", name(from), name(into));
            Defect { place: format!("relations/{}", place_of(from, into)), code: "lot_cycle".into(), message }
        })
        .collect();
    Error::invalid(defects[0].place.clone(), "lot_cycle", text).with_defects(defects)
}

fn bring_stations(
    act: &mut Act,
    network: &Network,
    import: &str,
    division: &str,
) -> Result<Vec<parties::Party>> {
    let search = act.cx.house.held::<parties::Search>();
    let note = "由溯源网络文件导入，境外或位置不明，未经核实";
    let new = |s: &Station| parties::NewParty {
        name: match s.name.trim() {
            name if name.chars().count() >= 2 => cut(name),
            name => cut(&format!("站点 {} {name}", s.id)),
        },
        kind: "other".to_owned(),
        division: division.to_owned(),
        address: cut(&s.place),
        note: format!("{note}（文件编号 {}）", cut(&s.id)),
        ..parties::NewParty::default()
    };
    let inputs = network.stations.iter().map(new).collect();
    let known = parties::divisions::today(&act.cx.house);
    parties::bring_in(
        act.tx,
        act.ids(),
        act.now,
        &search,
        &known,
        parties::Program { name: &format!("network:{import}"), simulated: false },
        inputs,
    )
    .map_err(|e| e.under("stations"))
}

/// Ships every delivery in order; answers the lot of each by its index.
fn ship_all(
    act: &mut Act,
    network: &Network,
    import: &str,
    parties: &[parties::Party],
    order: &[usize],
) -> Result<Vec<LotNo>> {
    let mut causes: Vec<Vec<usize>> = vec![Vec::new(); network.deliveries.len()];
    for &(from, into) in network.relations.iter().collect::<BTreeSet<_>>() {
        causes[into].push(from);
    }
    let mut lots: Vec<LotNo> = vec![0; network.deliveries.len()];
    let mut goods: HashMap<(usize, &str), String> = HashMap::new();
    for &at in order {
        let delivery = &network.deliveries[at];
        let (from, to) = (&parties[delivery.from], &parties[delivery.to]);
        let key = (delivery.from, delivery.product.as_str());
        let product = match goods.get(&key) {
            Some(id) => id.clone(),
            None => {
                let id = new_product(act, from, &delivery.product, goods.len())?;
                goods.insert(key, id.clone());
                id
            }
        };
        let inputs = causes[at].iter().map(|cause| (lots[*cause], None)).collect();
        let event = shipped(act, import, delivery, (from, to), product, inputs);
        lots[at] = events::append(act.tx, &event)?.1;
    }
    Ok(lots)
}

fn new_product(act: &mut Act, party: &parties::Party, name: &str, number: usize) -> Result<String> {
    let name = if name.trim().is_empty() { "未说明的产品" } else { name.trim() };
    let brief = parties::Brief::from(party.clone());
    let product = minimal_product(act, &brief, &format!("N{}", number + 1), &cut(name), Unit::G);
    products::insert(act.tx, &product, &search_text(&product))?;
    Ok(product.id)
}

fn shipped(
    act: &Act,
    import: &str,
    d: &Delivery,
    (from, to): (&parties::Party, &parties::Party),
    product: String,
    inputs: Vec<(LotNo, Option<i64>)>,
) -> NewEvent {
    let text = |date: Option<PartialDate>| date.map(|d| d.to_string()).unwrap_or_default();
    let doc = json!({ "delivery": d.id, "departure": text(d.departure), "arrival": text(d.arrival) });
    let lot = NewLot {
        product,
        holder: to.id.clone(),
        division: to.division.clone(),
        in_transit: true,
        origin: None,
        batch: if d.lot.trim().is_empty() { d.id.clone() } else { cut(d.lot.trim()) },
        made: String::new(),
        expires: String::new(),
        amount: None,
        unit: Unit::G,
        inspector: String::new(),
    };
    NewEvent {
        id: act.id(),
        kind: EventKind::Ship,
        party: from.id.clone(),
        division: from.division.clone(),
        counterpart: Some(to.id.clone()),
        counterpart_division: Some(to.division.clone()),
        counterpart_name: String::new(),
        // the departure is the business date; where only the arrival is known it stands in
        at: text(d.departure.or(d.arrival)),
        at_ms: None,
        recorded_at: act.now,
        actor: act.who().user.clone(),
        channel: "network",
        batch: import.to_owned(),
        doc_no: d.id.clone(),
        difference: None,
        reason: String::new(),
        declared: true,
        doc: Some(doc.to_string()),
        simulated: false,
        inputs,
        makes: vec![lot],
        papers: None,
        additives: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(relations: &[(usize, usize)], n: usize) -> Network {
        let delivery = |i: usize| Delivery { id: format!("d{i}"), ..Delivery::default() };
        Network {
            deliveries: (0..n).map(delivery).collect(),
            relations: relations.to_vec(),
            ..Network::default()
        }
    }

    #[test]
    fn causes_come_first_and_doubles_count_once() {
        let order = causes_first(&network(&[(2, 0), (3, 2), (3, 2), (1, 0)], 4)).unwrap();
        assert_eq!(order, [1, 3, 2, 0]);
        assert_eq!(causes_first(&network(&[], 3)).unwrap(), [0, 1, 2]);
    }

    #[test]
    fn a_circle_is_named_in_its_direction() {
        // 0 → 1 → 2 → 0, with a tail behind and one before
        let error = causes_first(&network(&[(0, 1), (1, 2), (2, 0), (2, 3), (4, 0)], 5)).unwrap_err();
        assert_eq!(error.code, "lot_cycle");
        assert_eq!(error.defects.len(), 3);
        for defect in &error.defects {
            let at: usize = defect.place.strip_prefix("relations/").unwrap().parse().unwrap();
            assert!(at < 3, "{}", defect.place);
        }
        let circle = ["d0 → d1 → d2 → d0", "d1 → d2 → d0 → d1", "d2 → d0 → d1 → d2"];
        assert!(circle.iter().any(|c| error.message.contains(c)), "{}", error.message);
    }
}
