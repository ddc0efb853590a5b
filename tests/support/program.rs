//! Programs that run for as long as a test does.

use std::{
    fs,
    io::Write as _,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::find_program;

/// How long a program may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// Hands the signals on that its input names, and ends the program when the input ends, also when that is because
/// the test was killed.
const UNTIL_INPUT_ENDS: &str = r#"
"$@" & program=$!
while read -r signal; do kill -s "$signal" "$program"; done
kill "$program"; wait "$program"
"#;

/// A program that listens on a port of 127.0.0.1, with a directory for its files.
pub struct Program {
    /// The port.
    pub port: u16,
    directory: PathBuf,
    process: Child,
}

/// What a program needs to know about where it runs.
pub struct Place {
    /// The port to listen on.
    pub port: u16,
    /// A directory of its own.
    pub directory: PathBuf,
}

impl Place {
    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.directory.join(name);
        fs::write(&path, content).expect("the directory can be written to");
        path.to_str().expect("the path is UTF-8").to_owned()
    }
}

impl Program {
    /// Starts a program with the arguments that `configure` returns, or returns `None` if [`find_program`] does.
    pub fn start(name: &str, configure: impl FnOnce(&Place) -> Vec<String>) -> Option<Program> {
        Program::start_with(name, |place| (configure(place), Vec::new()))
    }

    /// As [`start`](Program::start), with variables in its environment too.
    pub fn start_with(
        name: &str,
        configure: impl FnOnce(&Place) -> (Vec<String>, Vec<(&'static str, String)>),
    ) -> Option<Program> {
        let path = find_program(name)?;
        let place = Place { port: free_port(), directory: own_directory() };
        let (arguments, variables) = configure(&place);
        let process = Command::new("sh")
            .args(["-c", UNTIL_INPUT_ENDS, "sh"])
            .arg(path)
            .args(arguments)
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(
                fs::File::create(place.directory.join("stderr")).expect("the directory can be written to"),
            )
            .spawn()
            .expect("there is a shell");
        let program = Program { port: place.port, directory: place.directory, process };
        program.await_listener(name);
        Some(program)
    }

    /// The URL of a path on this program, where it speaks HTTP.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sends it a signal, by its name without `SIG`.
    pub fn signal(&mut self, name: &str) {
        let input = self.process.stdin.as_mut().expect("stdin is piped");
        writeln!(input, "{name}").expect("the shell reads");
    }

    fn await_listener(&self, name: &str) {
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let said = || fs::read_to_string(self.directory.join("stderr")).unwrap_or_default();
            assert!(began.elapsed() < PATIENCE, "{name} does not listen: {}", said());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a listener has an address").port()
}

/// A directory that the program can write to, whoever it makes itself.
fn own_directory() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let directory = std::env::temp_dir().join(format!("httpkit-program-{}-{number}", std::process::id()));
    fs::create_dir_all(&directory).expect("there is a place for temporary files");
    allow_all(&directory);
    directory
}

#[cfg(unix)]
fn allow_all(directory: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777)).expect("the directory is our own");
}

#[cfg(not(unix))]
fn allow_all(_: &std::path::Path) {}
