//! Watching over work until it has ended, and keeping how.

use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, wait};
use tokio::signal::unix::{SignalKind, signal};

use crate::records::now;
use crate::{Ending, Order, Records, Usage, usage};

/// How often the work is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// How often what it uses is measured.
const MEASURE: Duration = Duration::from_millis(500);
/// How long the end of what it left behind is waited for.
const SWEEP: Duration = Duration::from_secs(10);
/// How long a full disk is waited for.
const PATIENCE: Duration = Duration::from_secs(600);

/// Supervises the work of a folder, unless somebody does or did.
pub(crate) fn supervise(folder: &Path) -> io::Result<()> {
    // Fails for a leader of a group, which has what is wanted.
    let _ = rustix::process::setsid();
    let records = Records::of(folder);
    let Some(_claim) = records.claim()? else { return Ok(()) };
    if records.identity()?.is_some() || records.ending()?.is_some() {
        return Ok(());
    }
    let order = records.order()?.ok_or_else(|| io::Error::other("nothing was ordered"))?;
    records.reserve_ending()?;
    if records.stop()?.is_some() {
        return conclude(&records, &Ending { stopped: true, ..ending("it was stopped before it began") });
    }
    adopt_orphans();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ending = runtime.block_on(async { Watch::begin(&records, &order)?.until_the_end().await })?;
    conclude(&records, &ending)
}

/// What the work starts and leaves behind becomes ours, so that we can end it.
fn adopt_orphans() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

fn ending(reason: &str) -> Ending {
    Ending {
        code: None,
        signal: None,
        out_of_memory: false,
        stopped: false,
        reason: reason.to_owned(),
        usage: Usage::default(),
        at: now(),
    }
}

fn conclude(records: &Records, ending: &Ending) -> io::Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        match records.write_ending(ending) {
            Err(error) if error.kind() == io::ErrorKind::StorageFull && Instant::now() < until => {
                std::thread::sleep(Duration::from_secs(1));
            }
            written => return written,
        }
    }
}

struct Watch<'a> {
    records: &'a Records,
    order: &'a Order,
    child: Child,
    group: Pid,
    usage: Usage,
    oom_kills: Option<u64>,
    asked: Option<Instant>,
    killed: bool,
    reason: String,
}

impl<'a> Watch<'a> {
    fn begin(records: &'a Records, order: &'a Order) -> io::Result<Self> {
        let (program, arguments) =
            order.supervisor.split_first().ok_or_else(|| io::Error::other("no supervisor was named"))?;
        let log = |path: &Path| File::options().create(true).append(true).open(path);
        let oom_kills = usage::oom_kills();
        let child = Command::new(program)
            .args(arguments)
            .arg("--launch")
            .arg(records.folder())
            .stdin(Stdio::null())
            .stdout(log(&records.events())?)
            .stderr(log(&records.text())?)
            .process_group(0)
            .spawn()?;
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let group = group.ok_or_else(|| io::Error::other("the child has no number"))?;
        let (usage, reason) = (Usage::default(), String::new());
        Ok(Self { records, order, child, group, usage, oom_kills, asked: None, killed: false, reason })
    }

    async fn until_the_end(mut self) -> io::Result<Ending> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut measured: Option<Instant> = None;
        let status = loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                // Whoever ends us this way, as a machine that goes down, means the work.
                _ = terminate.recv() => self.signal(Signal::TERM),
            }
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            self.obey()?;
            if measured.is_none_or(|at| at.elapsed() >= MEASURE) {
                measured = Some(Instant::now());
                self.measure();
            }
        };
        self.sweep();
        self.usage = usage::measure(self.usage);
        Ok(self.ending(status))
    }

    /// Passes on what the server asks.
    fn obey(&mut self) -> io::Result<()> {
        let Some(stop) = self.records.stop()? else { return Ok(()) };
        if self.asked.is_none() {
            self.signal(Signal::TERM);
        }
        let asked = *self.asked.get_or_insert_with(Instant::now);
        if asked.elapsed() >= Duration::from_millis(stop.grace_ms) {
            self.kill();
        }
        Ok(())
    }

    fn measure(&mut self) {
        if !self.records.folder().exists() {
            // Its data was deleted under it: nobody can ask for it, or end it, any more.
            return self.kill();
        }
        usage::reap_others(self.group.as_raw_nonzero().get());
        let before = self.usage;
        self.usage = usage::measure(before);
        if self.usage != before {
            // A full disk keeps the last; it is written again at the end.
            let _ = self.records.write_usage(&self.usage);
        }
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
        if size(&self.records.events()).max(size(&self.records.text())) > self.order.log_bytes {
            self.reason = format!("it wrote more than {} bytes of log", self.order.log_bytes);
            self.kill();
        }
    }

    fn signal(&self, signal: Signal) {
        // A group that is gone needs no signal.
        let _ = kill_process_group(self.group, signal);
    }

    /// Ends all of it, what left the group too.
    fn kill(&mut self) {
        self.killed = true;
        self.signal(Signal::KILL);
        for pid in usage::descendants().into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }

    /// Ends what the work left behind.
    fn sweep(&mut self) {
        self.signal(Signal::KILL);
        let until = Instant::now() + SWEEP;
        while Instant::now() < until {
            let left: Vec<Pid> = usage::descendants().into_iter().filter_map(Pid::from_raw).collect();
            for pid in &left {
                let _ = kill_process(*pid, Signal::KILL);
            }
            while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
            if left.is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn ending(mut self, status: ExitStatus) -> Ending {
        let refusal = std::fs::read_to_string(self.records.path("refusal"));
        if let (true, Ok(refusal)) = (self.reason.is_empty(), refusal) {
            self.reason = refusal;
        }
        let out_of_memory = !self.killed && self.out_of_memory(status);
        Ending {
            code: status.code(),
            signal: status.signal(),
            out_of_memory,
            stopped: self.asked.is_some(),
            usage: self.usage,
            ..ending(&self.reason)
        }
    }

    /// The kernel ended something for want of memory while ours was ended; or ours said itself that it got no more.
    fn out_of_memory(&self, status: ExitStatus) -> bool {
        match status.signal().and_then(Signal::from_named_raw) {
            Some(Signal::KILL) => usage::oom_kills() > self.oom_kills,
            Some(Signal::ABORT) => last_words(&self.records.text()).contains("memory allocation of"),
            _ => false,
        }
    }
}

fn last_words(path: &Path) -> String {
    use std::io::{Read, Seek, SeekFrom};
    let mut words = Vec::new();
    if let Ok(mut file) = File::open(path) {
        // A file that is shorter is read from its beginning.
        let _ = file.seek(SeekFrom::End(-2000)).or_else(|_| file.seek(SeekFrom::Start(0)));
        let _ = file.take(2000).read_to_end(&mut words);
    }
    String::from_utf8_lossy(&words).into_owned()
}
