//! A JSON value inside an event: limited in depth, no field twice, no NUL.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{State, stop};

/// Any value, with the depth limit and no field twice.
pub struct Tree<'a, 's, 'f> {
    pub state: &'a RefCell<State<'s, 'f>>,
    pub depth: usize,
}

impl Tree<'_, '_, '_> {
    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        if self.depth == 0 {
            self.state.borrow_mut().refuse("epcis_too_deep", "嵌套过深");
            return Err(stop());
        }
        Ok(self.depth - 1)
    }

    fn no_nul<E: serde::de::Error>(&self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            self.state.borrow_mut().refuse("epcis_encoding", "内容含有空字符（NUL）");
            return Err(stop());
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_, '_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_, '_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON 值")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.no_nul(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.no_nul(&value)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let depth = self.deeper::<A::Error>()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Tree { state: self.state, depth })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let depth = self.deeper::<A::Error>()?;
        let mut map = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            self.no_nul::<A::Error>(&name)?;
            if map.contains_key(&name) {
                self.state.borrow_mut().refuse("epcis_syntax", format!("字段“{name}”重复"));
                return Err(stop());
            }
            let value = fields.next_value_seed(Tree { state: self.state, depth })?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
