//! A list as a file: what the routes that ask for one, and the jobs that write it, have in common.

use kit_base::{Error, Result};
use kit_jobs::Running;
use kit_web::{Act, Cx, Download, Json, Scope};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::http::{self, Queued};
use crate::out::{Exported, Format};

/// A list as it is filtered, and in which form it is wanted. Left out: all of the list, as xlsx.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(bound(deserialize = "Q: Deserialize<'de> + Default"))]
#[schemars(rename = "{Q}Export", bound = "Q: JsonSchema + Serialize + Default")]
pub struct Wanted<Q> {
    #[serde(default)]
    pub format: Format,
    /// The query of the list.
    #[serde(default)]
    pub list: Q,
}

/// What a job needs to write a list as its asker would see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked<Q> {
    pub format: Format,
    pub list: Q,
    /// How far the asker saw.
    pub scope: Scope,
    pub actor: String,
}

impl<Q: DeserializeOwned> Asked<Q> {
    /// What a running job was asked for.
    pub fn of(job: &Running) -> Result<Self> {
        serde_json::from_str(&job.input).map_err(Error::internal)
    }
}

/// Puts the job `kind` in the queue that writes a list; `title` is what its asker reads of it.
pub async fn export<Q: Serialize + Send + 'static>(
    cx: &Cx,
    kind: &'static str,
    title: &'static str,
    wanted: Wanted<Q>,
) -> Result<Json<Queued>> {
    let queue = move |act: &mut Act| {
        let (scope, actor) = (act.who().scope.clone(), act.who().name.clone());
        let asked = Asked { format: wanted.format, list: wanted.list, scope, actor };
        let text = serde_json::to_string(&asked).map_err(Error::internal)?;
        let job = act.enqueue(kind, &text, title)?;
        act.subject("job", &job, "");
        act.note(json!({ "list": asked.list, "format": asked.format }));
        Ok(job)
    };
    Ok(Json(Queued { job: cx.act(queue).await? }))
}

/// The file that the asker's own finished job left.
///
/// Errors: those of [`http::result`], `not_found` where the file was cleared away.
pub async fn exported(cx: &Cx, id: String, kind: &'static str) -> Result<Download> {
    let left: Exported = http::result(cx, id, kind).await?;
    http::stored(cx, &left.file, left.file_name)
}
