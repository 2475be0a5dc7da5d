//! The second factor that shows codes.

use base64::Engine as _;
use kit_base::{Error, Millis, Result};
use totp_rs::{Builder, Secret, Totp};

/// A code of six digits that changes every 30 seconds (RFC 6238, SHA-1, the only form every app knows); the step before
/// and after are taken too.
fn totp(secret: &[u8]) -> Result<Totp> {
    let builder = Builder::new().with_secret(Secret::from(secret));
    builder.build().map_err(Error::internal)
}

/// The time step a code stands for, where it is a right one and of a later step than `last`.
pub fn check_code(secret: &[u8], code: &str, last: Option<i64>, now: Millis) -> Result<Option<i64>> {
    let step = totp(secret)?.check(code.trim(), u64::try_from(now / 1000).unwrap_or(0));
    Ok(step.and_then(|s| i64::try_from(s).ok()).filter(|s| last.is_none_or(|last| *s > last)))
}

/// The code of a moment; what an authenticator app shows.
pub fn code_at(secret: &[u8], now: Millis) -> Result<String> {
    Ok(totp(secret)?.generate(u64::try_from(now / 1000).unwrap_or(0)).to_string())
}

/// The text of the secret for typing, the `otpauth:` address, and that as a QR code in an SVG `data:` address.
pub fn enrolment(secret: &[u8], name: &str) -> Result<(String, String, String)> {
    let text = Secret::from(secret).to_base32();
    // sign-in names need no escaping; the issuer is 食安
    let issuer = "%E9%A3%9F%E5%AE%89";
    let url = format!("otpauth://totp/{issuer}:{name}?secret={text}&issuer={issuer}");
    let qr = qr_svg(&url)?;
    Ok((text, url, qr))
}

fn qr_svg(text: &str) -> Result<String> {
    use std::fmt::Write as _;
    let code = fast_qr::QRBuilder::new(text).build().map_err(Error::internal)?;
    let side = code.size + 8;
    let mut path = String::new();
    for (i, _) in code.data[..code.size * code.size].iter().enumerate().filter(|(_, m)| m.value()) {
        // writing to a String cannot fail
        let _ = write!(path, "M{} {}h1v1h-1z", i % code.size + 4, i / code.size + 4);
    }
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {side} {side}' shape-rendering='crispEdges'>\
         <path fill='#fff' d='M0 0h{side}v{side}H0z'/><path d='{path}'/></svg>"
    );
    let body = base64::engine::general_purpose::STANDARD.encode(svg);
    Ok(format!("data:image/svg+xml;base64,{body}"))
}
