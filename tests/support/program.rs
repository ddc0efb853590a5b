//! Programs that run for as long as a test does.

use std::{
    fs,
    io::{self, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// How long a program may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ends the program when its own input ends, also when that is because the test was killed.
const UNTIL_INPUT_ENDS: &str = r#""$@" & program=$!; read -r _; kill "$program"; wait "$program""#;

/// A program that listens on a port of 127.0.0.1, with a directory for its files.
pub(crate) struct Program {
    pub(crate) port: u16,
    directory: PathBuf,
    process: Child,
}

/// What a program needs to know about where it runs.
pub(crate) struct Place {
    pub(crate) port: u16,
    pub(crate) directory: PathBuf,
}

impl Place {
    /// Writes a file and returns its path.
    pub(crate) fn write(&self, name: &str, content: &str) -> String {
        let path = self.directory.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Program {
    /// Starts it with the arguments that `configure` returns. `None`, and a word on stderr, where it is not installed.
    pub(crate) fn start(name: &str, configure: impl FnOnce(&Place) -> Vec<String>) -> Option<Program> {
        Program::start_with(name, |place| (configure(place), Vec::new()))
    }

    /// As [`start`](Program::start), with variables in its environment too.
    pub(crate) fn start_with(
        name: &str,
        configure: impl FnOnce(&Place) -> (Vec<String>, Vec<(&'static str, String)>),
    ) -> Option<Program> {
        let path = find(name).or_else(|| skipped(name))?;
        let place = Place { port: free_port(), directory: own_directory() };
        let (arguments, variables) = configure(&place);
        let process = Command::new("sh")
            .args(["-c", UNTIL_INPUT_ENDS, "sh"])
            .arg(path)
            .args(arguments)
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::from(fs::File::create(place.directory.join("stderr")).unwrap()))
            .spawn()
            .unwrap();
        let program = Program { port: place.port, directory: place.directory, process };
        program.await_listener(name);
        Some(program)
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

/// Says that something is missing, past the capture of output, which hides what passing tests print.
pub(crate) fn skipped<T>(name: &str) -> Option<T> {
    let _ = writeln!(io::stderr(), "skipped: {name} is not on this machine");
    None
}

/// The path of a program; daemons stand where not all users look.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let directories = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    directories.map(|directory| directory.join(name)).find(|path| path.is_file())
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A directory that the program can write to, whoever it makes itself.
fn own_directory() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let directory = std::env::temp_dir().join(format!("httpkit-proxies-{}-{number}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    allow_all(&directory);
    directory
}

#[cfg(unix)]
fn allow_all(directory: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o777)).unwrap();
}

#[cfg(not(unix))]
fn allow_all(_: &std::path::Path) {}
