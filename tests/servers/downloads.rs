//! Downloads of a large file that break, and go on where they broke.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use httpkit::{CancelToken, Client, ErrorKind, RetryPolicy};
use httpkit_tests::Program;
use ring::digest::{Context, SHA256};

use crate::{programs::nginx_with, relay::Relay};

const BLOCK: usize = 1 << 20;
const BLOCKS: usize = 100;
const LENGTH: u64 = (BLOCK * BLOCKS) as u64;
/// What the heads of some responses have room in.
const HEADS: u64 = 4_096;

/// nginx with a file of 100 MiB, the checksum of that, and where a download can be put.
struct Site {
    nginx: Program,
    checksum: Vec<u8>,
    target: PathBuf,
}

impl Site {
    fn start() -> Option<Site> {
        let (mut checksum, mut target) = (Vec::new(), PathBuf::new());
        let nginx = nginx_with("", |place| {
            checksum = write_file(&place.directory.join("large")).unwrap();
            target = place.directory.join("target");
            String::new()
        })?;
        Some(Site { nginx, checksum, target })
    }

    /// Whether the target is the file.
    fn assert_whole(&self, shown: Context) {
        assert_eq!(shown.finish().as_ref(), self.checksum);
        assert_eq!(fs::metadata(&self.target).unwrap().len(), LENGTH);
    }
}

/// Writes blocks of which no two are alike, and returns their checksum.
fn write_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::create(path)?;
    let mut checksum = Context::new(&SHA256);
    let mut block = vec![0; BLOCK];
    for number in 0..BLOCKS {
        block[..8].copy_from_slice(&(number as u64).to_be_bytes());
        block.rotate_left(BLOCK / BLOCKS);
        checksum.update(&block);
        file.write_all(&block)?;
    }
    Ok(checksum.finish().as_ref().to_vec())
}

fn prompt() -> RetryPolicy {
    RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1))
}

#[test]
fn a_download_goes_on_where_the_connection_broke() {
    let Some(site) = Site::start() else { return };
    let relay = Relay::start(site.nginx.port, &[LENGTH / 3, LENGTH / 2]);
    let mut checksum = Context::new(&SHA256);
    let download = Client::new().get(relay.url("/large")).download().retry(prompt());
    let length = download.on_content(|bytes| checksum.update(bytes)).save_to(&site.target).unwrap();
    assert_eq!((length, relay.connections()), (LENGTH, 3));
    assert!(relay.carried() < LENGTH + HEADS, "{} bytes were sent", relay.carried());
    site.assert_whole(checksum);
}

#[test]
fn a_later_download_goes_on_where_the_one_before_was_left() {
    let Some(site) = Site::start() else { return };
    let relay = Relay::start(site.nginx.port, &[LENGTH / 3]);
    let download = || Client::new().get(relay.url("/large")).download().resume();
    let error = download().retry(prompt().attempts(1)).save_to(&site.target).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error:?}");
    assert!(!site.target.exists());
    let mut checksum = Context::new(&SHA256);
    download().on_content(|bytes| checksum.update(bytes)).save_to(&site.target).unwrap();
    assert_eq!(relay.connections(), 2);
    assert!(relay.carried() < LENGTH + HEADS, "{} bytes were sent", relay.carried());
    site.assert_whole(checksum);
}

#[test]
fn a_download_that_was_cancelled_goes_on_later() {
    let Some(site) = Site::start() else { return };
    let (client, cancel) = (Client::new(), CancelToken::new());
    let url = site.nginx.url("/large");
    let download = client.get(&url).cancel_token(&cancel).download().resume();
    let enough = |bytes, _| {
        if bytes > LENGTH / 2 {
            cancel.cancel();
        }
    };
    let error = download.on_progress(enough).save_to(&site.target).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Cancelled), "{error:?}");
    let (mut first, mut checksum) = (None, Context::new(&SHA256));
    let download = client.get(&url).download().resume().on_content(|bytes| checksum.update(bytes));
    let progress = |bytes, total| {
        first.get_or_insert(bytes);
        assert_eq!(total, Some(LENGTH));
    };
    download.on_progress(progress).save_to(&site.target).unwrap();
    assert!(first.is_some_and(|bytes| bytes > LENGTH / 2), "{first:?}");
    site.assert_whole(checksum);
}

#[test]
fn a_file_that_changed_meanwhile_is_loaded_anew() {
    let Some(site) = Site::start() else { return };
    let relay = Relay::start(site.nginx.port, &[LENGTH / 3]);
    let download = || Client::new().get(relay.url("/large")).download().resume();
    download().retry(prompt().attempts(1)).save_to(&site.target).unwrap_err();
    // Another length is another `ETag` of nginx.
    fs::write(site.target.with_file_name("large"), "other").unwrap();
    assert_eq!(download().save_to(&site.target).unwrap(), 5);
    assert_eq!(fs::read(&site.target).unwrap(), b"other");
}
