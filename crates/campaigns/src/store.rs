//! All SQL of the room, each statement once.

kit_db::statements! {}
