//! Responses that become files.

mod answer;
mod part;
mod validator;

use std::{fmt, io::BufRead, path::Path, sync::Arc};

pub(super) use self::part::Part;
use self::{
    answer::{Answer, Asked},
    validator::Validator,
};
use super::{Client, RequestBuilder, Response};
use crate::{
    error::{Error, ErrorKind, Result},
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
/// Content codings are not asked for, so that parts fit together. A total timeout covers all attempts together.
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

    /// How often, and after which waits, a download that was interrupted is continued: beside what the client's
    /// policy says of each of its requests. Defaults to [`RetryPolicy::new`].
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
    /// As [`RequestBuilder::send`] and [`Response::bytes`]; `Status` when the response is not the content;
    /// `BadRange` when the rest of a file is not what was asked for; `UnsupportedBody` when the request has a
    /// body that can be sent only once; `File` for what happens to files.
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
            Transfer { client, request, part, deadline, progress }.run(policy, content)
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

/// A download under way.
struct Transfer<'a> {
    client: Client,
    request: Request<'a>,
    part: Part,
    /// Over all attempts.
    deadline: Deadline,
    progress: Option<Box<Progress<'a>>>,
}

/// How an attempt went.
enum Outcome {
    Whole,
    /// Some has come, or what had come was of no use: another request follows.
    Unfinished,
}

impl<'a> Transfer<'a> {
    fn run(mut self, policy: RetryPolicy, content: Option<Box<Content<'a>>>) -> Result<u64> {
        let client = self.client.clone();
        let mut retries = Retries::begin(Arc::new(policy), &client.engine().retry_budget);
        loop {
            let before = self.part.length();
            match self.attempt() {
                Ok(Outcome::Whole) => break,
                // Each further request has brought something, or starts anew, which happens once.
                Ok(Outcome::Unfinished) if self.part.length() != before => {}
                Ok(Outcome::Unfinished) => {
                    return Err(ErrorKind::IncompleteRead { received: before, expected: None }.into());
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

    /// One request, and what its response brings.
    fn attempt(&mut self) -> Result<Outcome> {
        let asked = self.asked();
        let response = self.client.execute(self.next_request(asked.as_ref())?)?;
        let answer = Answer::of(&response, asked.as_ref())?;
        match answer {
            Answer::Complete => Ok(Outcome::Whole),
            Answer::Changed => {
                self.part.restart(None, &self.request.url)?;
                Ok(Outcome::Unfinished)
            }
            Answer::Other => Err(response.into_status_error()),
            Answer::Whole(total) => {
                let is_coded = response.value().is_decoded();
                let validator = if is_coded { None } else { Validator::of(response.headers()) };
                self.part.restart(validator, &self.request.url)?;
                self.receive(response, total)?;
                Ok(Outcome::Whole)
            }
            Answer::Rest(total) => {
                self.receive(response, total)?;
                // A server may send less than the rest.
                let is_whole = total.is_some_and(|total| self.part.length() >= total);
                Ok(if is_whole { Outcome::Whole } else { Outcome::Unfinished })
            }
        }
    }

    /// From where the rest is asked for, and of what; ranges are defined for GET alone (RFC 9110, Section 14.2).
    fn asked(&self) -> Option<Asked> {
        let validator = self.part.validator().filter(|_| self.request.method == Method::GET)?;
        Some(Asked { start: self.part.length(), validator: validator.clone() })
    }

    fn next_request(&self, asked: Option<&Asked>) -> Result<Request<'_>> {
        let Some(mut request) = self.request.try_clone() else {
            let why = "a download may send it several times, and it can be read once";
            return Err(Error::new(ErrorKind::UnsupportedBody(why)).unsent());
        };
        request.body.rewind().map_err(ErrorKind::BodySource)?;
        if let Some(Asked { start, validator }) = asked {
            request.headers.set("Range", format!("bytes={start}-"))?;
            request.headers.set("If-Range", validator.as_bytes())?;
        }
        Ok(request)
    }

    fn receive(&mut self, mut response: Response, total: Option<u64>) -> Result<()> {
        loop {
            let bytes = response.fill_buf()?;
            let count = bytes.len();
            if count == 0 {
                return Ok(());
            }
            self.part.append(bytes)?;
            response.consume(count);
            if let Some(progress) = &mut self.progress {
                progress(self.part.length(), total);
            }
        }
    }
}
