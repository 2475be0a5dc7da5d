//! What other rooms ask of this one.

use kit_base::clock::china_day;

use super::*;
use crate::NewParty;

fn brought(world: &World, simulated: bool, names: &[&str]) -> Result<Vec<crate::Party>> {
    let inputs: Vec<NewParty> = names.iter().map(|n| serde_json::from_value(shop(n)).unwrap()).collect();
    let (ids, search) = (world.house.ids.clone(), world.house.held::<crate::Search>());
    let write = move |tx: &mut Tx| {
        crate::bring_in(
            tx,
            &ids,
            NOW,
            &search,
            crate::reference::get(),
            crate::Program { name: "simulate", simulated },
            inputs,
        )
    };
    world.house.db.write_blocking(write)
}

#[test]
fn a_code_leads_to_the_public_card_without_persons() {
    for world in World::all() {
        let mut new: NewParty = serde_json::from_value(shop("老王超市")).unwrap();
        new.people = Some(vec![crate::NewPerson {
            role: "head".into(),
            name: "王大力".into(),
            phone: "13812341234".into(),
        }]);
        new.licences = vec![crate::NewLicence { number: "豫小00001".into(), ..Default::default() }];
        let (ids, search) = (world.house.ids.clone(), world.house.held::<crate::Search>());
        let write = move |tx: &mut Tx| {
            crate::bring_in(
                tx,
                &ids,
                NOW,
                &search,
                crate::reference::get(),
                crate::Program { name: "x", simulated: true },
                vec![new],
            )
        };
        let party = world.house.db.write_blocking(write).unwrap().remove(0);
        let code = format!(" {}-{} ", &party.code[..4].to_lowercase(), &party.code[4..]);
        let card = world
            .house
            .db
            .read_blocking(|tx| {
                let found = crate::by_code(tx, &code)?.unwrap();
                assert_eq!(crate::brief(tx, &found.id)?.unwrap().name, "老王超市");
                crate::card(tx, crate::reference::get(), found, china_day(NOW))
            })
            .unwrap();
        assert!(card.simulated);
        assert_eq!(card.licences[0].kind_name, "小作坊小餐饮登记（备案）");
        let text = serde_json::to_string(&card).unwrap();
        assert!(!text.contains("王大力") && !text.contains("1381234"), "{text}");

        let read = |code: &str| world.house.db.read_blocking(|tx| crate::by_code(tx, code));
        assert_eq!(read("B2222222222").unwrap_err().code, "code_check");
        assert_eq!(read("hello").unwrap_err().code, "code_form");
        // a good code that nobody has
        let free =
            kit_base::codes::platform::new(kit_base::codes::platform::Kind::Business, &Ids::seeded(99));
        assert!(read(&free).unwrap().is_none());
    }
}

#[test]
fn a_batch_with_a_fault_leaves_nothing_and_names_the_place() {
    for world in World::all() {
        let error = brought(&world, true, &["甲店", "乙店", ""]).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("2/name"));
        assert_eq!(world.house.held::<crate::Search>().len(), 0);
        assert_eq!(brought(&world, true, &["甲店", "乙店"]).unwrap().len(), 2);
        assert_eq!(world.house.held::<crate::Search>().len(), 2);
    }
}

#[test]
fn another_server_hears_of_changes_by_their_number() {
    for world in World::all() {
        let other = crate::Search::new();
        brought(&world, false, &["甲店"]).unwrap();
        world.test.db.read_blocking(|tx| other.catch_up(tx)).unwrap();
        brought(&world, false, &["乙店", "丙店"]).unwrap();
        assert_eq!(other.len(), 1);
        world.test.db.read_blocking(|tx| other.catch_up(tx)).unwrap();
        assert_eq!(other.len(), 3);
        assert_eq!(other.rebuild(&world.test.db).unwrap(), 3);
    }
}

#[test]
fn reference_data_is_there_for_forms() {
    run(|world| async move {
        let clerk = world.client("business_clerk#x");
        let all = clerk.get("/api/reference").await.expect(200);
        assert!(all["categories"].as_array().unwrap().len() > 60);
        let provinces = clerk.get("/api/reference/divisions").await.expect(200);
        assert_eq!(provinces.as_array().unwrap().len(), 34);
        let streets = clerk.get("/api/reference/divisions?parent=410902").await.expect(200);
        assert!(streets.as_array().unwrap().len() > 5);
        let one = clerk.get("/api/reference/divisions/410902").await.expect(200);
        assert_eq!(
            (&one["full_name"], &one["path"][1]["name"]),
            (&json!("河南省濮阳市华龙区"), &json!("濮阳市"))
        );
        clerk.get("/api/reference/divisions/999999").await.refused(404, "not_found");
        world.client("nobody").get("/api/reference").await.refused(401, "sign_in_required");
    });
}
