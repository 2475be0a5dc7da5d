//! Every route tried with real requests by every role at three places, against a table written by hand.

mod administrators;
mod foreign;
mod masking;
mod plain;
pub mod scene;

use std::collections::BTreeSet;

use axum::http::Method;
use kit_test::Reply;
use kit_web::{Access, Route};

use self::scene::{Asker, PLACES, ROLES, Scene, send};
use crate::world::each;

const TABLE: &str = include_str!("table.txt");

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    pub line: usize,
    pub method: Method,
    /// With `$names`, without the query.
    pub path: String,
    who: Vec<String>,
    /// For everyone, then for roles of their own: own, other, above.
    expected: Vec<(Option<String>, [String; 3])>,
    pub body: String,
    has: Option<String>,
}

pub fn rows() -> Vec<Row> {
    let lines = TABLE.lines().enumerate().filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
    lines.map(|(i, l)| row(i + 1, l)).collect()
}

fn row(line: usize, text: &str) -> Row {
    let cells: Vec<&str> = text.splitn(4, '|').map(str::trim).collect();
    assert!(cells.len() == 4, "line {line} of the table has not four cells");
    let (method, path) = cells[0].split_once(' ').unwrap();
    let expected = cells[2].split(';').map(|part| {
        let words: Vec<String> = part.split_whitespace().map(str::to_owned).collect();
        let (role, three) =
            if words.len() == 4 { (Some(words[0].clone()), &words[1..]) } else { (None, &words[..]) };
        let three = three.to_vec().try_into().unwrap_or_else(|_| panic!("line {line}: own, other, above"));
        (role, three)
    });
    let (body, has) = match cells[3].strip_prefix("has ") {
        Some(has) => ("", Some(has)),
        None => cells[3].split_once(" has ").map_or((cells[3], None), |(body, has)| (body, Some(has))),
    };
    Row {
        line,
        method: method.parse().unwrap(),
        path: path.trim().to_owned(),
        who: cells[1].split_whitespace().map(str::to_owned).collect(),
        expected: expected.collect(),
        body: body.to_owned(),
        has: has.map(str::to_owned),
    }
}

impl Row {
    fn expects(&self, role: &str, place: usize) -> &str {
        let own = self.expected.iter().find(|(r, _)| r.as_deref() == Some(role));
        &own.unwrap_or(&self.expected[0]).1[place]
    }

    pub fn admits(&self, role: &str) -> bool {
        self.who.iter().any(|w| w == role || w == "all" || w == "anyone")
    }

    /// How well the row fits a route: `None` not at all; literal segments count.
    fn fits(&self, route: &Route) -> Option<usize> {
        let path = self.path.split('?').next().unwrap();
        let (own, theirs): (Vec<&str>, Vec<&str>) =
            (path.split('/').collect(), route.path.split('/').collect());
        let rest = theirs.last().is_some_and(|t| t.starts_with("{*"));
        let long = own.len() == theirs.len() || rest && own.len() > theirs.len();
        if self.method != route.method || !long {
            return None;
        }
        let fit = own.iter().zip(&theirs).all(|(o, t)| o == t || (t.starts_with('{') && !o.is_empty()));
        fit.then(|| own.iter().zip(&theirs).filter(|(o, t)| o == t).count())
    }

    pub fn route<'r>(&self, routes: &'r [Route]) -> &'r Route {
        let best = routes.iter().filter_map(|r| self.fits(r).map(|n| (n, r))).max_by_key(|(n, _)| *n);
        best.unwrap_or_else(|| panic!("line {}: {} {} is no route", self.line, self.method, self.path)).1
    }

    async fn ask(&self, scene: &Scene, asker: &Asker, role: &str, place: &str) -> (Reply, bool) {
        scene.begin();
        let whole = format!("{}\n{}\n{}", self.path, self.body, self.has.as_deref().unwrap_or(""));
        let filled = scene.fill(&whole, asker, role, place).await;
        let mut parts = filled.splitn(3, '\n');
        let (path, body, has) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        // sign-out is tried with a session of its own
        let client = if self.method == Method::DELETE && self.path == "/api/session" {
            scene.w.sign_in(&asker.login).await
        } else {
            asker.client.clone()
        };
        let before = scene.trail().await;
        let reply = send(&client, &self.method, path, body).await;
        if reply.status.is_client_error() && reply.json()["code"] != "sign_in_wrong" {
            assert_eq!(
                scene.trail().await,
                before,
                "{role}@{place} line {}: a refusal left a trace",
                self.line
            );
        }
        let holds = !has.is_empty() && reply.text().contains(has);
        (reply, holds)
    }
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let (routes, rows) = (server::rooms::routes(), rows());
    let mut seen = BTreeSet::new();
    for row in &rows {
        let route = row.route(&routes);
        assert!(
            seen.insert((route.method.to_string(), route.path)),
            "line {}: a second row of {}",
            row.line,
            route.path
        );
        assert_eq!(route.access == Access::Public, row.who == ["anyone"], "line {}", row.line);
    }
    let without: Vec<String> = routes
        .iter()
        .filter(|r| !seen.contains(&(r.method.to_string(), r.path)))
        .map(|r| format!("{} {}", r.method, r.path))
        .collect();
    assert!(without.is_empty(), "routes without a row in matrix/table.txt: {without:#?}");
}

#[test]
fn what_stands_at_a_path_is_not_there_for_those_beyond() {
    // what is public, or says no more than its own text
    const OPEN: &[&str] = &[
        "/api/checklists/{hash}",
        "/api/checklists/{hash}/xlsform",
        "/api/codes/{code}",
        // laboratories are accredited in public, and serve every place
        "/api/labs/{id}",
        "/api/codes/{code}/qr.svg",
        "/api/parties/code/{code}",
        "/api/reference/divisions/{code}",
    ];
    let routes = server::rooms::routes();
    for row in rows() {
        let route = row.route(&routes);
        if route.access == Access::Public || !route.path.contains('{') || OPEN.contains(&route.path) {
            continue;
        }
        for (_, [_, other, _]) in &row.expected {
            let shut = matches!(other.as_str(), "403" | "404" | "404-" | "200-")
                || route.path == "/api/jobs/{id}" && other == "409";
            assert!(shut, "line {}: {} lets the other county in", row.line, route.path);
        }
    }
}

#[test]
fn every_role_at_every_place_gets_what_the_table_says() {
    each(async |w| {
        let scene = Scene::new(w).await;
        let routes = server::rooms::routes();
        let mut wrong = Vec::new();
        for row in rows() {
            let route = row.route(&routes);
            if route.access != Access::Public {
                let asker = scene.asker("off", "own").unwrap();
                scene.begin();
                let filled =
                    scene.fill(&format!("{}\n{}", row.path, row.body), asker, "off", "elsewhere").await;
                let (path, body) = filled.split_once('\n').unwrap();
                let reply = send(&scene.w.public(), &row.method, path, body).await;
                if reply.status != 401 {
                    wrong.push(format!(
                        "line {}: nobody at {} {}: {}",
                        row.line, row.method, row.path, reply.status
                    ));
                }
            }
            let public = route.access == Access::Public;
            for (role, _) in ROLES.into_iter().filter(|(r, _)| !public || *r == "off") {
                for (i, place) in PLACES.into_iter().enumerate() {
                    let Some(asker) = scene.asker(role, place) else { continue };
                    let place_of =
                        format!("line {}: {role}@{place} at {} {}", row.line, row.method, row.path);
                    if !row.admits(role) {
                        // one place tells for all: the permission is asked before the place
                        if place == "own" {
                            // the asker may not make what the row names; it is taken from those who may
                            let (reply, _) = row.ask(&scene, asker, role, "elsewhere").await;
                            let code = reply.json()["code"].as_str().unwrap_or("").to_owned();
                            if reply.status != 403 || code != "permission_missing" {
                                wrong.push(format!("{place_of}: {} {code}, not 403", reply.status));
                            }
                        }
                        continue;
                    }
                    let expected = row.expects(role, i);
                    if expected == "-" {
                        continue;
                    }
                    let (reply, holds) = row.ask(&scene, asker, role, place).await;
                    let sign = if row.has.is_none() {
                        ""
                    } else if holds {
                        "+"
                    } else {
                        "-"
                    };
                    let found = format!("{}{sign}", reply.status.as_u16());
                    if found != expected {
                        let said: String =
                            reply.text().chars().take(130).collect::<String>().replace('\n', " ");
                        wrong.push(format!("{place_of}: {found}, not {expected}: {said}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} answers are not as the table says:\n{}", wrong.len(), wrong.join("\n"));
    });
}
