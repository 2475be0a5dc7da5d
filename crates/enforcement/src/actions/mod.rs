//! One function a use case, inside the transaction of an `Act`.

pub mod answers;
pub mod cases;
pub mod certificate;
pub mod evidence;
pub mod measure;
pub mod mine;
pub mod words;
