//! Which namespace a prefix stands for at a place in the document. It knows three of them by name and keeps the others apart.

use super::super::finding::Code;
use super::markup::{self, Given};

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// What a namespace is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// None at all.
    None,
    /// That of the schema.
    Own,
    /// That of hints for validators.
    Instance,
    Other,
}

/// The declarations in force.
#[derive(Debug)]
pub(super) struct Scope {
    own: &'static str,
    declared: Vec<(usize, String, Space)>,
}

impl Scope {
    pub(super) fn new(own: &'static str) -> Self {
        Self {
            own,
            declared: Vec::new(),
        }
    }

    /// Takes in the declarations of an element at a depth.
    pub(super) fn open(&mut self, depth: usize, given: &[Given<'_>]) -> Result<(), (Code, usize)> {
        for attribute in given.iter().filter(|a| is_declaration(a.name)) {
            let flaw = |code| (code, attribute.offset);
            let prefix = attribute.name.strip_prefix("xmlns:").unwrap_or_default();
            let uri = markup::value(attribute.raw).map_err(flaw)?;
            let space = self.judge(attribute.name, prefix, &uri).map_err(flaw)?;
            self.declared.push((depth, prefix.to_owned(), space));
        }
        Ok(())
    }

    /// Forgets the declarations of an element.
    pub(super) fn close(&mut self, depth: usize) {
        while self.declared.pop_if(|(at, ..)| *at >= depth).is_some() {}
    }

    /// The namespace and local name of an element.
    pub(super) fn element<'n>(&self, name: &'n str) -> Result<(Space, &'n str), Code> {
        match split(name)? {
            (None, local) => Ok((self.find("").unwrap_or(Space::None), local)),
            (Some(prefix), local) => self.prefixed(prefix, local),
        }
    }

    /// The namespace and local name of an attribute: without a prefix it has none.
    pub(super) fn attribute<'n>(&self, name: &'n str) -> Result<(Space, &'n str), Code> {
        match split(name)? {
            (None, local) => Ok((Space::None, local)),
            (Some(prefix), local) => self.prefixed(prefix, local),
        }
    }

    fn prefixed<'n>(&self, prefix: &str, local: &'n str) -> Result<(Space, &'n str), Code> {
        if prefix == "xml" {
            return Ok((Space::Other, local));
        }
        let space = self.find(prefix).ok_or(Code::UndeclaredPrefix)?;
        Ok((space, local))
    }

    fn find(&self, prefix: &str) -> Option<Space> {
        let mut latest = self.declared.iter().rev();
        latest
            .find(|(_, p, _)| p == prefix)
            .map(|(.., space)| *space)
    }

    /// What a declaration says, unless the recommendation forbids it.
    fn judge(&self, name: &str, prefix: &str, uri: &str) -> Result<Space, Code> {
        let misuse = match prefix {
            "xml" => uri != XML,
            "xmlns" => true,
            _ => matches!(uri, XML | XMLNS) || uri.is_empty() && name != "xmlns",
        };
        if misuse {
            return Err(Code::UndeclaredPrefix);
        }
        split(name)?;
        Ok(match uri {
            "" => Space::None,
            INSTANCE => Space::Instance,
            uri if uri == self.own => Space::Own,
            _ => Space::Other,
        })
    }
}

/// Whether an attribute declares a namespace.
pub(super) fn is_declaration(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:")
}

fn split(name: &str) -> Result<(Option<&str>, &str), Code> {
    let Some((prefix, local)) = name.split_once(':') else {
        return Ok((None, name));
    };
    let whole = |part: &str| markup::name(part) == Some(part) && !part.contains(':');
    if whole(prefix) && whole(local) {
        Ok((Some(prefix), local))
    } else {
        Err(Code::UndeclaredPrefix)
    }
}
