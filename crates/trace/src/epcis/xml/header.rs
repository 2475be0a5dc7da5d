//! What the header of an XML document says: who sent it to whom, and master data of places and goods.

use serde_json::{Map, Value, json};

use super::node::Node;

/// Puts sender, receiver, number and master data where EPCIS 2.0 JSON has them; the rest of the header has no place there.
pub fn read(header: &Node, head: &mut Map<String, Value>) {
    for (path, name) in [
        (["Sender", "Identifier"], "sender"),
        (["Receiver", "Identifier"], "receiver"),
        (["DocumentIdentification", "InstanceIdentifier"], "instanceIdentifier"),
    ] {
        if let Some(node) = find(header, path[0]).and_then(|outer| find(outer, path[1])) {
            head.insert(name.into(), json!(node.trimmed()));
        }
    }
    let lists: Vec<Value> = find(header, "VocabularyList")
        .map(|l| l.children.iter().map(vocabulary).collect())
        .unwrap_or_default();
    if !lists.is_empty() {
        head.insert("epcisHeader".into(), json!({"epcisMasterData": {"vocabularyList": lists}}));
    }
}

/// The first element of a name at any depth; header elements come from several name spaces.
fn find<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    node.children
        .iter()
        .find(|c| c.open.local == name)
        .or_else(|| node.children.iter().find_map(|c| find(c, name)))
}

fn vocabulary(node: &Node) -> Value {
    let elements = node.children.iter().filter(|c| c.open.local == "VocabularyElementList");
    let elements: Vec<Value> = elements.flat_map(|list| &list.children).map(element).collect();
    json!({"type": node.open.attribute("type").unwrap_or_default(), "vocabularyElementList": elements})
}

fn element(node: &Node) -> Value {
    let mut out = json!({"id": node.open.attribute("id").unwrap_or_default()});
    let attributes: Vec<Value> = node
        .children
        .iter()
        .filter(|c| c.open.local == "attribute")
        .map(|c| json!({"id": c.open.attribute("id").unwrap_or_default(), "attribute": inner(c)}))
        .collect();
    if !attributes.is_empty() {
        out["attributes"] = Value::Array(attributes);
    }
    let children: Vec<Value> = node
        .children
        .iter()
        .filter(|c| c.open.local == "children")
        .flat_map(|c| &c.children)
        .map(|c| json!(c.trimmed()))
        .collect();
    if !children.is_empty() {
        out["children"] = Value::Array(children);
    }
    out
}

/// Text, or the elements inside by name.
fn inner(node: &Node) -> Value {
    if node.children.is_empty() {
        return json!(node.trimmed());
    }
    node.children.iter().map(|c| (c.open.local.clone(), inner(c))).collect::<Map<_, _>>().into()
}
