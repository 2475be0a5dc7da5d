//! Ballots, what they add up to, and results on their way to those who asked.

use kit_base::{Millis, Result};
use kit_db::{FromRow, Row, Tx, params};

use crate::model::{Ballot, Letter, Post, Wish};

kit_db::statements! {
    INSERT = "INSERT INTO campaign_ballots (id, campaign, receipt, day, county, foods, places, items, wish, device, network, contact, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    OF_DEVICE = "SELECT count(*) FROM campaign_ballots WHERE campaign = $1 AND day = $2 AND device = $3";
    OF_NETWORK = "SELECT count(*) FROM campaign_ballots WHERE campaign = $1 AND day = $2 AND network = $3";
    EACH = "SELECT county, foods, places, items FROM campaign_ballots WHERE campaign = $1";
    LARGEST = "SELECT count(*) FROM campaign_ballots WHERE campaign = $1 GROUP BY day, network ORDER BY 1 DESC LIMIT 1";
    BY_RECEIPT = "SELECT campaign, county, foods, places, items, at FROM campaign_ballots WHERE receipt = $1";
    WISHES = "SELECT county, wish, day FROM campaign_ballots WHERE campaign = $1 AND wish <> '' ORDER BY at DESC LIMIT $2 OFFSET $3";
    COUNT_WISHES = "SELECT count(*) FROM campaign_ballots WHERE campaign = $1 AND wish <> ''";
    CONTACTS = "SELECT id, contact, foods FROM campaign_ballots WHERE campaign = $1 AND contact <> '' AND id > $2 ORDER BY id LIMIT $3";
    DROP_CONTACT = "UPDATE campaign_ballots SET contact = '' WHERE id = $1";
    ADD_LETTER = "INSERT INTO campaign_letters (id, campaign, contact, shown, text, at, taken_by) VALUES ($1, $2, $3, $4, $5, $6, '')";
    LETTERS = "SELECT id, shown, text, at, taken_at FROM campaign_letters WHERE campaign = $1 ORDER BY at, id LIMIT $2 OFFSET $3";
    COUNT_LETTERS = "SELECT count(*) FROM campaign_letters WHERE campaign = $1";
    WAITING_LETTERS = "SELECT count(*) FROM campaign_letters WHERE campaign = $1 AND taken_at IS NULL";
    NEXT_LETTERS = "SELECT id, contact, text FROM campaign_letters WHERE campaign = $1 AND taken_at IS NULL ORDER BY at, id LIMIT $2";
    TAKE_LETTER = "UPDATE campaign_letters SET contact = '', taken_at = $2, taken_by = $3 WHERE id = $1";
}

/// A ballot on its way into the box.
pub struct NewBallot<'a> {
    pub id: &'a str,
    pub campaign: &'a str,
    /// SHA-256 of the code that the voter keeps, hex.
    pub receipt: &'a str,
    pub day: &'a str,
    pub device: &'a str,
    pub network: &'a str,
    pub contact: &'a str,
    pub at: Millis,
}

fn list(codes: &[String]) -> String {
    if codes.is_empty() { String::new() } else { format!(",{},", codes.join(",")) }
}

fn read(text: &str) -> Vec<String> {
    text.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect()
}

pub fn insert(tx: &mut Tx, n: &NewBallot, b: &Ballot) -> Result<()> {
    let [foods, places, items] = [&b.food, &b.place, &b.item].map(|codes| list(codes));
    let row = params![
        n.id,
        n.campaign,
        n.receipt,
        n.day,
        &b.county,
        &foods,
        &places,
        &items,
        b.wish.trim(),
        n.device,
        n.network,
        n.contact,
        n.at
    ];
    tx.exec(INSERT, row).map(drop)
}

/// Ballots of a device and of a network on a day.
pub fn cast(tx: &mut Tx, campaign: &str, day: &str, device: &str, network: &str) -> Result<(i64, i64)> {
    let device = tx.one(OF_DEVICE, params![campaign, day, device])?.unwrap_or(0);
    let network = tx.one(OF_NETWORK, params![campaign, day, network])?.unwrap_or(0);
    Ok((device, network))
}

/// What a ballot holds.
pub struct Cast {
    pub county: String,
    pub foods: Vec<String>,
    pub places: Vec<String>,
    pub items: Vec<String>,
}

/// Hands over all ballots.
pub fn each(tx: &mut Tx, campaign: &str, each: &mut dyn FnMut(Cast)) -> Result<()> {
    tx.scan(EACH, params![campaign], &mut |r| {
        let text = |i: usize| r.get::<String>(i);
        each(Cast {
            county: text(0)?,
            foods: read(&text(1)?),
            places: read(&text(2)?),
            items: read(&text(3)?),
        });
        Ok(true)
    })
}

/// Most ballots of one network on one day.
pub fn largest(tx: &mut Tx, campaign: &str) -> Result<i64> {
    Ok(tx.one(LARGEST, params![campaign])?.unwrap_or(0))
}

/// A ballot by its receipt.
pub struct Kept {
    pub campaign: String,
    pub cast: Cast,
    pub at: Millis,
}

impl FromRow for Kept {
    fn from_row(r: &Row) -> Result<Self> {
        let text = |i: usize| r.get::<String>(i);
        Ok(Self {
            campaign: text(0)?,
            cast: Cast {
                county: text(1)?,
                foods: read(&text(2)?),
                places: read(&text(3)?),
                items: read(&text(4)?),
            },
            at: r.get(5)?,
        })
    }
}

pub fn by_receipt(tx: &mut Tx, hash: &str) -> Result<Option<Kept>> {
    tx.one(BY_RECEIPT, params![hash])
}

/// Wishes in own words, the newest first, and how many there are.
pub fn wishes(tx: &mut Tx, campaign: &str, size: i64, skip: i64) -> Result<(Vec<Wish>, i64)> {
    let total = tx.one(COUNT_WISHES, params![campaign])?.unwrap_or(0);
    Ok((tx.all(WISHES, params![campaign, size, skip])?, total))
}

/// Who left a number.
pub struct Contact {
    pub id: String,
    pub contact: String,
    pub foods: Vec<String>,
}

impl FromRow for Contact {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self { id: r.get(0)?, contact: r.get(1)?, foods: read(&r.get::<String>(2)?) })
    }
}

pub fn contacts(tx: &mut Tx, campaign: &str, after: &str, most: i64) -> Result<Vec<Contact>> {
    tx.all(CONTACTS, params![campaign, after, most])
}

/// Writes a letter in the place of a contact.
pub fn letter(tx: &mut Tx, id: &str, campaign: &str, c: &Contact, text: &str, now: Millis) -> Result<()> {
    let shown = kit_base::text::mask_phone(&c.contact);
    tx.exec(ADD_LETTER, params![id, campaign, &c.contact, &shown, text, now])?;
    tx.exec(DROP_CONTACT, params![&c.id]).map(drop)
}

pub fn letters(tx: &mut Tx, campaign: &str, size: i64, skip: i64) -> Result<(Vec<Letter>, i64)> {
    let total = tx.one(COUNT_LETTERS, params![campaign])?.unwrap_or(0);
    Ok((tx.all(LETTERS, params![campaign, size, skip])?, total))
}

pub fn waiting(tx: &mut Tx, campaign: &str) -> Result<i64> {
    Ok(tx.one(WAITING_LETTERS, params![campaign])?.unwrap_or(0))
}

/// The next letters with where they go; each is handed out once, and its contact is forgotten.
pub fn take(tx: &mut Tx, campaign: &str, most: i64, now: Millis, by: &str) -> Result<Vec<Post>> {
    let next: Vec<Post> = tx.all(NEXT_LETTERS, params![campaign, most])?;
    for post in &next {
        tx.exec(TAKE_LETTER, params![&post.id, now, by])?;
    }
    Ok(next)
}
