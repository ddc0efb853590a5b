//! Files that nobody else reads or has put there.
//!
//! A file of ours is created for its owner alone, and gets wider permissions only with its final name. A file that is
//! already there is used only if it is ours: a link, or a file of another user, may have been planted.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions},
    io,
    path::{Path, PathBuf},
};

/// Creates a new file that only its owner can read.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    for_owner_alone(File::options().read(true).write(true).create_new(true)).open(path)
}

/// Opens a file that an earlier call has left, or creates it.
///
/// # Errors
/// `InvalidInput` if there is a link, a folder, or a file of another user or with more than one name.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(not_ours("it is a link or a special file"));
    }
    // What is put there from now on is no link either: the file is opened without following one.
    let options = &mut File::options();
    let file = without_links(for_owner_alone(options.read(true).write(true).create(true).truncate(false)))
        .open(path)?;
    judge(&file, path)?;
    Ok(file)
}

/// Writes a whole file that only its owner can read, in place of one that an earlier call has left.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = open(path)?;
    file.set_len(0)?;
    io::Write::write_all(&mut file, bytes)
}

/// Reads a file that an earlier call has left.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::symlink_metadata(path)?;
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut open(path)?, &mut bytes)?;
    Ok(bytes)
}

/// Gives a file of ours the permissions of `target`, which it is about to replace, or those of a new file.
pub(crate) fn set_final_permissions(file: &File, target: &Path) -> io::Result<()> {
    let permissions = match fs::metadata(target) {
        Ok(replaced) => replaced.permissions(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match usual_permissions(target)? {
            Some(usual) => usual,
            None => return Ok(()),
        },
        Err(error) => return Err(error),
    };
    file.set_permissions(permissions)
}

/// Returns `.name` and a suffix, in the folder of `target`: a rename within a file system is all or nothing.
pub(crate) fn beside(target: &Path, suffix: &str) -> io::Result<PathBuf> {
    let Some(name) = target.file_name().filter(|_| !target.is_dir()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path must name a file"));
    };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(suffix);
    Ok(target.with_file_name(hidden))
}

fn not_ours(why: &str) -> io::Error {
    let rule =
        format!("{why}: httpkit continues only a file that it has left itself; remove it and try again");
    io::Error::new(io::ErrorKind::InvalidInput, rule)
}

#[cfg(unix)]
fn for_owner_alone(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(unix)]
fn without_links(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NOFOLLOW)
}

/// Judges a file that is there, and narrows its permissions.
#[cfg(unix)]
fn judge(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    let found = file.metadata()?;
    if !found.is_file() {
        return Err(not_ours("it is a special file"));
    }
    if found.nlink() > 1 {
        return Err(not_ours("it has another name"));
    }
    if found.uid() != probe(path)?.uid() {
        return Err(not_ours("it belongs to another user"));
    }
    if found.mode() & 0o077 != 0 {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(())
}

/// The metadata of a file that was just made like any other: it has our user, and the permissions of new files. std has
/// no other safe way to learn either.
#[cfg(unix)]
fn probe(beside: &Path) -> io::Result<fs::Metadata> {
    let suffix = format!(".probe-{}-{:?}", std::process::id(), std::thread::current().id());
    let path = self::beside(beside, &suffix)?;
    let made = File::options().write(true).create_new(true).open(&path);
    let metadata = made.and_then(|file| file.metadata());
    let _ = fs::remove_file(&path);
    metadata
}

#[cfg(unix)]
fn usual_permissions(target: &Path) -> io::Result<Option<Permissions>> {
    probe(target).map(|made| Some(made.permissions()))
}

#[cfg(not(unix))]
fn for_owner_alone(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn without_links(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Elsewhere, a file has the rights of its folder.
#[cfg(not(unix))]
fn judge(file: &File, _: &Path) -> io::Result<()> {
    if file.metadata()?.is_file() { Ok(()) } else { Err(not_ours("it is a special file")) }
}

#[cfg(not(unix))]
fn usual_permissions(_: &Path) -> io::Result<Option<Permissions>> {
    Ok(None)
}
