//! Bureaus and grids, by the 系统管理员.

use kit_base::{Error, Result};
use kit_web::Act;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::model::{Bureau, Grid};
use crate::rules;
use crate::store::bureaus as store;

/// A bureau to be made.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct BureauInput {
    /// The bureau above; left out for a root.
    pub parent: Option<String>,
    /// 1 省, 2 市, 3 县, 4 所
    pub level: i64,
    pub name: String,
    pub division: String,
}

/// A new name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct NameInput {
    pub name: String,
}

/// A grid to be made or changed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct GridInput {
    /// A grid stays with its bureau.
    pub bureau: String,
    pub name: String,
    pub division: String,
}

fn bureau_within(act: &mut Act, field: &'static str, id: &str) -> Result<Bureau> {
    let scope = act.who().scope_for("accounts.bureaus");
    let found = store::bureau(act.tx, id)?.filter(|b| scope.covers(&b.division, None));
    found.ok_or_else(|| Error::not_found("没有这个机构").at(field))
}

fn taken(e: Error) -> Error {
    if e.code == "unique_violation" {
        return Error::conflict("name_taken", "这里已有同名的机构或网格").at("name");
    }
    e
}

pub fn create_bureau(act: &mut Act, input: &BureauInput) -> Result<String> {
    let name = rules::plain_text("name", &input.name, 60)?;
    let division = rules::division_prefix("division", &input.division)?;
    if !act.who().scope_for("accounts.bureaus").covers(&division, None) {
        return Err(Error::invalid("division", "area_beyond", "超出了您本人的辖区"));
    }
    let parent = match input.parent.as_deref().filter(|p| !p.is_empty()) {
        Some(id) => Some(bureau_within(act, "parent", id)?),
        None => None,
    };
    rules::bureau_place(input.level, &division, parent.as_ref().map(|p| (p.level, p.division.as_str())))?;
    let bureau = Bureau { id: act.id(), parent: parent.map(|p| p.id), level: input.level, name, division };
    store::add_bureau(act.tx, &bureau, act.now).map_err(taken)?;
    act.subject("bureau", &bureau.id, &bureau.division);
    act.note(json!({ "name": bureau.name, "level": bureau.level, "parent": bureau.parent }));
    Ok(bureau.id)
}

pub fn rename_bureau(act: &mut Act, id: &str, input: &NameInput) -> Result<()> {
    let name = rules::plain_text("name", &input.name, 60)?;
    let bureau = bureau_within(act, "id", id)?;
    store::rename_bureau(act.tx, id, &name).map_err(taken)?;
    act.subject("bureau", id, &bureau.division);
    act.note(json!({ "from": bureau.name, "to": name }));
    Ok(())
}

fn grid_place(bureau: &Bureau, input: &GridInput) -> Result<(String, String)> {
    let name = rules::plain_text("name", &input.name, 60)?;
    let division = rules::division_prefix("division", &input.division)?;
    if !division.starts_with(&bureau.division) || division.len() < 6 {
        return Err(Error::invalid("division", "grid_division", "网格应在所属机构的辖区内，到县级或以下"));
    }
    Ok((name, division))
}

pub fn create_grid(act: &mut Act, input: &GridInput) -> Result<String> {
    let bureau = bureau_within(act, "bureau", &input.bureau)?;
    let (name, division) = grid_place(&bureau, input)?;
    let grid = Grid { id: act.id(), bureau: bureau.id, name, division };
    store::add_grid(act.tx, &grid).map_err(taken)?;
    act.subject("grid", &grid.id, &grid.division);
    act.note(json!({ "name": grid.name, "bureau": grid.bureau }));
    Ok(grid.id)
}

fn grid_within(act: &mut Act, id: &str) -> Result<(Grid, Bureau)> {
    let gone = || Error::not_found("没有这个网格");
    let grid = store::grid(act.tx, id)?.ok_or_else(gone)?;
    let bureau = bureau_within(act, "bureau", &grid.bureau).map_err(|_| gone())?;
    act.subject("grid", &grid.id, &grid.division);
    Ok((grid, bureau))
}

pub fn update_grid(act: &mut Act, id: &str, input: &GridInput) -> Result<()> {
    let (grid, bureau) = grid_within(act, id)?;
    if input.bureau != bureau.id {
        return Err(Error::invalid("bureau", "bureau_fixed", "网格不能换到另一个机构，请在那里新建"));
    }
    let (name, division) = grid_place(&bureau, input)?;
    if division != grid.division {
        not_given(act, id)?;
    }
    act.note(json!({ "from": [grid.name, grid.division], "to": [name, division] }));
    store::change_grid(act.tx, &Grid { name, division, ..grid }).map_err(taken)
}

/// A grid that a post reaches is not redrawn nor deleted: that would change what people may do, which is for the
/// 安全管理员 alone.
fn not_given(act: &mut Act, grid: &str) -> Result<()> {
    if crate::store::posts::grid_used(act.tx, grid)? {
        return Err(Error::conflict("grid_given", "网格已授予岗位，请先由安全管理员在岗位中移除"));
    }
    Ok(())
}

pub fn delete_grid(act: &mut Act, id: &str) -> Result<()> {
    let (grid, _) = grid_within(act, id)?;
    not_given(act, id)?;
    act.note(json!({ "name": grid.name, "bureau": grid.bureau }));
    store::drop_grid(act.tx, id)
}
