//! The platform for Node.js: operations by name.

use std::path::PathBuf;

use futures::FutureExt;
use llmops_core::LlmOps;
use llmops_core::base::{Ctx, Error, Result, Secret};
use llmops_core::blob::StoreUrl;
use llmops_core::op::{OperationTable, Push, describe as described};
use llmops_core::platform::{ClientOptions, Progress, SendFiles, To, domains};
use llmops_core::store::DatabaseUrl;
use napi::bindgen_prelude::{Either, FnArgs, PromiseRaw, within_runtime_if_available};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;
use serde_json::{Value, json};

use crate::streams::{NativeDownload, NativeSend, NativeStream, NativeUpload};

/// What a platform in this process is made of.
#[napi(object)]
pub struct Opening {
    pub data_dir: String,
    pub database: Option<String>,
    pub store: Option<String>,
    pub runtime: Vec<String>,
    pub loops: bool,
}

/// What is sent to a model or a dataset, and how.
#[napi(object)]
pub struct Sending {
    /// Which of them, as JSON.
    pub to: String,
    pub paths: Vec<String>,
    pub concurrency: Option<u32>,
    pub replace: bool,
}

/// Hears how many bytes of how many arrived.
type Told = ThreadsafeFunction<FnArgs<(f64, f64)>, (), FnArgs<(f64, f64)>, Status, false, true>;

/// How a call is made.
#[napi(object)]
pub struct How {
    pub idempotency_key: Option<String>,
    pub if_match: Option<String>,
}

/// Something of our own, or the text of an error.
type Or<T> = napi::Result<Either<T, String>>;

/// One platform, embedded or on a server.
#[napi]
pub struct Native {
    ops: LlmOps,
}

#[napi]
impl Native {
    /// Opens a platform in this process.
    #[napi]
    pub async fn open(opening: Opening) -> Or<Native> {
        either(open(opening).await.map(|ops| Self { ops }))
    }

    /// The platform on a server; nothing is contacted yet.
    #[napi]
    pub fn connect(url: String, api_key: Option<String>) -> Or<Native> {
        either(LlmOps::connect(&url, api_key.map(Secret::new)).map(|ops| Self { ops }))
    }

    /// The same platform for the holder of another key.
    #[napi]
    pub fn with_api_key(&self, api_key: String) -> Or<Native> {
        either(self.ops.with_api_key(Secret::new(api_key)).map(|ops| Self { ops }))
    }

    /// The same platform, at work in another project.
    #[napi]
    pub fn with_project(&self, project: String) -> Or<Native> {
        either(self.ops.with_project(&project).map(|ops| Self { ops }))
    }

    /// The same server, called with other patience: milliseconds, and how often a call is made again.
    #[napi]
    pub fn with_options(&self, timeout: Option<f64>, max_retries: Option<f64>) -> Or<Native> {
        let whole = |count: f64| {
            let read = Some(count as u32).filter(|read| f64::from(*read) == count);
            read.ok_or_else(|| Error::invalid("maxRetries", "must be a whole number from 0 on"))
        };
        let options = max_retries.map(whole).transpose();
        let options = options.and_then(|count| ClientOptions::new(timeout.map(|ms| ms / 1000.0), count));
        either(options.map(|options| Self { ops: self.ops.with_options(options) }))
    }

    /// Carries out an operation.
    ///
    /// Its first step is taken here: what it has to wait for begins while a thread of the engine still wakes up.
    #[napi(catch_unwind)]
    pub fn call<'env>(
        &self,
        env: &'env Env,
        name: String,
        request: String,
        how: How,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let (ops, ctx) = (self.ops.clone(), self.ctx(how));
        let mut call = async move { ops.call(ctx, &name, parse(&request)?).await }.map(envelope).boxed();
        match within_runtime_if_available(|| (&mut call).now_or_never()) {
            Some(answer) => PromiseRaw::resolve(env, answer),
            None => env.spawn_future(call.map(Ok)),
        }
    }

    /// Begins to send files of this machine to a model or a dataset; `told` hears how far it is.
    #[napi]
    pub fn send(&self, sending: Sending, told: Option<Told>) -> NativeSend {
        let (ops, ctx) = (self.ops.clone(), self.ops.ctx());
        NativeSend::new(async move {
            let paths: Vec<PathBuf> = sending.paths.into_iter().map(PathBuf::from).collect();
            let what = SendFiles::of(To::parse(parse(&sending.to)?)?, &paths)?;
            let concurrency = sending.concurrency.map(|count| count as usize);
            let what = SendFiles { concurrency, replace: sending.replace, ..what };
            let hear = |now: Progress| {
                if let Some(told) = &told {
                    let counts = (now.sent as f64, now.total as f64).into();
                    told.call(counts, ThreadsafeFunctionCallMode::NonBlocking);
                }
            };
            ops.send_files(&ctx, what, &hear).await.map(Value::Array)
        })
    }

    /// Follows an operation.
    #[napi]
    pub async fn stream(&self, name: String, request: String, how: How) -> Or<NativeStream> {
        let call = async { self.ops.stream(self.ctx(how), &name, parse(&request)?).await };
        either(call.await.map(NativeStream::new))
    }

    /// Begins to send files to an operation.
    #[napi]
    pub async fn upload(&self, name: String, request: String, how: How) -> Or<NativeUpload> {
        let (ops, ctx) = (self.ops.clone(), self.ctx(how));
        let start = |request| Push::start(move |parts| async move { ops.upload(ctx, &name, request, parts).await });
        either(parse(&request).map(|request| NativeUpload::new(start(request))))
    }

    /// Receives bytes from an operation.
    #[napi]
    pub async fn download(&self, name: String, request: String, how: How) -> Or<NativeDownload> {
        let call = async { self.ops.download(self.ctx(how), &name, parse(&request)?).await };
        either(call.await.map(NativeDownload::new))
    }

    /// Ends the loops and closes the database.
    #[napi]
    pub async fn close(&self) -> napi::Result<()> {
        self.ops.shutdown().await;
        Ok(())
    }
}

impl Native {
    fn ctx(&self, how: How) -> Ctx {
        let mut ctx = self.ops.ctx();
        ctx.idempotency_key = how.idempotency_key;
        ctx.if_match = how.if_match;
        ctx
    }
}

async fn open(opening: Opening) -> Result<LlmOps> {
    let builder = LlmOps::builder().data_dir(opening.data_dir).loops(opening.loops);
    let mut builder = builder.runtime_command(opening.runtime.into_iter().map(Into::into).collect());
    if let Some(database) = opening.database {
        builder = builder.database(DatabaseUrl::parse("database", &database)?);
    }
    if let Some(store) = opening.store {
        builder = builder.store(StoreUrl::parse("store", &store)?);
    }
    builder.open().await
}

/// The operations there are, with their types, as JSON.
#[napi]
pub fn describe() -> String {
    described(&OperationTable::new(&domains())).to_string()
}

/// The text of an outcome: `{value}` or `{error}`.
pub fn envelope(outcome: Result<Value>) -> String {
    match outcome {
        Ok(value) => json!({ "value": value }).to_string(),
        Err(error) => json!({ "error": error.to_json() }).to_string(),
    }
}

fn either<T>(outcome: Result<T>) -> Or<T> {
    Ok(outcome.map_or_else(|error| Either::B(error.to_json().to_string()), Either::A))
}

fn parse(request: &str) -> Result<Value> {
    serde_json::from_str(request).map_err(|e| Error::invalid("body", "must be JSON").caused_by(e))
}
