//! A server in a process of its own, that can be killed.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use llmops_core::LlmOps;
use llmops_core::base::Secret;

use crate::process::server_executable;

/// How long a server may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server is told beside its folder.
#[derive(Clone, Default)]
pub struct Orders {
    /// The folder of its data.
    pub data: PathBuf,
    /// Its database, when it is not in the folder.
    pub database: Option<String>,
    /// Where its bytes are, when they are not in the folder.
    pub bucket: Option<Bucket>,
    /// The point at which it dies.
    pub crash_at: Option<String>,
    /// The work of which each step takes so long, as `NAME=MILLISECONDS`.
    pub slow: Option<String>,
    /// Where it writes the points it passes.
    pub crash_log: Option<PathBuf>,
    /// For how many days it keeps what is deleted.
    pub trash_days: Option<u32>,
    /// Servers beside the open internet that it may ask.
    pub allowed_hosts: Option<String>,
}

/// A part of a bucket that nobody else uses.
#[derive(Clone)]
pub struct Bucket {
    /// What the platform calls it.
    pub url: String,
    /// Where it is asked.
    pub address: String,
    /// Where its objects are, as files.
    pub folder: PathBuf,
}

impl Bucket {
    /// A fresh one; nothing when there is no S3 server to make it in.
    pub fn fresh() -> Option<Self> {
        let told = |name: &str| std::env::var(format!("LLMOPS_TEST_S3_{name}")).ok();
        let (Some(address), Some(bucket), Some(folder)) = (told("ENDPOINT"), told("BUCKET"), told("FOLDER")) else {
            eprintln!("skipped: the S3 server is missing; run `tests/services with cargo test ..`");
            return None;
        };
        let prefix = uuid::Uuid::now_v7().simple().to_string();
        Some(Self { url: format!("s3://{bucket}/{prefix}"), address, folder: Path::new(&folder).join(prefix) })
    }
}

/// A server that runs.
pub struct Server {
    child: Child,
    url: String,
    /// A client with each key, which keeps its connections.
    clients: HashMap<Option<String>, LlmOps>,
}

impl Server {
    /// Starts a server; nothing when it died before it listened.
    pub fn start(orders: &Orders) -> Option<Self> {
        let log = std::fs::File::options().create(true).append(true).open(orders.data.join("log")).unwrap();
        let mut command = Command::new(server_executable());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&orders.data);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LLMOPS_")) {
            command.env_remove(name);
        }
        command.envs([("LLMOPS_PACKING_LEAST_BYTES", "4096"), ("LLMOPS_PACKING_AFTER_SECONDS", "0")]);
        if let Some(database) = &orders.database {
            command.args(["--database", database]);
        }
        if let Some(bucket) = &orders.bucket {
            command.args(["--store", &bucket.url]).env("AWS_ENDPOINT_URL", &bucket.address);
        }
        if let Some(point) = &orders.crash_at {
            command.env("LLMOPS_CRASH_AT", point);
        }
        if let Some(work) = &orders.slow {
            command.env("LLMOPS_CRASH_SLOW", work);
        }
        if let Some(days) = orders.trash_days {
            command.env("LLMOPS_TRASH_DAYS", days.to_string());
        }
        if let Some(hosts) = &orders.allowed_hosts {
            command.env("LLMOPS_EGRESS_ALLOWED_HOSTS", hosts);
        }
        if let Some(file) = &orders.crash_log {
            command.env("LLMOPS_CRASH_LOG", file);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let url = said
            .lines()
            .map_while(|line| line.ok())
            .find_map(|line| line.split_once("listening on ").map(|(_, url)| url.trim().to_owned()));
        match url {
            Some(url) => Some(Self { child, url, clients: HashMap::new() }),
            None => {
                child.wait().unwrap();
                None
            }
        }
    }

    /// A client with a key; the administrator's when none is given.
    pub fn client(&mut self, data: &Path, key: Option<&str>) -> LlmOps {
        let connect = || {
            let key = match key {
                Some(key) => key.to_owned(),
                None => std::fs::read_to_string(data.join("admin.key")).unwrap().trim().to_owned(),
            };
            LlmOps::connect(&self.url, Some(Secret::new(key))).unwrap()
        };
        self.clients.entry(key.map(str::to_owned)).or_insert_with(connect).clone()
    }

    /// Whether it has died, or does so within a moment.
    pub fn is_dead(&mut self) -> bool {
        let until = Instant::now() + Duration::from_secs(1);
        while Instant::now() < until {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// Ends it as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it in order.
    pub fn stop(mut self) -> bool {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
