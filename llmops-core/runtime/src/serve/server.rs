//! The process: its address, loading, signals, and an orderly end.

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use axum::serve::ListenerExt;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::engine::{Engine, Limits};
use super::http::{App, Served, digest, router, unix_seconds};
use crate::error::{Error, Result};
use crate::files::{AdapterSettings, Loaded, Quant, Source, Text};
use crate::model::Model;
use crate::template::ChatTemplate;

/// How long accepted requests may take after a request to end.
const DRAIN: Duration = Duration::from_secs(10);
/// How long the last bytes may take to their clients after that.
const FLUSH: Duration = Duration::from_secs(2);
/// Threads that prepare prompts.
const PREPARERS: usize = 2;

/// Serves one model over HTTP in OpenAI's dialect
#[derive(clap::Args, Clone, Debug)]
pub struct ServeArgs {
    /// Model folder in Hugging Face's layout, or a GGUF file
    #[arg(long)]
    pub model: PathBuf,
    /// Folder with an adapter, which is merged into the model
    #[arg(long, value_name = "DIR")]
    pub adapter: Option<PathBuf>,
    /// Name that clients ask for [default: the name of the folder or file]
    #[arg(long)]
    pub name: Option<String>,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// File to write the bound address to, for whoever has to find this server later
    #[arg(long, value_name = "PATH")]
    pub addr_file: Option<PathBuf>,
    /// Environment variable that holds the key clients must send
    #[arg(long, value_name = "VAR")]
    pub api_key_env: Option<String>,
    /// Most requests that are worked on at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub max_batch: u16,
    /// Most tokens of prompt and answer together [default: what the model and the memory allow]
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..))]
    pub max_context: Option<u32>,
    /// Most prompt tokens in one step, of all requests; of one request there are 64 at most
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub prefill_chunk: u32,
    /// Most requests that wait; one more is answered with 429
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub queue: u32,
    /// Most MiB for the keys and values of all requests
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub kv_mib: u32,
    /// Do not keep the keys and values of ended requests for those that begin alike
    #[arg(long)]
    pub no_prefix_cache: bool,
    /// What to do with quantized weights
    #[arg(long, value_enum, default_value_t)]
    pub quant: Quant,
}

impl ServeArgs {
    /// The key to ask for. Without one, only this machine may connect.
    fn key(&self) -> Result<Option<[u8; 32]>> {
        let Some(name) = &self.api_key_env else {
            return match self.listen.ip().is_loopback() {
                true => Ok(None),
                false => Err(Error::usage(format!(
                    "--listen {} is open to other machines; name a key with --api-key-env VAR, or listen on 127.0.0.1",
                    self.listen
                ))),
            };
        };
        match std::env::var(name) {
            Ok(key) if !key.trim().is_empty() => Ok(Some(digest(key.trim()))),
            _ => {
                Err(Error::usage(format!("--api-key-env names {name}, which is not set or empty; put the key into it")))
            }
        }
    }

    /// The name that was given, or the one the model has on disk.
    fn model_name(&self) -> String {
        let whole = self.model.canonicalize().unwrap_or_else(|_| self.model.clone());
        let of_path = if whole.is_dir() { whole.file_name() } else { whole.file_stem() };
        self.name.clone().unwrap_or_else(|| of_path.unwrap_or_default().to_string_lossy().into_owned())
    }

    fn limits(&self, model: &Loaded) -> Limits {
        let of_model = model.model.config().max_position_embeddings;
        let kv_bytes = self.kv_mib as usize * (1 << 20);
        Limits {
            batch: self.max_batch.into(),
            chunk: self.prefill_chunk as usize,
            queue: self.queue as usize,
            kv_bytes,
            prefix_bytes: if self.no_prefix_cache { 0 } else { kv_bytes / 4 },
            context: self.max_context.map_or(of_model, |asked| of_model.min(asked as usize)),
        }
    }
}

/// Serves until SIGTERM or SIGINT, then lets accepted requests end for up to ten seconds.
pub fn serve(args: &ServeArgs) -> Result<()> {
    let key = args.key()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(PREPARERS).build()?;
    let ended = runtime.block_on(run(args, key));
    // A model that is still being loaded is nothing to wait for.
    runtime.shutdown_background();
    ended
}

async fn run(args: &ServeArgs, key: Option<[u8; 32]>) -> Result<()> {
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| Error::usage(format!("cannot listen on {}: {error}; choose another --listen", args.listen)))?;
    let addr = listener.local_addr()?;
    let _addr_file = args.addr_file.as_deref().map(|path| AddrFile::write(path, addr)).transpose()?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let asked_to_end = async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    tokio::pin!(asked_to_end);

    let app = Arc::new(App::new(key));
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let server = axum::serve(listener, router(app.clone())).with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    let mut server = tokio::spawn(server.into_future());

    let (loader, begun) = (args.clone(), Instant::now());
    let loaded = tokio::select! {
        loaded = tokio::task::spawn_blocking(move || load(&loader)) => loaded.map_err(Error::internal)??,
        () = &mut asked_to_end => return Ok(()),
    };
    let mut engine_ended = begin(&app, loaded, args)?;
    crate::events::emit(&json!({
        "event": "ready", "addr": addr.to_string(), "model": args.model_name(), "load_s": begun.elapsed().as_secs_f64(),
    }));
    tokio::select! {
        () = &mut asked_to_end => {}
        _ = &mut engine_ended => return Err(Error::internal("the engine stopped; see what it said on standard error")),
        ended = &mut server => return ended.map_err(Error::internal)?.map_err(Error::from),
    }
    drain(&app, engine_ended, stop).await;
    let _ = timeout(FLUSH, server).await;
    Ok(())
}

fn load(args: &ServeArgs) -> Result<(Loaded, std::result::Result<ChatTemplate, String>)> {
    let loaded = match &args.adapter {
        Some(adapter) => adapted(&args.model, adapter)?,
        None => Loaded::open(&args.model, args.quant)?,
    };
    let template = match &loaded.template {
        Some(source) => ChatTemplate::new(source, &loaded.bos, &loaded.eos),
        None => Err("this model has no chat template; use /v1/completions".to_string()),
    };
    Ok((loaded, template))
}

/// A model with an adapter merged into it, which takes 32-bit weights whatever was stored.
fn adapted(model: &Path, adapter: &Path) -> Result<Loaded> {
    let mut source = Source::open(model)?;
    let Text { tokenizer, template, bos, eos, ends, .. } = source.text()?;
    let (settings, added) = AdapterSettings::open(adapter)?;
    let mut weights = source.tensors()?;
    settings.merge(&added, &mut weights)?;
    let model = Model::from_named(source.config().clone(), &weights)?;
    Ok(Loaded { model, tokenizer, template, bos, eos, ends })
}

/// Starts the engine and opens the door.
fn begin(
    app: &App,
    (loaded, template): (Loaded, std::result::Result<ChatTemplate, String>),
    args: &ServeArgs,
) -> Result<oneshot::Receiver<()>> {
    let model = Arc::new(loaded);
    let (engine, ended) = Engine::start(model.clone(), args.limits(&model), app.metrics.clone())?;
    if engine.context() < 2 {
        return Err(Error::usage("--kv-mib does not hold two tokens of this model; allow more"));
    }
    let served = Served { name: args.model_name(), created: unix_seconds(), model, template, engine };
    let _ = app.served.set(served);
    Ok(ended)
}

/// Takes no more, lets what was accepted end, and breaks off what has not ended in time. Until then the door stays open
/// to say so, and the address is closed last.
async fn drain(app: &App, mut ended: oneshot::Receiver<()>, stop: oneshot::Sender<()>) {
    app.draining.store(true, Relaxed);
    if let Some(served) = app.served.get() {
        served.engine.close();
        if timeout(DRAIN, &mut ended).await.is_err() {
            served.engine.abandon();
            let _ = timeout(FLUSH, &mut ended).await;
        }
    }
    let _ = stop.send(());
}

/// The file that tells where this server is. It goes when the server ends in order, unless another has taken the name
/// over; a reader that finds an old one learns from `/health` that nobody is there.
struct AddrFile {
    path: PathBuf,
    line: String,
}

impl AddrFile {
    /// Written beside and renamed, so that a reader never sees half an address.
    fn write(path: &Path, addr: SocketAddr) -> Result<Self> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}", std::process::id()));
        let line = format!("{addr}\n");
        let written = std::fs::write(&beside, &line).and_then(|()| std::fs::rename(&beside, path));
        written.map_err(|error| Error::usage(format!("cannot write --addr-file {}: {error}", path.display())))?;
        Ok(Self { path: path.to_path_buf(), line })
    }
}

impl Drop for AddrFile {
    fn drop(&mut self) {
        if std::fs::read_to_string(&self.path).is_ok_and(|there| there == self.line) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
