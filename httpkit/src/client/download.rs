//! Responses that become files.

mod answer;
mod part;
mod validator;

use std::{fmt, io::BufRead, path::Path, sync::Arc};

pub(super) use self::part::Part;
use self::{
    answer::{Answer, Asked, surplus},
    validator::Validator,
};
use super::{Client, RequestBuilder, Response};
use crate::{
    error::{Error, ErrorKind, Result},
    limits::Limits,
    method::Method,
    net::{Deadline, now, pause},
    request::Request,
    retry::{Retries, RetryPolicy, Situation},
};

/// A request whose response becomes a file, from [`RequestBuilder::download`].
///
/// What comes is written beside the file, to `.name.part-` and a number; when all of it has come and is on the
/// disk, it gets its name, in place of what had it before. So the file is whole or not there, and nothing else
/// is left behind. An interrupted body is continued by a range request (RFC 9110, Section 14) where the server
/// offers a strong validator, and else begun anew.
///
/// Content codings are not requested, so that the parts fit together. A total timeout limits all attempts together, and
/// [`Limits::max_body_bytes`](crate::Limits::max_body_bytes) limits the whole file.
///
/// ```
/// use httpkit::{Client, testing::{Reply, Server}};
///
/// # let folder = std::env::temp_dir().join(format!("httpkit-download-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// let server = Server::start(|_| Reply::text(200, "spam"));
/// let path = folder.join("menu.txt");
/// let length = Client::new()
///     .get(server.url("/menu.txt"))
///     .download()
///     .resume()
///     .on_progress(|bytes, total| assert_eq!((bytes, total), (4, Some(4))))
///     .save_to(&path)?;
/// assert_eq!((length, std::fs::read_to_string(&path).unwrap().as_str()), (4, "spam"));
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), httpkit::Error>(())
/// ```
#[must_use = "nothing is sent before `save_to`"]
pub struct Download<'a> {
    request: RequestBuilder<'a>,
    resumes: bool,
    policy: RetryPolicy,
    progress: Option<Box<Progress<'a>>>,
    content: Option<Box<Content<'a>>>,
}

type Progress<'a> = dyn FnMut(u64, Option<u64>) + 'a;
type Content<'a> = dyn FnMut(&[u8]) + 'a;

impl<'a> RequestBuilder<'a> {
    /// Makes the response a file: see [`Download`].
    pub fn download(self) -> Download<'a> {
        Download { request: self, resumes: false, policy: RetryPolicy::new(), progress: None, content: None }
    }
}

impl<'a> Download<'a> {
    /// Keeps what has come of a download that fails, and continues it the next time. The part is `.name.part`
    /// beside the file, and `.name.part-of` says of what it is a part: the URL, and a strong `ETag`, or a
    /// `Last-Modified` that is a minute older than the response (RFC 9110, Section 8.8.2.2). Where the server
    /// offers neither, nothing is kept. At one time, one download may write to a part.
    pub fn resume(mut self) -> Self {
        self.resumes = true;
        self
    }

    /// Sets how often, and after which waits, an interrupted download is continued. A response with less than 64 KB of
    /// the rest counts as an interruption. The client's policy applies to each request in addition. Defaults to
    /// [`RetryPolicy::new`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Tells how many bytes there are, and of how many in all, where that is known.
    pub fn on_progress(mut self, progress: impl FnMut(u64, Option<u64>) + 'a) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Shows the whole content, in order, also what had come in an earlier download: for a checksum. It is read
    /// back from the part when that is complete, before it gets its name.
    pub fn on_content(mut self, see: impl FnMut(&[u8]) + 'a) -> Self {
        self.content = Some(Box::new(see));
        self
    }

    /// Sends the request, and writes the content of the response to a file; returns its length.
    ///
    /// # Errors
    /// The errors of [`RequestBuilder::send`] and [`Response::bytes`], and
    /// - [`ErrorKind::Status`] if the response does not have the content, or if the server has discarded the part twice;
    /// - [`ErrorKind::BadRange`] if the response has another part of the file than the requested one, or more bytes than
    ///   its range;
    /// - [`ErrorKind::TooLarge`] if the file exceeds [`Limits::max_body_bytes`](crate::Limits::max_body_bytes);
    /// - [`ErrorKind::UnsupportedBody`] if the body of the request can be sent only once;
    /// - [`ErrorKind::File`] if a file cannot be read or written.
    pub fn save_to(self, path: impl AsRef<Path>) -> Result<u64> {
        let Download { request, resumes, policy, progress, content } = self;
        let (client, mut request) = request.into_parts()?;
        request.headers.set("Accept-Encoding", "identity")?;
        request.options.decode = Some(true);
        let blame = (request.method.clone(), request.url.clone());
        let transfer = || {
            let path = path.as_ref();
            let part = if resumes { Part::resume(path, &request.url)? } else { Part::create(path)? };
            // The total covers all attempts together.
            let began = *request.options.began.get_or_insert_with(now);
            let deadline = Deadline::since(began, client.engine().total_of(&request));
            let limits = client.engine().limits_of(&request);
            let (total, has_begun_anew) = (None, false);
            Transfer { client, request, part, total, has_begun_anew, limits, deadline, progress }
                .run(policy, content)
        };
        transfer().map_err(|error: Error| error.with_request(&blame.0, &blame.1))
    }
}

impl fmt::Debug for Download<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("request", &self.request)
            .field("resumes", &self.resumes)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// The progress that makes an unfinished part free: below it, the next request counts as an attempt. Otherwise a server
/// could demand a request for each byte, which no `RetryPolicy` would limit. No server has reason to send less.
const WORTH_A_REQUEST: u64 = 64 * 1024;

/// A download in progress.
struct Transfer<'a> {
    client: Client,
    request: Request<'a>,
    part: Part,
    /// The length of the file, as the server has announced it for the current part.
    total: Option<u64>,
    /// Whether a part has been discarded because the file has changed.
    has_begun_anew: bool,
    limits: Limits,
    /// Over all attempts.
    deadline: Deadline,
    progress: Option<Box<Progress<'a>>>,
}

/// The result of a request.
enum Outcome {
    /// The file is complete.
    Whole,
    /// More is missing.
    Unfinished,
    /// What had come was useless and has been discarded.
    BegunAnew,
}

impl<'a> Transfer<'a> {
    fn run(mut self, policy: RetryPolicy, content: Option<Box<Content<'a>>>) -> Result<u64> {
        let client = self.client.clone();
        let mut retries = Retries::begin(Arc::new(policy), &client.engine().retry_budget);
        loop {
            let before = self.part.length();
            match self.attempt() {
                Ok(Outcome::Whole) => break,
                Ok(Outcome::BegunAnew) => {}
                Ok(Outcome::Unfinished) if self.part.length() - before >= WORTH_A_REQUEST => {}
                Ok(Outcome::Unfinished) => {
                    let (received, expected) = (self.part.length(), self.total);
                    self.wait(&mut retries, ErrorKind::IncompleteRead { received, expected }.into())?;
                }
                Err(error) => self.wait(&mut retries, error)?,
            }
        }
        if let Some(mut see) = content {
            self.part.show(&mut see)?;
        }
        self.part.finish()
    }

    /// Waits for the next attempt, if there is one after this error.
    fn wait(&self, retries: &mut Retries<'_>, error: Error) -> Result<()> {
        let situation = Situation {
            method: &self.request.method,
            headers: &self.request.headers,
            can_be_sent: true,
            time_left: self.deadline.remaining(),
        };
        let attempts = retries.attempts();
        let Some(wait) = retries.next(Err(&error), &situation) else {
            return Err(error.with_attempts(attempts));
        };
        let cancel = self.client.engine().cancel_tokens(&self.request);
        pause(wait, cancel);
        if cancel.have_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled).with_attempts(attempts));
        }
        Ok(())
    }

    /// Sends one request, and writes what its response brings.
    fn attempt(&mut self) -> Result<Outcome> {
        let asked = self.asked();
        let response = self.client.execute(self.next_request(asked.as_ref())?)?;
        match Answer::of(&response, asked.as_ref())? {
            Answer::Complete => {
                self.check_length(self.part.length())?;
                Ok(Outcome::Whole)
            }
            // Once: a server that discards each part would keep the download going for ever.
            Answer::Changed if !self.has_begun_anew => {
                self.has_begun_anew = true;
                self.begin_anew(None)?;
                Ok(Outcome::BegunAnew)
            }
            Answer::Changed | Answer::Other => Err(response.into_status_error()),
            Answer::Whole(total) => {
                self.check_length(total.unwrap_or(0))?;
                let is_coded = response.value().is_decoded();
                self.begin_anew(if is_coded { None } else { Validator::of(response.headers()) })?;
                self.total = total;
                self.receive(response, u64::MAX)?;
                Ok(Outcome::Whole)
            }
            Answer::Rest { length, total } => {
                self.total = self.total.or(total);
                self.check_length(total.unwrap_or(0))?;
                self.receive(response, length)?;
                // A server may send less than the rest.
                let is_whole = total.is_some_and(|total| self.part.length() >= total);
                Ok(if is_whole { Outcome::Whole } else { Outcome::Unfinished })
            }
        }
    }

    /// Discards what has come.
    fn begin_anew(&mut self, validator: Option<Validator>) -> Result<()> {
        self.total = None;
        self.part.restart(validator, &self.request.url)
    }

    /// Checks a length of the whole file, over all parts, against the limit on bodies.
    fn check_length(&self, length: u64) -> Result<()> {
        if length <= self.limits.body_bytes.value {
            return Ok(());
        }
        Err(ErrorKind::from(self.limits.body_excess()).into())
    }

    /// From where the rest is asked for, and of what; ranges are defined for GET alone (RFC 9110, Section 14.2).
    fn asked(&self) -> Option<Asked> {
        let validator = self.part.validator().filter(|_| self.request.method == Method::GET)?;
        Some(Asked { start: self.part.length(), validator: validator.clone(), total: self.total })
    }

    fn next_request(&self, asked: Option<&Asked>) -> Result<Request<'_>> {
        let Some(mut request) = self.request.try_clone() else {
            let why = "a download may send it several times, and it can be read once";
            return Err(Error::new(ErrorKind::UnsupportedBody(why)).unsent());
        };
        request.body.rewind().map_err(ErrorKind::BodySource)?;
        if let Some(Asked { start, validator, .. }) = asked {
            request.headers.set("Range", format!("bytes={start}-"))?;
            request.headers.set("If-Range", validator.as_bytes())?;
        }
        Ok(request)
    }

    /// Appends the body of a response, which has at most `room` bytes, to the part.
    fn receive(&mut self, mut response: Response, room: u64) -> Result<()> {
        let start = self.part.length();
        let end = start.saturating_add(room);
        loop {
            let bytes = response.fill_buf()?;
            let count = bytes.len();
            if count == 0 {
                return Ok(());
            }
            let length = self.part.length() + count as u64;
            if length > end {
                // Which of its bytes are those of the range is not known.
                self.part.cut_back(start)?;
                return Err(surplus(&response).into());
            }
            self.check_length(length)?;
            self.part.append(bytes)?;
            response.consume(count);
            if let Some(progress) = &mut self.progress {
                progress(self.part.length(), self.total);
            }
        }
    }
}
