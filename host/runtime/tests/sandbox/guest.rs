//! A module in a few lines of WebAssembly text. The default behaves; a test changes what it is about.

use std::fmt::Write as _;

use serde_json::{Value, json};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;
use ydun_domain::benefit::{Failure, Outcome};
use ydun_runtime::{case, manifest, section};

use crate::{abi, fixture};

/// The interface, as every module gets it.
pub(crate) const WIT: &str = include_str!("../../../../wit/ydun-benefit/1.0/benefit.wit");

/// The one function a module may import.
pub(crate) const EMIT: &str =
    "(import \"ydun:benefit/trace@1.0.0\" \"emit\" (func $emit (param i32 i32 i32)))";

/// Adds to the memory's top, and grows the memory when the top passes its end.
const BUMP_ALLOCATOR: &str = "
    (local $start i32)
    (local.set $start (i32.and (i32.add (global.get $top) (i32.const 7)) (i32.const -8)))
    (global.set $top (i32.add (local.get $start) (local.get $size)))
    (if (i32.gt_u (global.get $top) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1))))))
    (local.get $start)";

#[derive(Clone)]
pub(crate) struct Guest {
    pub wit: String,
    /// Items before the memory: imports.
    pub imports: String,
    /// Body of `cabi_realloc`; `$size` is what is wanted.
    pub realloc: String,
    /// Body of `calculate`, which gets the days, and pointer and length of each list; the answer's
    /// bytes are at [`abi::BASE`].
    pub calculate: String,
    /// Further items: functions, tables, a start function, exports.
    pub items: String,
    pub memory: String,
    pub answer: Vec<u8>,
    pub manifest: Vec<Vec<u8>>,
    pub cases: Option<Value>,
}

impl Default for Guest {
    fn default() -> Self {
        let cases = json!([{
            "name": "en måned", "dossier": fixture::dossier(), "expected": { "outcome": fixture::outcome() }
        }]);
        Self {
            wit: WIT.to_owned(),
            imports: String::new(),
            realloc: BUMP_ALLOCATOR.to_owned(),
            calculate: format!("(i32.const {})", abi::BASE),
            items: String::new(),
            memory: "(memory (export \"memory\") 1)".into(),
            answer: abi::answer(&Ok(fixture::outcome())),
            manifest: vec![fixture::manifest().to_string().into_bytes()],
            cases: Some(cases),
        }
    }
}

impl Guest {
    pub(crate) fn calculating(body: &str) -> Self {
        Self { calculate: body.to_owned(), ..Self::default() }
    }

    /// Pays for the days it is asked about, whichever they are, as verification wants.
    pub(crate) fn for_the_span() -> Self {
        // The list of lines is at 1040; the period of a line is 28 bytes into it.
        Self::calculating(
            "(i32.store offset=28 (i32.load (i32.const 1040)) (local.get $span_first))
            (i32.store offset=32 (i32.load (i32.const 1040)) (local.get $span_last))
            (i32.const 1024)",
        )
    }

    pub(crate) fn answering(answer: &Result<Outcome, Failure>) -> Self {
        Self { answer: abi::answer(answer), ..Self::default() }
    }

    /// Answers with the fixture's outcome after `change`.
    pub(crate) fn with_outcome(change: impl FnOnce(&mut Outcome)) -> Self {
        let mut outcome = fixture::outcome();
        change(&mut outcome);
        Self::answering(&Ok(outcome))
    }

    /// Answers with the fixture's bytes after `change`, which the interface need not allow.
    pub(crate) fn with_bytes(change: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut guest = Self::default();
        change(&mut guest.answer);
        guest
    }

    pub(crate) fn with_manifest(change: impl FnOnce(&mut Value)) -> Self {
        let mut manifest = fixture::manifest();
        change(&mut manifest);
        Self { manifest: vec![manifest.to_string().into_bytes()], ..Self::default() }
    }

    /// The component, with its sections.
    pub(crate) fn component(&self) -> Vec<u8> {
        let mut component = self.bare_component();
        for manifest in &self.manifest {
            section::append(&mut component, manifest::SECTION, manifest);
        }
        if let Some(cases) = &self.cases {
            section::append(&mut component, case::SECTION, cases.to_string().as_bytes());
        }
        component
    }

    fn bare_component(&self) -> Vec<u8> {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("benefit.wit", &self.wit).unwrap();
        let world = resolve.select_world(&[package], Some("benefit")).unwrap();
        let mut core = wat::parse_str(self.core()).unwrap();
        embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().module(&core).unwrap().encode().unwrap()
    }

    fn core(&self) -> String {
        let Self { imports, realloc, calculate, items, memory, .. } = self;
        let check = if self.wit.contains("export application") {
            "(func (export \"ydun:benefit/application@1.0.0#check\")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 512))"
        } else {
            ""
        };
        format!(
            "(module
                {imports}
                {memory}
                (global $top (mut i32) (i32.const 32768))
                (func (export \"cabi_realloc\") (param $old i32) (param $old_size i32) (param $align i32)
                    (param $size i32) (result i32) {realloc})
                (func (export \"ydun:benefit/calculation@1.0.0#calculate\")
                    (param $as_of i32) (param $known_at i32) (param $span_first i32) (param $span_last i32)
                    (param $facts i32) (param i32 i32 i32 i32 i32 i32 i32) (result i32)
                    {calculate})
                {check}
                {items}
                (data (i32.const {base}) \"{answer}\"))",
            base = abi::BASE,
            answer = escaped(&self.answer),
        )
    }
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\{byte:02x}").unwrap();
        text
    })
}
