//! Posts, who holds them, and who acts for which business.

use kit_base::{Millis, Result};
use kit_db::{Filter, FromRow, Param, Row, Tx, params};
use kit_web::Scope;
use kit_web::answer::paging;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{anywhere, given, visible};
use crate::model::{Area, Grid, Holder, Holding, Membership, Post, Role};

kit_db::statements! {
    /// By the index on user: every role at every prefix a person holds at a moment.
    HELD = "SELECT r.role, a.prefix
        FROM holdings h JOIN post_roles r ON r.post = h.post JOIN post_areas a ON a.post = h.post
        WHERE h.user_id = $1 AND h.withdrawn_at IS NULL AND h.from_at <= $2 AND (h.until_at IS NULL OR h.until_at > $2)
        UNION ALL SELECT r.role, g.division
        FROM holdings h JOIN post_roles r ON r.post = h.post JOIN post_grids p ON p.post = h.post JOIN grids g ON g.id = p.grid
        WHERE h.user_id = $1 AND h.withdrawn_at IS NULL AND h.from_at <= $2 AND (h.until_at IS NULL OR h.until_at > $2)";
    ACTS_FOR = "SELECT role, party FROM memberships
        WHERE user_id = $1 AND withdrawn_at IS NULL AND from_at <= $2 AND (until_at IS NULL OR until_at > $2) ORDER BY party";
    /// Now or later: what must stand together.
    ROLES_TO_COME = "SELECT DISTINCT r.role FROM holdings h JOIN post_roles r ON r.post = h.post
        WHERE h.user_id = $1 AND h.withdrawn_at IS NULL AND (h.until_at IS NULL OR h.until_at > $2) AND h.post <> $3";
    HOLDINGS = "SELECT h.id, h.post, p.title, p.bureau, h.from_at, h.until_at, h.granted_by
        FROM holdings h JOIN posts p ON p.id = h.post
        WHERE h.user_id = $1 AND h.withdrawn_at IS NULL AND (h.until_at IS NULL OR h.until_at > $2) ORDER BY h.granted_at";
    HOLDING = "SELECT user_id, post FROM holdings WHERE id = $1 AND withdrawn_at IS NULL";
    GRANT = "INSERT INTO holdings (id, user_id, post, from_at, until_at, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    WITHDRAW = "UPDATE holdings SET withdrawn_by = $2, withdrawn_at = $3 WHERE id = $1 AND withdrawn_at IS NULL";
    /// A holding that ran out makes room for a new one of the same post.
    CLEAR_ENDED = "UPDATE holdings SET withdrawn_by = '', withdrawn_at = $3
        WHERE user_id = $1 AND post = $2 AND withdrawn_at IS NULL AND until_at IS NOT NULL AND until_at <= $3";
    HOLDERS = "SELECT u.id, u.full_name FROM holdings h JOIN users u ON u.id = h.user_id
        WHERE h.post = $1 AND h.withdrawn_at IS NULL AND (h.until_at IS NULL OR h.until_at > $2) ORDER BY u.full_name, u.id";
    /// Active people whose role reaches a division now, by area or grid.
    REACHING = "SELECT DISTINCT u.id, u.full_name FROM users u JOIN holdings h ON h.user_id = u.id
            JOIN post_roles r ON r.post = h.post
            LEFT JOIN post_areas a ON a.post = h.post
            LEFT JOIN post_grids p ON p.post = h.post LEFT JOIN grids g ON g.id = p.grid
        WHERE r.role = $1 AND u.state = 'active' AND h.withdrawn_at IS NULL AND h.from_at <= $3
            AND (h.until_at IS NULL OR h.until_at > $3)
            AND (substr($2, 1, length(a.prefix)) = a.prefix OR substr($2, 1, length(g.division)) = g.division)
        ORDER BY u.full_name, u.id LIMIT 500";
    /// Active people who hold a role now, but for one holding.
    OTHERS_WITH_ROLE = "SELECT count(*) FROM holdings h JOIN post_roles r ON r.post = h.post JOIN users u ON u.id = h.user_id
        WHERE r.role = $1 AND h.withdrawn_at IS NULL AND h.from_at <= $2 AND (h.until_at IS NULL OR h.until_at > $2)
            AND u.state = 'active' AND h.id <> $3";
    MEMBERSHIPS = "SELECT id, party, role, from_at, until_at, granted_by FROM memberships
        WHERE user_id = $1 AND withdrawn_at IS NULL AND (until_at IS NULL OR until_at > $2) ORDER BY granted_at";
    MEMBERSHIP = "SELECT user_id, party, role FROM memberships WHERE id = $1 AND withdrawn_at IS NULL";
    JOIN_BUSINESS = "INSERT INTO memberships (id, user_id, party, role, from_at, until_at, granted_by, granted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CLEAR_LEFT = "UPDATE memberships SET withdrawn_by = '', withdrawn_at = $3
        WHERE user_id = $1 AND party = $2 AND withdrawn_at IS NULL AND until_at IS NOT NULL AND until_at <= $3";
    LEAVE_BUSINESS = "UPDATE memberships SET withdrawn_by = $2, withdrawn_at = $3 WHERE id = $1 AND withdrawn_at IS NULL";
    POST = "SELECT p.id, p.title, p.bureau, b.name, b.division FROM posts p JOIN bureaus b ON b.id = p.bureau WHERE p.id = $1";
    POST_ROLES = "SELECT role FROM post_roles WHERE post = $1 ORDER BY role";
    POST_AREAS = "SELECT prefix FROM post_areas WHERE post = $1 ORDER BY prefix";
    POST_GRIDS = "SELECT g.id, g.bureau, g.name, g.division FROM post_grids p JOIN grids g ON g.id = p.grid
        WHERE p.post = $1 ORDER BY g.division, g.name";
    GRID_USED = "SELECT post FROM post_grids WHERE grid = $1 LIMIT 1";
    ADD_GRID = "INSERT INTO post_grids (post, grid) VALUES ($1, $2)";
    CLEAR_GRIDS = "DELETE FROM post_grids WHERE post = $1";
    ADD_POST = "INSERT INTO posts (id, title, bureau, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)";
    CHANGE_POST = "UPDATE posts SET title = $2, bureau = $3, updated_at = $4 WHERE id = $1";
    ADD_ROLE = "INSERT INTO post_roles (post, role) VALUES ($1, $2)";
    ADD_AREA = "INSERT INTO post_areas (post, prefix) VALUES ($1, $2)";
    CLEAR_ROLES = "DELETE FROM post_roles WHERE post = $1";
    CLEAR_AREAS = "DELETE FROM post_areas WHERE post = $1";
}

/// Active people, by name, who hold one of the roles where a post reaches a division.
pub fn near(
    tx: &mut Tx,
    roles: &[Role],
    division: &str,
    q: &str,
    now: Millis,
    most: i64,
) -> Result<Vec<Near>> {
    let roles: Vec<Vec<String>> = roles.iter().map(|r| vec![r.code().to_owned()]).collect();
    let filter = Filter::new(
        "SELECT DISTINCT u.id, u.full_name, b.name
        FROM users u JOIN holdings h ON h.user_id = u.id JOIN posts p ON p.id = h.post JOIN bureaus b ON b.id = p.bureau
            JOIN post_roles r ON r.post = h.post",
    )
    .and("u.state = 'active' AND u.party IS NULL AND h.withdrawn_at IS NULL", &[])
    .and("h.from_at <= ? AND (h.until_at IS NULL OR h.until_at > ?)", &[Param::Int(now), Param::Int(now)])
    .and_any("r.role = ?", &roles)
    .and(
        "EXISTS (SELECT 1 FROM post_areas a WHERE a.post = h.post AND substr(CAST(? AS TEXT), 1, length(a.prefix)) = a.prefix)
            OR EXISTS (SELECT 1 FROM post_grids x JOIN grids g ON g.id = x.grid
                WHERE x.post = h.post AND substr(CAST(? AS TEXT), 1, length(g.division)) = g.division)",
        &[Param::Text(division), Param::Text(division)],
    );
    tx.list(&named(filter, q).then("ORDER BY 2, 1 LIMIT ?", &[Param::Int(most)]))
}

/// Active people who act for a business in one of the roles.
pub fn near_business(
    tx: &mut Tx,
    roles: &[Role],
    party: &str,
    q: &str,
    now: Millis,
    most: i64,
) -> Result<Vec<Near>> {
    let roles: Vec<Vec<String>> = roles.iter().map(|r| vec![r.code().to_owned()]).collect();
    let filter = Filter::new(
        "SELECT DISTINCT u.id, u.full_name, '' FROM users u JOIN memberships m ON m.user_id = u.id",
    )
    .and("u.state = 'active' AND m.party = ? AND m.withdrawn_at IS NULL", &[Param::Text(party)])
    .and("m.from_at <= ? AND (m.until_at IS NULL OR m.until_at > ?)", &[Param::Int(now), Param::Int(now)])
    .and_any("m.role = ?", &roles);
    tx.list(&named(filter, q).then("ORDER BY 2, 1 LIMIT ?", &[Param::Int(most)]))
}

fn named(filter: Filter, q: &str) -> Filter {
    let like = format!("%{}%", q.replace(['%', '_'], ""));
    if q.is_empty() { filter } else { filter.and("u.full_name LIKE ?", &[Param::Text(&like)]) }
}

/// Somebody to choose: user id, full name, bureau (empty for people of a business).
pub struct Near {
    pub user: String,
    pub name: String,
    pub place: String,
}

impl FromRow for Near {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { user: r.get(0)?, name: r.get(1)?, place: r.get(2)? })
    }
}

/// Every role at every prefix a person holds now.
pub fn held(tx: &mut Tx, user: &str, now: Millis) -> Result<Vec<(Role, String)>> {
    pairs(tx, HELD, user, now)
}

/// Every business a person acts for now, and as what.
pub fn acts_for(tx: &mut Tx, user: &str, now: Millis) -> Result<Vec<(Role, String)>> {
    pairs(tx, ACTS_FOR, user, now)
}

fn pairs(tx: &mut Tx, sql: kit_db::Sql, user: &str, now: Millis) -> Result<Vec<(Role, String)>> {
    let mut out = Vec::new();
    tx.scan(sql, params![user, now], &mut |row| {
        out.push((Role::stored(&row.get::<String>(0)?)?, row.get(1)?));
        Ok(true)
    })?;
    Ok(out)
}

/// Roles a person holds now or will hold, but for those of one post.
pub fn roles_to_come(tx: &mut Tx, user: &str, now: Millis, but_post: &str) -> Result<Vec<Role>> {
    let codes: Vec<String> = tx.all(ROLES_TO_COME, params![user, now, but_post])?;
    codes.iter().map(|c| Role::stored(c)).collect()
}

/// What a person holds now or will hold.
pub fn holdings(tx: &mut Tx, user: &str, now: Millis, area: &dyn Fn(&str) -> Area) -> Result<Vec<Holding>> {
    let mut out: Vec<Holding> = Vec::new();
    tx.scan(HOLDINGS, params![user, now], &mut |row| {
        out.push(Holding {
            id: row.get(0)?,
            post: row.get(1)?,
            title: row.get(2)?,
            bureau: row.get(3)?,
            roles: Vec::new(),
            areas: Vec::new(),
            grids: Vec::new(),
            from_at: row.get(4)?,
            until_at: row.get(5)?,
            granted_by: row.get(6)?,
        });
        Ok(true)
    })?;
    for h in &mut out {
        h.roles = tx.all(POST_ROLES, params![&h.post])?;
        h.areas = tx.all::<String>(POST_AREAS, params![&h.post])?.iter().map(|p| area(p)).collect();
        h.grids = post_grids(tx, &h.post)?;
    }
    Ok(out)
}

/// User and post of a holding that stands.
pub fn holding(tx: &mut Tx, id: &str) -> Result<Option<(String, String)>> {
    tx.one(HOLDING, params![id])
}

/// A grant of a post or a business.
pub struct Grant<'a> {
    pub id: &'a str,
    pub user: &'a str,
    /// The post or the business.
    pub what: &'a str,
    pub from_at: Millis,
    pub until_at: Option<Millis>,
    pub by: &'a str,
    pub now: Millis,
}

pub fn grant(tx: &mut Tx, g: &Grant) -> Result<()> {
    tx.exec(CLEAR_ENDED, params![g.user, g.what, g.now])?;
    tx.exec(GRANT, params![g.id, g.user, g.what, g.from_at, g.until_at, g.by, g.now]).map(drop)
}

pub fn withdraw(tx: &mut Tx, holding: &str, by: &str, now: Millis) -> Result<()> {
    tx.exec(WITHDRAW, params![holding, by, now]).map(drop)
}

pub fn holders(tx: &mut Tx, post: &str, now: Millis) -> Result<Vec<Holder>> {
    let found: Vec<(String, String)> = tx.all(HOLDERS, params![post, now])?;
    Ok(found.into_iter().map(|(id, full_name)| Holder { id, full_name }).collect())
}

/// People by id and full name whose role reaches a division.
pub fn reaching(tx: &mut Tx, role: Role, division: &str, now: Millis) -> Result<Vec<(String, String)>> {
    tx.all(REACHING, params![role.code(), division, now])
}

pub fn others_with_role(tx: &mut Tx, role: Role, now: Millis, but_holding: &str) -> Result<i64> {
    Ok(tx.one(OTHERS_WITH_ROLE, params![role.code(), now, but_holding])?.unwrap_or(0))
}

/// Businesses a person acts for, now or later; their names are left to the caller.
pub fn memberships(tx: &mut Tx, user: &str, now: Millis) -> Result<Vec<Membership>> {
    let mut out = Vec::new();
    tx.scan(MEMBERSHIPS, params![user, now], &mut |row| {
        out.push(Membership {
            id: row.get(0)?,
            party: row.get(1)?,
            party_name: String::new(),
            role: row.get(2)?,
            from_at: row.get(3)?,
            until_at: row.get(4)?,
            granted_by: row.get(5)?,
        });
        Ok(true)
    })?;
    Ok(out)
}

/// User, business and role of a membership that stands.
pub fn membership(tx: &mut Tx, id: &str) -> Result<Option<(String, String, String)>> {
    tx.one(MEMBERSHIP, params![id])
}

pub fn join_business(tx: &mut Tx, g: &Grant, role: Role) -> Result<()> {
    tx.exec(CLEAR_LEFT, params![g.user, g.what, g.now])?;
    let values = params![g.id, g.user, g.what, role.code(), g.from_at, g.until_at, g.by, g.now];
    tx.exec(JOIN_BUSINESS, values).map(drop)
}

pub fn leave_business(tx: &mut Tx, membership: &str, by: &str, now: Millis) -> Result<()> {
    tx.exec(LEAVE_BUSINESS, params![membership, by, now]).map(drop)
}

/// A post as it is stored.
#[derive(Debug, Clone)]
pub struct PostRow {
    pub id: String,
    pub title: String,
    pub bureau: String,
    pub bureau_name: String,
    /// Of the bureau.
    pub division: String,
}

impl FromRow for PostRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            title: row.get(1)?,
            bureau: row.get(2)?,
            bureau_name: row.get(3)?,
            division: row.get(4)?,
        })
    }
}

pub fn post(tx: &mut Tx, id: &str) -> Result<Option<PostRow>> {
    tx.one(POST, params![id])
}

pub fn post_roles(tx: &mut Tx, post: &str) -> Result<Vec<Role>> {
    let codes: Vec<String> = tx.all(POST_ROLES, params![post])?;
    codes.iter().map(|c| Role::stored(c)).collect()
}

pub fn post_areas(tx: &mut Tx, post: &str) -> Result<Vec<String>> {
    tx.all(POST_AREAS, params![post])
}

/// The grids a post reaches beside its areas.
pub fn post_grids(tx: &mut Tx, post: &str) -> Result<Vec<Grid>> {
    tx.all(POST_GRIDS, params![post])
}

/// Whether a post reaches this grid.
pub fn grid_used(tx: &mut Tx, grid: &str) -> Result<bool> {
    Ok(tx.one::<String>(GRID_USED, params![grid])?.is_some())
}

pub fn add_post(tx: &mut Tx, id: &str, title: &str, bureau: &str, now: Millis) -> Result<()> {
    tx.exec(ADD_POST, params![id, title, bureau, now]).map(drop)
}

pub fn change_post(tx: &mut Tx, id: &str, title: &str, bureau: &str, now: Millis) -> Result<()> {
    tx.exec(CHANGE_POST, params![id, title, bureau, now]).map(drop)
}

/// Sets what a post gives, and where.
pub fn set_rights(tx: &mut Tx, post: &str, roles: &[Role], areas: &[String], grids: &[String]) -> Result<()> {
    tx.exec(CLEAR_ROLES, params![post])?;
    tx.exec(CLEAR_GRIDS, params![post])?;
    for grid in grids {
        tx.exec(ADD_GRID, params![post, grid])?;
    }
    tx.exec(CLEAR_AREAS, params![post])?;
    for role in roles {
        tx.exec(ADD_ROLE, params![post, role.code()])?;
    }
    for area in areas {
        tx.exec(ADD_AREA, params![post, area])?;
    }
    Ok(())
}

/// What the list of posts is asked.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub struct PostQuery {
    /// Part of the title, or of the name of somebody who holds it.
    pub q: Option<String>,
    pub bureau: Option<String>,
    /// title, `-title`
    pub sort: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

const ROWS: &str =
    "SELECT p.id, p.title, p.bureau, b.name, b.division FROM posts p JOIN bureaus b ON b.id = p.bureau";
const HOW_MANY: &str = "SELECT count(*) FROM posts p JOIN bureaus b ON b.id = p.bureau";
const FOUND: &str =
    "p.title LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM holdings h JOIN users u ON u.id = h.user_id
    WHERE h.post = p.id AND h.withdrawn_at IS NULL AND u.full_name LIKE ? ESCAPE '\\')";

fn narrowed(select: &'static str, q: &PostQuery, scope: &Scope) -> Filter {
    let mut filter = visible(Filter::new(select), scope, "b.division >= ? AND b.division < ?");
    if let Some(text) = given(&q.q) {
        let pattern = anywhere(text);
        filter = filter.and(FOUND, params![&pattern, &pattern]);
    }
    filter.and_some("p.bureau = ?", given(&q.bureau))
}

/// One page of posts with what they give and who holds them; and how many there are in all.
pub fn list(
    tx: &mut Tx,
    q: &PostQuery,
    scope: &Scope,
    now: Millis,
    area: &dyn Fn(&str) -> Area,
) -> Result<(Vec<Post>, i64)> {
    let total = tx.count(&narrowed(HOW_MANY, q, scope))?;
    let (page, size) = paging(q.page, q.size);
    let order = if q.sort.as_deref() == Some("-title") {
        "ORDER BY p.title DESC, p.id"
    } else {
        "ORDER BY b.division, p.title, p.id"
    };
    let filter = narrowed(ROWS, q, scope)
        .then(order, &[])
        .then("LIMIT ? OFFSET ?", &[Param::Int(size), Param::Int((page - 1) * size)]);
    let rows: Vec<PostRow> = tx.list(&filter)?;
    let posts = rows.into_iter().map(|row| whole(tx, row, now, area)).collect::<Result<_>>()?;
    Ok((posts, total))
}

/// A post with what it gives and who holds it.
pub fn whole(tx: &mut Tx, row: PostRow, now: Millis, area: &dyn Fn(&str) -> Area) -> Result<Post> {
    Ok(Post {
        roles: tx.all(POST_ROLES, params![&row.id])?,
        jurisdiction: post_areas(tx, &row.id)?.iter().map(|p| area(p)).collect(),
        grids: post_grids(tx, &row.id)?,
        holders: holders(tx, &row.id, now)?,
        id: row.id,
        title: row.title,
        bureau: row.bureau,
        bureau_name: row.bureau_name,
    })
}
