//! Routes of one's own messages.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Json, Page, Route};

use crate::model::{Message, MessageQuery, Read, Unread};
use crate::{actions, store};

pub fn routes() -> Vec<Route> {
    let signed_in = Access::SignedIn;
    vec![
        Route::get("/api/notices", signed_in, "我的消息", list),
        Route::get("/api/notices/unread", signed_in, "未读消息的条数", unread),
        Route::post("/api/notices/read", signed_in, "消息标为已读", "notices.read", read),
    ]
}

async fn list(cx: Cx, ask: Ask<(), MessageQuery>) -> Result<Json<Page<Message>>> {
    cx.read(move |tx, cx| store::list(tx, &cx.who.user, &ask.query)).await.map(Json)
}

async fn unread(cx: Cx, _: Ask) -> Result<Json<Unread>> {
    cx.read(|tx, cx| Ok(Unread { unread: store::unread(tx, &cx.who.user)? })).await.map(Json)
}

async fn read(cx: Cx, ask: Ask<(), (), Json<Read>>) -> Result<Json<Unread>> {
    cx.act(move |act| actions::read(act, &ask.body.0)).await.map(Json)
}
