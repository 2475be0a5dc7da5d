//! Papers and photos: looked at outside of the transaction, fixed inside.

use findings::fixed::{self, Taken};
use kit_base::{Error, Result};
use kit_files::{Looked, Takes};
use kit_web::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::mandates::acting;
use super::telling::{About, note};
use crate::model::PermitFile;
use crate::store::permits as store;

/// Largest piece, bytes.
pub const LARGEST: u64 = 64 << 20;
/// Files that a business may have.
const MOST: usize = 1_900;

/// How a paper came, or how a photo was taken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Came {
    /// Applicant; the asker's own business where it is the only one.
    pub party: Option<String>,
    /// Matter that it is for: an agent may hand in for what its mandate says.
    pub matter: Option<String>,
    /// Which photo of a remote survey; left out for a paper.
    pub shot: Option<String>,
    /// Time by the device, ms UTC.
    pub taken_at: Option<i64>,
    /// Degrees, WGS-84.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// Metres.
    pub accuracy: Option<i64>,
    /// 1: taken in the app, not chosen from an album.
    pub in_app: Option<i64>,
}

impl Came {
    pub fn taken(&self) -> Taken {
        Taken {
            stage: "found".into(),
            taken_at: self.taken_at,
            lon: self.lon,
            lat: self.lat,
            accuracy: self.accuracy,
            in_app: self.in_app,
            ..Taken::default()
        }
    }
}

/// Papers and photos of an application.
pub const TAKES: Takes =
    Takes {
        pdf: true, code: "file_kind", text: "材料应为照片（JPEG、PNG、WebP）、PDF 或 MP4 视频"
    };

/// Keeps a paper or photo for a business.
///
/// Errors: `party_unknown`, `place_form`, `accuracy_form`, `files_full`.
pub fn add(act: &mut Act, came: &Came, name: &str, looked: &Looked) -> Result<PermitFile> {
    let matter = came.matter.clone().unwrap_or_default();
    let (party, _, agent) = acting(act.tx, act.cx, came.party.as_deref(), &matter)?;
    let taken = came.taken();
    fixed::check_taken(&taken)?;
    if store::files_of(act.tx, &party.id)?.len() >= MOST {
        return Err(Error::conflict("files_full", "本主体的申请材料过多，请联系受理窗口"));
    }
    let shot = came.shot.clone().unwrap_or_default();
    let doubts = match shot.is_empty() {
        true => Vec::new(),
        false => {
            let reused = store::used_elsewhere(act.tx, &looked.kept.hash, &party.id)?;
            fixed::fix(&taken, looked, party.lon.zip(party.lat), reused, act.now).doubts
        }
    };
    let user = act.who().user.clone();
    let file = PermitFile {
        id: act.id(),
        party: party.id.clone(),
        file: looked.kept.hash.clone(),
        media: looked.media.to_owned(),
        size: i64::try_from(looked.kept.size).unwrap_or(i64::MAX),
        name: name.chars().take(120).collect(),
        shot: shot.chars().take(40).collect(),
        user_name: act.who().name.clone(),
        taken_at: came.taken_at,
        received_at: act.now,
        lon: came.lon,
        lat: came.lat,
        accuracy: came.accuracy,
        in_app: came.in_app == Some(1),
        doubts,
        hash: String::new(),
    };
    let hash = hash_of(&file, &user);
    let file = PermitFile { hash: hex::encode(hash), ..file };
    store::add_file(act.tx, &user, &file)?;
    act.tx.fact("permit_file", file.id.clone(), hash);
    act.subject("party", &party.id, &party.division);
    if !agent.is_empty() {
        let what = if file.shot.is_empty() { "上传材料" } else { "上传现场照片" };
        let about = About { principal: &party.id, agent: &agent, matter: &matter };
        note(act, &about, ("", ""), &format!("{what}：{}", file.name))?;
    }
    Ok(file)
}

/// Over all that is fixed, each with its length before it; what is unknown is empty.
fn hash_of(f: &PermitFile, user: &str) -> [u8; 32] {
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let degrees = |n: Option<f64>| n.map(|n| format!("{n:.7}")).unwrap_or_default();
    let fields = [
        f.id.clone(),
        f.party.clone(),
        f.file.clone(),
        f.media.clone(),
        f.size.to_string(),
        f.name.clone(),
        f.shot.clone(),
        user.to_owned(),
        number(f.taken_at),
        f.received_at.to_string(),
        degrees(f.lon),
        degrees(f.lat),
        number(f.accuracy),
        f.in_app.to_string(),
        f.doubts.join(","),
    ];
    kit_files::hash_of_fields(&fields)
}
