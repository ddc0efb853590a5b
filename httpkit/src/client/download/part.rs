//! A file that is written under another name, and renamed when it is complete.
//!
//! Nobody else can read the part, since it may replace a file that nobody else can read. When it is renamed, it gets the
//! permissions of the file that it replaces, or those of a new file.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::validator::Validator;
use crate::{
    error::{Error, ErrorKind, Result},
    private_file,
    retry::random,
    url::Url,
};

/// So much is read back at once.
const BLOCK: usize = 64 * 1024;

/// The part of a file that has come.
pub(in crate::client) struct Part {
    target: PathBuf,
    path: PathBuf,
    file: File,
    length: u64,
    /// Where it is noted which representation this is a part of; `None` where no later call shall know.
    note: Option<PathBuf>,
    validator: Option<Validator>,
    is_kept: bool,
}

impl Part {
    /// A new file beside `target`, which nobody else writes to.
    pub(in crate::client) fn create(target: &Path) -> Result<Part> {
        let path = beside(target, &format!(".part-{:016x}", random()))?;
        Ok(Part {
            target: target.to_owned(),
            file: private_file::create(&path).map_err(|error| file_error(&path, error))?,
            path,
            length: 0,
            note: None,
            validator: None,
            is_kept: false,
        })
    }

    /// The part that an earlier call has left of what is at `url`, or a new one, which stays if it is not
    /// completed.
    pub(super) fn resume(target: &Path, url: &Url) -> Result<Part> {
        let path = beside(target, ".part")?;
        let note = beside(target, ".part-of")?;
        let mut file = private_file::open(&path).map_err(|error| file_error(&path, error))?;
        let length = file.seek(SeekFrom::End(0)).map_err(|error| file_error(&path, error))?;
        let noted = match private_file::read(&note) {
            Ok(noted) => Some(noted),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(file_error(&note, error)),
        };
        let validator = noted.and_then(|noted| Validator::from_note(&noted, url));
        let target = target.to_owned();
        Ok(Part { target, path, file, length, note: Some(note), validator, is_kept: true })
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// How a request for the rest says of what this is a part; `None` where there is nothing to continue.
    pub(super) fn validator(&self) -> Option<&Validator> {
        self.validator.as_ref().filter(|_| self.length > 0)
    }

    /// Starts anew, with a part of what this validator stands for.
    pub(super) fn restart(&mut self, validator: Option<Validator>, url: &Url) -> Result<()> {
        self.cut_back(0)?;
        if let Some(note) = &self.note {
            let noted = match &validator {
                Some(validator) => private_file::write(note, &validator.to_note(url)),
                None => remove(note),
            };
            noted.map_err(|error| file_error(note, error))?;
        }
        self.validator = validator;
        Ok(())
    }

    /// Removes all bytes from `length` on.
    pub(super) fn cut_back(&mut self, length: u64) -> Result<()> {
        self.length = length;
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::Start(length)));
        cut.map(drop).map_err(|error| self.fail(error))
    }

    pub(in crate::client) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| self.fail(error))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Shows all that has come, in order.
    pub(super) fn show(&mut self, see: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut read_back = || -> io::Result<()> {
            self.file.rewind()?;
            let mut block = vec![0; BLOCK];
            loop {
                match self.file.read(&mut block) {
                    Ok(0) => return Ok(()),
                    Ok(count) => see(&block[..count]),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        };
        let read_back = read_back();
        read_back.map_err(|error| self.fail(error))
    }

    /// Gives the file its name, in place of another that has it, once its bytes are on the disk.
    pub(in crate::client) fn finish(mut self) -> Result<u64> {
        private_file::set_final_permissions(&self.file, &self.target).map_err(|error| self.fail(error))?;
        self.file.sync_all().map_err(|error| self.fail(error))?;
        fs::rename(&self.path, &self.target).map_err(|error| file_error(&self.target, error))?;
        self.is_kept = true;
        if let Some(note) = &self.note {
            remove(note).map_err(|error| file_error(note, error))?;
        }
        sync_folder(&self.target).map_err(|error| file_error(&self.target, error))?;
        Ok(self.length)
    }

    fn fail(&self, error: io::Error) -> Error {
        file_error(&self.path, error)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Nobody can be told that it stays, nor does it matter more than why it was dropped.
        if !self.is_kept {
            let _ = fs::remove_file(&self.path);
        } else if let Some(note) = self.note.as_ref().filter(|_| self.validator.is_none()) {
            // What cannot be continued is no use.
            let _ = fs::remove_file(&self.path);
            let _ = remove(note);
        }
    }
}

fn beside(target: &Path, suffix: &str) -> Result<PathBuf> {
    private_file::beside(target, suffix).map_err(|error| file_error(target, error))
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes a rename survive a power failure.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Folders cannot be synced here.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn file_error(path: &Path, source: io::Error) -> Error {
    Error::new(ErrorKind::File { path: path.to_owned(), source })
}
