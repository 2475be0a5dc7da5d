//! Subscriptions to EPCIS queries: what is new is sent to a receiver's address (standard 8.2.7, REST binding 12.7).
//!
//! A subscription stands at an event number. A delivery covers all events after it up to another number; the end is
//! written down before the delivery is sent, so that it is the same when it is sent again, and the number moves only in the
//! transaction that records the acknowledgement. So nothing is skipped, and nothing acknowledged is sent again. Where the
//! acknowledgement itself is lost on the way the receiver sees a delivery twice; it knows it by its number.

pub mod address;
pub mod courier;
pub mod schedule;
