//! Elements with their places, name spaces resolved; one small tree at a time.

use std::io::Read;
use std::rc::Rc;

use kit_base::{Error, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::source::{Meter, Source};
use super::super::{io_error, refused};

/// The most attributes of one element and the most name spaces in force at one place.
const MOST: usize = 256;

#[derive(Debug, Clone)]
pub struct Attribute {
    pub prefix: Option<String>,
    pub space: Option<Rc<str>>,
    pub local: String,
    pub value: String,
}

/// The start of an element.
#[derive(Debug)]
pub struct Open {
    pub prefix: Option<String>,
    pub space: Option<Rc<str>>,
    pub local: String,
    pub attributes: Vec<Attribute>,
    pub at: (u64, u64),
}

impl Open {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.space.is_none() && a.local == name).map(|a| a.value.as_str())
    }

    pub fn place(&self) -> String {
        text_of(self.at)
    }
}

/// A whole element.
#[derive(Debug)]
pub struct Node {
    pub open: Open,
    pub children: Vec<Node>,
    /// All text directly inside, in order.
    pub text: String,
    /// Prefixes that values (not names) make use of, `example:someSensorProperty`, with their name spaces.
    pub hints: Vec<(String, Rc<str>)>,
}

pub enum Step {
    Open(Open),
    Close,
    Text(String),
}

pub fn text_of((line, column): (u64, u64)) -> String {
    format!("line {line} column {column}")
}

pub struct Parser<R> {
    xml: Reader<Source<R>>,
    meter: Rc<Meter>,
    buffer: Vec<u8>,
    /// Name spaces in force: level, prefix ("" for the default), address.
    spaces: Vec<(usize, String, Rc<str>)>,
    level: usize,
    depth: usize,
    /// An empty element was opened and its end is due.
    due: bool,
}

impl<R: Read> Parser<R> {
    pub fn new(source: Source<R>, depth: usize) -> Self {
        let meter = source.meter();
        let mut xml = Reader::from_reader(source);
        xml.config_mut().check_end_names = true;
        Self { xml, meter, buffer: Vec::new(), spaces: Vec::new(), level: 0, depth, due: false }
    }

    pub fn place(&self) -> String {
        text_of(self.meter.place())
    }

    pub fn next_event(&self) {
        self.meter.next_event();
    }

    /// The root element; what may stand before it is passed over.
    pub fn root(&mut self) -> Result<Open> {
        loop {
            match self.step()? {
                Step::Open(open) => return Ok(open),
                Step::Text(text) if text.trim().is_empty() => {}
                Step::Text(_) | Step::Close => {
                    return Err(refused("epcis_syntax", self.place(), "根元素之前不应有文字"));
                }
            }
        }
    }

    /// Nothing but blanks, comments and instructions after the root.
    pub fn end_of_document(&mut self) -> Result<()> {
        loop {
            self.buffer.clear();
            let at = self.meter.place();
            match self.xml.read_event_into(&mut self.buffer) {
                Ok(Event::Eof) => return Ok(()),
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::Text(text)) if text.trim().is_empty() => {}
                Ok(_) => return Err(refused("epcis_syntax", text_of(at), "文件结尾之后还有多余内容")),
                Err(error) => return Err(self.explain(error)),
            }
        }
    }

    /// The next start, end or text; comments are passed over.
    pub fn step(&mut self) -> Result<Step> {
        if std::mem::take(&mut self.due) {
            return Ok(self.close());
        }
        loop {
            self.buffer.clear();
            let at = self.meter.place();
            let wrong = |code, message: &str| Err(refused(code, text_of(at), message));
            let event = match self.xml.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.explain(error)),
            };
            match event {
                Event::Start(start) => {
                    let start = start.into_owned();
                    return self.open(&start, at).map(Step::Open);
                }
                Event::Empty(start) => {
                    let start = start.into_owned();
                    self.due = true;
                    return self.open(&start, at).map(Step::Open);
                }
                Event::End(_) => return Ok(self.close()),
                Event::Text(text) => return Ok(Step::Text(text.xml10_content().into_owned())),
                Event::CData(text) => return Ok(Step::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(name) => {
                    let name = name.into_inner();
                    return match resolve(&name) {
                        Some(letter) => Ok(Step::Text(letter.to_string())),
                        None => wrong("xml_entity", "不允许使用自定义实体引用"),
                    };
                }
                // a bare <!DOCTYPE name> declares nothing; all else could bring entities or outside files
                Event::DocType(text) if is_name(text.trim()) => {}
                Event::DocType(_) => {
                    return wrong("xml_doctype", "不允许使用 DTD（DOCTYPE），请去掉后重新上传");
                }
                Event::Eof => return wrong("epcis_syntax", "XML 不完整，文件可能被截断"),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    /// The rest of an element that was opened.
    pub fn tree(&mut self, open: Open) -> Result<Node> {
        let mut stack = vec![self.node(open)];
        loop {
            match self.step()? {
                Step::Open(open) => {
                    if stack.len() >= self.depth {
                        return Err(refused("epcis_too_deep", open.place(), "元素嵌套过深"));
                    }
                    stack.push(self.node(open));
                }
                Step::Text(text) => {
                    if let Some(top) = stack.last_mut() {
                        top.hints.extend(self.hint(&text));
                        top.text.push_str(&text);
                    }
                }
                Step::Close => {
                    let Some(node) = stack.pop() else {
                        return Err(refused("epcis_syntax", self.place(), "元素的开始和结束不成对"));
                    };
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => return Ok(node),
                    }
                }
            }
        }
    }

    fn node(&self, open: Open) -> Node {
        let hints = open.attributes.iter().filter_map(|a| self.hint(&a.value)).collect();
        Node { open, children: Vec::new(), text: String::new(), hints }
    }

    /// The prefix of a value such as `example:property`, where it is one of those in force.
    fn hint(&self, value: &str) -> Option<(String, Rc<str>)> {
        let (prefix, _) = value.trim_start().split_once(':')?;
        let found = self.spaces.iter().rev().find(|(_, known, _)| known == prefix && !known.is_empty())?;
        Some((prefix.to_owned(), Rc::clone(&found.2)))
    }

    fn close(&mut self) -> Step {
        while self.spaces.last().is_some_and(|(level, ..)| *level >= self.level) {
            self.spaces.pop();
        }
        self.level = self.level.saturating_sub(1);
        Step::Close
    }

    fn open(&mut self, start: &BytesStart<'_>, at: (u64, u64)) -> Result<Open> {
        self.level += 1;
        let raw = self.attributes(start, at)?;
        for (name, value) in &raw {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            self.spaces.push((self.level, prefix.to_owned(), Rc::from(value.as_str())));
        }
        if self.spaces.len() > MOST {
            return Err(refused("xml_too_many", text_of(at), "命名空间声明过多"));
        }
        let name = start.name();
        let (prefix, local) = split(name.as_ref());
        let space = self.resolve(prefix.unwrap_or_default(), at, prefix.is_some())?;
        let mut attributes = Vec::with_capacity(raw.len());
        for (name, value) in raw {
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            let (prefix, local) = split(&name);
            let space = match prefix {
                Some(prefix) => self.resolve(prefix, at, true)?,
                None => None,
            };
            let (prefix, local) = (prefix.map(str::to_owned), local.to_owned());
            attributes.push(Attribute { prefix, space, local, value });
        }
        let (prefix, local) = (prefix.map(str::to_owned), local.to_owned());
        Ok(Open { prefix, space, local, attributes, at })
    }

    fn attributes(&self, start: &BytesStart<'_>, at: (u64, u64)) -> Result<Vec<(String, String)>> {
        let mut out = Vec::new();
        for attribute in start.attributes() {
            if out.len() == MOST {
                return Err(refused("xml_too_many", text_of(at), "一个元素的属性过多"));
            }
            let wrong =
                |_| refused("epcis_syntax", text_of(at), "属性的写法不对（缺引号、重复或实体不认识）");
            let attribute = attribute.map_err(|e| wrong(quick_xml::Error::from(e)))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(wrong)?;
            out.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(out)
    }

    fn resolve(&self, prefix: &str, at: (u64, u64), must: bool) -> Result<Option<Rc<str>>> {
        let found = self.spaces.iter().rev().find(|(_, known, _)| known == prefix);
        match found {
            Some((_, _, space)) if space.is_empty() => Ok(None),
            Some((_, _, space)) => Ok(Some(Rc::clone(space))),
            None if prefix == "xml" => Ok(Some(Rc::from("http://www.w3.org/XML/1998/namespace"))),
            None if must => {
                let message = format!("命名空间前缀“{prefix}”没有声明");
                Err(refused("xml_prefix", text_of(at), message))
            }
            None => Ok(None),
        }
    }

    fn explain(&self, error: quick_xml::Error) -> Error {
        let at = self.meter.place();
        match error {
            quick_xml::Error::Io(error) => match std::sync::Arc::try_unwrap(error) {
                Ok(error) => io_error(error, at),
                Err(shared) => match super::super::fault_of(&shared) {
                    Some(fault) => io_error(fault.into(), at),
                    None => Error::internal(shared),
                },
            },
            quick_xml::Error::Syntax(_) => refused("epcis_syntax", text_of(at), "XML 不完整，文件可能被截断"),
            quick_xml::Error::IllFormed(why) => {
                refused("epcis_syntax", text_of(at), format!("XML 格式错误：{why}"))
            }
            other => refused("epcis_syntax", text_of(at), format!("XML 格式错误：{other}")),
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.'))
}

/// `ns:name` in its parts.
fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}

/// The five entities of XML and characters by number; nothing else.
fn resolve(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // XML 1.0 has no control characters but tab and line ends
            char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))?
        }
    })
}

impl Node {
    /// The text without the blanks of indentation.
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }

    pub fn place(&self) -> String {
        self.open.place()
    }
}
