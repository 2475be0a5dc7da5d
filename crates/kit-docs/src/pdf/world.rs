//! What typst sees: the embedded templates, one data file, the fonts. No disk, no network, no clock.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use kit_base::error::{Error, Result};
use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::fonts::{Families, Fonts};

const TEMPLATES: &[(&str, &str)] = &[
    ("base.typ", include_str!("../../templates/base.typ")),
    ("label_sheet.typ", include_str!("../../templates/label_sheet.typ")),
    ("label_roll.typ", include_str!("../../templates/label_roll.typ")),
    ("order_list.typ", include_str!("../../templates/order_list.typ")),
    ("visit_record.typ", include_str!("../../templates/visit_record.typ")),
    ("business_card.typ", include_str!("../../templates/business_card.typ")),
    ("official.typ", include_str!("../../templates/official.typ")),
    ("licence.typ", include_str!("../../templates/licence.typ")),
    ("report.typ", include_str!("../../templates/report.typ")),
];

/// The name under which a template reads the picture that comes with its data.
const PICTURE: &str = "picture";

/// What is computed for one document may serve the next few; then it is forgotten, or memory would grow.
const CACHE_AGE: usize = 4;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static SOURCES: LazyLock<HashMap<FileId, Source>> = LazyLock::new(|| {
    let source = |&(name, text): &(&str, &str)| {
        let id = file_id(name);
        (id, Source::new(id, text.to_owned()))
    };
    TEMPLATES.iter().map(source).collect()
});

fn file_id(name: &str) -> FileId {
    // names are our own constants
    let path = VirtualPath::new(name).unwrap_or_else(|_| unreachable!("template name {name}"));
    RootedPath::new(VirtualRoot::Project, path).intern()
}

struct House {
    main: FileId,
    data_id: FileId,
    data: Bytes,
    /// A picture that comes with the data.
    picture: Option<Bytes>,
    fonts: Arc<Fonts>,
}

impl World for House {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id {
            return Ok(self.data.clone());
        }
        let picture = self.picture.as_ref().filter(|_| id == file_id(PICTURE));
        picture.cloned().ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_with_slash().into())
}

/// What a template reads.
#[derive(Serialize)]
struct Data<'a, T> {
    fonts: &'a Families,
    doc: &'a T,
}

/// Sets a template with its data. `tagged` writes the structure that screen readers use, which labels do not need.
pub(super) fn render(
    template: &str,
    doc: &impl Serialize,
    fonts: &Arc<Fonts>,
    tagged: bool,
) -> Result<Vec<u8>> {
    render_with(template, doc, fonts, tagged, None)
}

/// [`render`] with a picture.
pub(super) fn render_with(
    template: &str,
    doc: &impl Serialize,
    fonts: &Arc<Fonts>,
    tagged: bool,
    picture: Option<&[u8]>,
) -> Result<Vec<u8>> {
    let data = serde_json::to_vec(&Data { fonts: &fonts.families, doc }).map_err(Error::internal)?;
    let house = House {
        main: file_id(template),
        data_id: file_id("data.json"),
        data: Bytes::new(data),
        picture: picture.map(|p| Bytes::new(p.to_vec())),
        fonts: Arc::clone(fonts),
    };
    let document: PagedDocument =
        typst::compile(&house).output.map_err(|errors| faults(&house, template, &errors))?;
    let options =
        PdfOptions { creator: Smart::Custom(Some("shian 食安".into())), tagged, ..PdfOptions::default() };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| faults(&house, template, &errors));
    typst::comemo::evict(CACHE_AGE);
    pdf
}

fn faults(house: &House, template: &str, errors: &[SourceDiagnostic]) -> Error {
    use typst::WorldExt;
    let mut text = format!("template {template}:");
    for error in errors {
        text.push_str(&format!(" {} (bytes {:?});", error.message, house.range(error.span)));
    }
    Error::internal(text)
}
