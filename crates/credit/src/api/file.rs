//! Credit files.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Route};

use super::risk::IdPath;
use crate::actions::look;
use crate::model::CreditView;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/parties/{id}/credit", Access::Needs("credit.read"), "主体的信用档案", open)]
}

async fn open(cx: Cx, ask: Ask<IdPath>) -> Result<Json<CreditView>> {
    let read = cx.read(move |tx, cx| {
        let party = look::party(tx, &cx.who, "credit.read", &ask.path.id)?;
        look::credit(tx, party, cx.now())
    });
    read.await.map(Json)
}
