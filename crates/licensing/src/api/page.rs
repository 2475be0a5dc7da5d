//! The page behind the QR code of a licence: no script, no cookie, the same for everybody.

use kit_base::Result;
use publication::{Credential, Look, credential};

use crate::model::PublicLicence;

pub fn shown(l: &PublicLicence, code: &str, care: bool) -> Result<String> {
    let (verdict, advice) = match l.status.as_str() {
        "valid" => ("证照有效", "请核对证面内容与网页一致；不一致的可能是仿冒，可拨打 12315。"),
        "replaced" => ("已换发新证", "这是旧证，请向持证人查看新证。"),
        "expired" => ("证照已过有效期", "过期后不得继续经营，可拨打 12315 反映。"),
        "cancelled" => ("证照已注销", "注销后不得继续经营，可拨打 12315 反映。"),
        _ => ("证照已撤销", "撤销后不得继续经营，可拨打 12315 反映。"),
    };
    let until = if l.expires.is_empty() { "长期" } else { &l.expires };
    let own = [
        ("证照编号", l.number.as_str()),
        ("持证人", &l.party_name),
        ("发证机关", &l.issuer),
        ("发证日期", &l.issued),
        ("有效期至", until),
    ];
    let mut rows: Vec<(String, String)> =
        own.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    rows.extend(l.face.iter().filter(|(name, _)| !name.starts_with("名称")).cloned());
    let said = Credential {
        title: l.matter_name.clone(),
        stands: l.status == "valid",
        verdict: verdict.to_owned(),
        advice: advice.to_owned(),
        rows,
        link: format!("/api/public/licences/{code}"),
        simulated: l.simulated,
    };
    credential(&said, &Look { care, address: format!("/l/{code}") })
}
