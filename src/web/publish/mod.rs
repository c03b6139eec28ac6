//! A site as files: the same pages as on a server, in a folder that needs none.
//!
//! ```text
//!   contents ──▶ addresses ──▶ formats, pages ──▶ folder (whole or not at all)
//!                   │                 │
//!                 paths             check (no dead link)
//! ```

mod check;
mod contents;
mod entries;
mod folder;
mod paths;

use super::address::{Address, Drawing};
use super::assets::{Asset, SCRIPT, STYLE};
use super::links::{FileMap, Links};
use super::media::Media;
use super::page;
use super::response::Body;
use super::site::{Request, Site};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, WriteError};
use crate::parallel::in_parts;
use crate::session::Session;
use check::LinkCheck;
use contents::Contents;
use folder::SiteFolder;
use oxigraph::model::NamedNode;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The number of pages from which another thread pays off.
const WORTH_A_THREAD: usize = 8;

/// What was published.
#[derive(Debug, Default)]
pub(crate) struct Published {
    /// The number of pages.
    pub pages: usize,
    /// The number of other files.
    pub files: usize,
    /// The saved queries with more combinations of values than are published, and how many are left out.
    pub left_out: Vec<(String, usize)>,
}

/// Writes all pages of a session to a folder, and what stands on them in other formats.
///
/// # Arguments
/// `url` is where the folder will be on the web, if that is known.
///
/// # Errors
/// Fails if something else stands in the place of the folder, a page cannot be made, or a file cannot be written. The
/// folder is then as it was.
pub(crate) fn publish(session: &Session, place: &Path, url: Option<&str>) -> Result<Published> {
    let folder = SiteFolder::begin(place)?;
    let contents = Contents::of(session)?;
    let links = Mutex::new(LinkCheck::default());
    let mut files = FileMap { path_of: Some(paths::path_of), ..FileMap::default() };
    files.url = url.map(|url| url.trim_end_matches('/').to_owned());
    for address in contents.pages() {
        files.paths.insert(paths::path_of(address, Media::Html));
    }
    let mut published = Published { left_out: contents.left_out.clone(), ..Published::default() };
    // Answers first: some add the passages to the store, and everything else must be the same each time.
    for addresses in [&contents.questions, &contents.others] {
        let written = write_formats(session, addresses, &folder)?;
        published.files += written.len();
        files.paths.extend(written);
    }
    for asset in [&*STYLE, &*SCRIPT] {
        published.files += 1;
        files.paths.insert(write_asset(&folder, asset)?);
    }
    let index = Asset::new("search", "js", "text/javascript", contents.search_index()?);
    files.search_index = Some(write_asset(&folder, &index)?);
    published.files += 1;
    let pictures = write_pictures(session, &mut files, &folder, &links)?;
    published.files += pictures.len();
    let files = Arc::new(files);
    for addresses in [&contents.questions, &contents.others, &pictures] {
        published.pages += write_pages(session, addresses, &files, &folder, &links)?;
    }
    let links = links.into_inner().unwrap_or_else(PoisonError::into_inner);
    links.check(|path| folder.read(path))?;
    folder.finish()?;
    Ok(published)
}

/// Returns the path of the page of a thing, a document or a claim in a published folder, or `None` if it has none.
///
/// # Errors
/// Fails if the store fails.
pub(crate) fn published_path(session: &Session, iri: &NamedNode) -> Result<Option<String>> {
    let address = page::address_of(session, iri)?;
    let path = address.map(|address| paths::path_of(&address, Media::Html));
    Ok(path.map(|path| path.strip_suffix("index.html").unwrap_or(&path).to_owned()))
}

fn write_asset(folder: &SiteFolder, asset: &Asset) -> Result<String> {
    let path = paths::path_of(&Address::Asset(asset.name.clone()), Media::Html);
    folder.write(&path, asset.text.as_bytes())?;
    Ok(path)
}

/// Writes what stands at addresses in formats that are not pages, as far as there are such, and returns the paths.
fn write_formats(
    session: &Session,
    addresses: &[(Address, &'static [Media])],
    folder: &SiteFolder,
) -> Result<Vec<String>> {
    let site = Site::new(session.clone(), Links::live(None));
    in_parts(addresses, WORTH_A_THREAD, |addresses| {
        let mut written = Vec::new();
        for (address, formats) in addresses {
            for media in *formats {
                session.limits().cancellation.check()?;
                let request = Request { address: address.clone(), media: *media };
                let response = site.respond(&request);
                if response.status != 200 {
                    continue;
                }
                let path = paths::path_of(address, *media);
                match read(response.body) {
                    Ok(bytes) => folder.write(&path, &bytes)?,
                    // Not every format can hold every answer.
                    Err(error) if error.kind == ErrorKind::Usage => continue,
                    Err(error) => return Err(error),
                }
                written.push(path);
            }
        }
        Ok(written)
    })
}

/// Writes the pictures that there is something for, whose links lead to pages, and adds them to the files.
fn write_pictures(
    session: &Session,
    files: &mut FileMap,
    folder: &SiteFolder,
    links: &Mutex<LinkCheck>,
) -> Result<Vec<(Address, &'static [Media])>> {
    let mut written = Vec::new();
    let pages = Arc::new(files.clone());
    for drawing in Drawing::ALL {
        session.limits().cancellation.check()?;
        let (address, media) = (Address::Picture(drawing), page::PICTURE_FORMATS[0]);
        let path = paths::path_of(&address, media);
        let site = Site::new(session.clone(), Links::files(&pages, &path));
        let svg = match page::drawn(&site, drawing) {
            Ok((_, svg)) => svg,
            Err(Error { kind: ErrorKind::Usage, .. }) => continue,
            Err(error) => return Err(error),
        };
        folder.write(&path, svg.as_bytes())?;
        links.lock().unwrap_or_else(PoisonError::into_inner).note(&path, &svg);
        files.paths.extend([path, paths::path_of(&address, Media::Html)]);
        written.push((address, &page::PICTURE_FORMATS[..]));
    }
    Ok(written)
}

/// Returns a body as bytes.
fn read(body: Body) -> Result<Vec<u8>> {
    match body {
        Body::Whole(bytes) => Ok(bytes),
        Body::Streamed(write) => {
            let mut bytes = Vec::new();
            match write(&mut bytes) {
                Ok(()) => Ok(bytes),
                Err(WriteError::Failed(error)) => Err(error),
                Err(WriteError::Io(error)) => Err(Diagnostic::new(error.to_string()).store()),
            }
        }
    }
}

/// Writes pages, takes note of their links, and returns their number.
fn write_pages(
    session: &Session,
    addresses: &[(Address, &'static [Media])],
    files: &Arc<FileMap>,
    folder: &SiteFolder,
    links: &Mutex<LinkCheck>,
) -> Result<usize> {
    let written = in_parts(addresses, WORTH_A_THREAD, |addresses| {
        let mut noted = LinkCheck::default();
        for (address, _) in addresses {
            session.limits().cancellation.check()?;
            let path = paths::path_of(address, Media::Html);
            let site = Site::new(session.clone(), Links::files(files, &path));
            let response = page::page_of(&site, address).map_err(|error| about(error, &path))?;
            let bytes = read(response.body)?;
            noted.note(&path, &String::from_utf8_lossy(&bytes));
            folder.write(&path, &bytes)?;
        }
        links.lock().unwrap_or_else(PoisonError::into_inner).extend(noted);
        Ok(vec![addresses.len()])
    })?;
    Ok(written.into_iter().sum())
}

/// Says which page an error is about.
fn about(mut error: Error, path: &str) -> Error {
    if let Some(problem) = error.problems.first_mut() {
        let problem_here = problem.clone().note(format!("this concerns the page `{path}`"));
        *problem = problem_here;
    }
    error
}
