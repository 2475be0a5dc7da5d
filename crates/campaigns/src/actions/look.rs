//! What is seen of a campaign.

use std::collections::BTreeMap;

use kit_base::{Error, Result};
use kit_db::Tx;
use kit_draw::keep;
use kit_web::Cx;

use super::{draw, own};
use crate::model::{Batch, Campaign, CampaignDetail, Count};
use crate::rules::hash;
use crate::store::{ballots, batches, campaigns};

/// Counts all ballots: foods by county, the others in all; in the order of part, code, county.
pub fn count(tx: &mut Tx, campaign: &str) -> Result<Vec<Count>> {
    let mut counts: BTreeMap<(&'static str, String, String), i64> = BTreeMap::new();
    ballots::each(tx, campaign, &mut |cast| {
        let mut one = |part: &'static str, code: String, county: &str| {
            *counts.entry((part, code, county.to_owned())).or_default() += 1;
        };
        cast.foods.into_iter().for_each(|f| one("food", f, &cast.county));
        cast.places.into_iter().for_each(|p| one("place", p, ""));
        cast.items.into_iter().for_each(|i| one("item", i, ""));
        one("county", cast.county, "");
    })?;
    let count = |((part, code, county), votes): ((&str, String, String), i64)| Count {
        part: part.to_owned(),
        code,
        county,
        votes,
    };
    Ok(counts.into_iter().map(count).collect())
}

/// As they stand, or as they stood when choosing ended.
pub fn counts(tx: &mut Tx, of: &Campaign) -> Result<Vec<Count>> {
    match campaigns::tally(tx, &of.id)?.as_str() {
        "" => count(tx, &of.id),
        text => serde_json::from_str(text).map_err(Error::internal),
    }
}

/// Errors: not found.
pub fn detail(tx: &mut Tx, cx: &Cx, id: &str) -> Result<CampaignDetail> {
    let campaign = own(tx, &cx.who, "campaigns.read", id)?;
    let proof = match draw::of(tx, &campaign)? {
        Some(whole) => Some(keep::proof(tx, &whole)?),
        None => None,
    };
    Ok(CampaignDetail {
        options: campaigns::options(tx, id)?,
        counts: counts(tx, &campaign)?,
        largest_network: ballots::largest(tx, id)?,
        cells: batches::cells(tx, id)?,
        proof,
        letters: ballots::waiting(tx, id)?,
        page_url: format!("{}/choose/{}", cx.house.public_url, campaign.code),
        file_url: format!("{}/api/public/campaigns/{}/draw", cx.house.public_url, campaign.code),
        campaign,
    })
}

/// What a voter chose and what came of it.
pub struct Mine {
    pub campaign: Campaign,
    pub kept: ballots::Kept,
    /// Of the foods that were chosen, those of the voter's county first.
    pub batches: Vec<Batch>,
}

/// By the code that the voter keeps. Errors: not found.
pub fn mine(tx: &mut Tx, receipt: &str) -> Result<Mine> {
    let unknown = || Error::not_found("没有这张选票，请核对查询码");
    let receipt = kit_base::codes::tidy(receipt);
    let kept = ballots::by_receipt(tx, &hash(&receipt).0)?.ok_or_else(unknown)?;
    let campaign = campaigns::by_id(tx, &kept.campaign)?.ok_or_else(unknown)?;
    let mut of = Vec::new();
    for food in &kept.cast.foods {
        of.extend(batches::of_food(tx, &campaign.id, food, &kept.cast.county, 20)?);
    }
    Ok(Mine { campaign, kept, batches: of })
}
