//! A file as a tree of elements.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Refused;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    pub(super) fn child(&self, name: &str) -> Result<&Self, Refused> {
        let found = self.children.iter().find(|child| child.name == name);
        found.ok_or_else(|| Refused(format!("{} has no {name}", self.name)))
    }

    /// The text of an element further down.
    pub(super) fn text_of(&self, path: &[&str]) -> Result<String, Refused> {
        let found = path.iter().try_fold(self, |node, name| node.child(name))?;
        Ok(found.text.clone())
    }

    pub(super) fn count(&self, name: &str) -> usize {
        self.children.iter().filter(|child| child.name == name).count()
    }
}

/// Reads a file to its end.
pub(super) fn read(file: &str) -> Result<Node, Refused> {
    let broken = |why: String| Refused(format!("the file is no XML: {why}"));
    let mut reader = Reader::from_str(file);
    let mut open: Vec<Node> = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|error| broken(error.to_string()))? {
            Event::Empty(empty) => {
                let name = empty.local_name().into_inner().to_owned();
                if let Some(around) = open.last_mut() {
                    around.children.push(Node { name, ..Node::default() });
                }
            }
            Event::Start(start) => {
                let name = start.local_name().into_inner().to_owned();
                open.push(Node { name, ..Node::default() });
            }
            Event::Text(text) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(text.xml10_content().trim());
                }
            }
            Event::End(_) => {
                let node = open.pop().ok_or_else(|| broken("an end without a start".to_owned()))?;
                let around = open.last_mut().ok_or_else(|| broken("too many ends".to_owned()))?;
                around.children.push(node);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open.pop().filter(|_| open.is_empty());
    let envelope = root.and_then(|mut root| root.children.pop());
    envelope.ok_or_else(|| broken("it ends too early".to_owned()))
}
