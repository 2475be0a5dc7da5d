//! 三员分立: what the three administrators may not do, and all that they may.

use std::collections::BTreeSet;

use kit_web::Access;
use serde_json::Value;

use super::scene::{Scene, send};
use crate::world::each;

const TABLE: &str = include_str!("administrators.txt");

/// All that each of the three may: permissions, by hand. Whatever is not here is refused.
const MAY: [(&str, &[&str]); 3] = [
    (
        "system_admin",
        &[
            "accounts.bureaus",
            "accounts.keys",
            "accounts.keys_make",
            "accounts.personal",
            "accounts.read",
            "accounts.reset",
            "accounts.users",
            // the working days that every deadline goes by
            "flow.calendar",
            "house.operations",
            // a business by its code or name, to choose where a person belongs; no record of it
            "parties.lookup",
            // reference data and settings that everybody goes by; no record of anybody
            "parties.divisions",
            "publication.limits",
            "sampling.limits",
        ],
    ),
    (
        "security_admin",
        &[
            "accounts.grant",
            "accounts.keys",
            "accounts.personal",
            "accounts.read",
            "accounts.sessions",
            "accounts.unlock",
            "parties.lookup",
        ],
    ),
    ("audit_admin", &["accounts.read", "audit.read", "audit.verify"]),
];

/// Names for the three of the city, their posts, and that they hold them.
async fn introduce(scene: &Scene) {
    let security = &scene.asker("sec", "above").unwrap().client;
    for role in ["sys", "sec", "aud"] {
        let id = &scene.asker(role, "above").unwrap().id;
        let held: Value = security.get(&format!("/api/users/{id}/posts")).await.expect(200);
        scene.put(role, id);
        scene.put(&format!("{role}_post"), held[0]["post"].as_str().unwrap());
        scene.put(&format!("{role}_held"), held[0]["id"].as_str().unwrap());
    }
}

#[test]
fn what_the_three_may_not_is_refused_and_leaves_no_trace() {
    each(async |w| {
        let scene = Scene::new(w).await;
        introduce(&scene).await;
        let mut wrong = Vec::new();
        for (i, line) in TABLE.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#')) {
            let cells: Vec<&str> = line.splitn(3, '|').map(str::trim).collect();
            let [head, body, expected] = cells[..] else { panic!("line {}: three cells", i + 1) };
            let words: Vec<&str> = head.split_whitespace().collect();
            let [who, method, path] = words[..] else { panic!("line {}: who, method, path", i + 1) };
            let asker = scene.asker(who, "above").unwrap();
            scene.begin();
            let filled = scene.fill(&format!("{path}\n{body}"), asker, who, "elsewhere").await;
            let (path, body) = filled.split_once('\n').unwrap();
            let before = scene.trail().await;
            let reply = send(&asker.client, &method.parse().unwrap(), path, body).await;
            let found =
                format!("{} {}", reply.status.as_u16(), reply.json()["code"].as_str().unwrap_or_default());
            if found != expected {
                wrong.push(format!("line {}: {head}: {found}, not {expected}", i + 1));
            }
            if scene.trail().await != before {
                wrong.push(format!("line {}: {head}: left a trace", i + 1));
            }
        }
        assert!(wrong.is_empty(), "{} answers:\n{}", wrong.len(), wrong.join("\n"));
    });
}

#[test]
fn the_three_may_what_is_written_here_and_nothing_else() {
    for (role, may) in MAY {
        let permissions = server::rooms::permissions();
        let has: BTreeSet<&str> =
            permissions.iter().filter(|p| p.roles.contains(&role)).map(|p| p.code).collect();
        assert_eq!(has, may.iter().copied().collect(), "{role}");
    }
    // no write of business is behind a permission that any of them has; these set what everybody goes by
    const SETTINGS: [&str; 4] =
        ["flow.calendar", "parties.divisions", "publication.limits", "sampling.limits"];
    let all: BTreeSet<&str> = MAY.iter().flat_map(|(_, may)| may.iter().copied()).collect();
    for route in server::rooms::routes().iter().filter(|r| !r.audit.is_empty()) {
        if let Access::Needs(permission) = route.access
            && all.contains(permission)
            && !SETTINGS.contains(&permission)
        {
            let room = permission.split('.').next().unwrap();
            assert!(matches!(room, "accounts" | "audit"), "{} {}", route.method, route.path);
        }
    }
}
