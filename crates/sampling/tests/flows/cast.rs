//! Who there is: officers and leaders, three laboratories, the business.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::workdays::Calendar;
use kit_flow::Definition;
use kit_flow::guard::Who;
use kit_flow::log::Person;
use kit_web::Scope;
use sampling::rules::custody::Signer;

use super::COUNTY;

pub struct Somebody {
    pub signer: Signer,
    pub who: Who,
}

/// Officers and leaders, two laboratories, the business; some hold two roles at once.
pub fn cast(definition: &Definition) -> Vec<Somebody> {
    let plan: [(&str, &[&str], &[&str]); 13] = [
        ("bureau", &["officer"], &["o1", "o2", "o3", "o4"]),
        ("bureau", &["leader"], &["l1"]),
        ("bureau", &["officer", "leader"], &["ol"]),
        ("lab-1", &["business_clerk"], &["c1", "c2", "c3"]),
        ("lab-1", &["business_owner"], &["w1", "w2"]),
        ("lab-1", &["business_clerk", "business_owner"], &["cw1", "cw2"]),
        ("lab-2", &["business_clerk"], &["d1", "d2"]),
        ("lab-2", &["business_owner"], &["e1", "e2"]),
        ("lab-2", &["business_clerk", "business_owner"], &["de1", "de2"]),
        ("lab-3", &["business_clerk"], &["f1"]),
        ("lab-3", &["business_clerk", "business_owner"], &["fg1", "fg2"]),
        ("shop", &["business_owner"], &["b1"]),
        ("shop", &["business_clerk"], &["b2"]),
    ];
    let mut out = Vec::new();
    for (house, roles, users) in plan {
        for user in users {
            let held = sampling::PERMISSIONS.iter().filter(|p| p.roles.iter().any(|r| roles.contains(r)));
            // a laboratory's people reach a sample that the room knows to be theirs
            let scope = match house {
                "shop" => Scope::Businesses(vec!["shop".into()]),
                _ => Scope::Divisions(vec![COUNTY.into()]),
            };
            let asked = definition.permissions();
            let rights: BTreeMap<String, Scope> = held
                .filter(|p| asked.contains(&p.code))
                .map(|p| (p.code.to_owned(), scope.clone()))
                .chain(std::iter::once(("sampling.read".to_owned(), scope.clone())))
                .collect();
            let (user, house) = ((*user).to_owned(), house.to_owned());
            let person = Person { user: user.clone(), name: user.clone() };
            let signer = Signer { user, name: String::new(), house_name: house.clone(), house };
            out.push(Somebody { signer, who: Who { person, house: false, rights } });
        }
    }
    out
}

pub struct Ground<'a> {
    pub definition: &'a Definition,
    pub hash: String,
    pub calendar: &'a Calendar,
    pub people: Vec<Somebody>,
    pub rights: BTreeMap<String, Who>,
    pub facts: BTreeSet<String>,
}
