//! The one error of the platform: what went wrong, where, and what to do next.

use serde_json::Value;

/// Any error that caused ours.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident = $code:literal, $status:literal;)*) => {
        /// What class of failure this is. Callers branch on it, never on the text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[doc = $doc])* $kind,)* }

        impl ErrorKind {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$kind),*];

            /// The stable name that all doors use.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $code),* }
            }

            /// The HTTP status of this kind.
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status),* }
            }

            /// What it means, in a sentence.
            pub fn docs(self) -> &'static str {
                match self { $(Self::$kind => concat!($($doc),*).trim_ascii()),* }
            }
        }
    };
}

kinds! {
    /// The request cannot be read: not JSON, a broken cursor, a header that lies.
    Malformed = "malformed", 400;
    /// Nobody is signed in, or the credential is not valid.
    Unauthenticated = "unauthenticated", 401;
    /// The caller may not do this.
    Denied = "denied", 403;
    /// There is no such thing, or the caller may not know of it.
    NotFound = "not_found", 404;
    /// The path exists, the verb does not.
    MethodNotAllowed = "method_not_allowed", 405;
    /// It exists already, or its state does not allow this.
    Conflict = "conflict", 409;
    /// The object changed since the caller read it.
    Stale = "stale", 412;
    /// More bytes than the stated limit.
    TooLarge = "too_large", 413;
    /// A range outside the file.
    Range = "range_not_satisfiable", 416;
    /// A field breaks a rule.
    Invalid = "invalid", 422;
    /// Too many requests; try again after the stated time.
    RateLimited = "rate_limited", 429;
    /// This build or backend cannot do it.
    Unsupported = "unsupported", 501;
    /// Something the platform depends on answered wrongly.
    Upstream = "upstream", 502;
    /// Not now: starting, draining, or a dependency is away.
    Unavailable = "unavailable", 503;
    /// It took longer than its deadline.
    Timeout = "timeout", 504;
    /// No room left on the disk or in the quota.
    StorageFull = "storage_full", 507;
    /// A fault of the platform.
    Unexpected = "unexpected", 500;
}

impl ErrorKind {
    /// Whether the same call may succeed later without a change.
    pub fn retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Upstream | Self::Unavailable | Self::Timeout)
    }

    /// The kind with this stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// A failure: kind and code for programs, message and hint for people.
///
/// The message never holds SQL, paths, stack traces or secrets; what caused it is kept as the source for the log.
///
/// ```
/// use llmops_core::base::{Error, ErrorKind};
/// let error = Error::invalid("limit", "must be between 1 and 1000").hint("leave it out for 50");
/// assert_eq!(error.kind(), ErrorKind::Invalid);
/// assert_eq!(error.to_string(), "invalid: `limit` must be between 1 and 1000");
/// let error = Error::unavailable("the disk is away").caused_by("no such device");
/// assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("no such device"));
/// ```
#[derive(Debug)]
pub struct Error {
    inner: Box<Inner>,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.inner.kind.name(), self.inner.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    code: Option<String>,
    message: String,
    field: Option<String>,
    hint: Option<String>,
    details: Option<Value>,
    retry_after_ms: Option<u64>,
    request_id: Option<String>,
    source: Option<BoxError>,
}

impl Error {
    /// An error of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let inner = Inner {
            kind,
            code: None,
            message: message.into(),
            field: None,
            hint: None,
            details: None,
            retry_after_ms: None,
            request_id: None,
            source: None,
        };
        Self { inner: Box::new(inner) }
    }

    /// A field breaks a rule. The rule reads on from the field's name: `must be ..`.
    pub fn invalid(field: impl Into<String>, rule: impl std::fmt::Display) -> Self {
        let field = field.into();
        let mut error = Self::new(ErrorKind::Invalid, format!("`{field}` {rule}"));
        error.inner.field = Some(field);
        error
    }

    /// There is no `what` by this name or id.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(ErrorKind::NotFound, format!("there is no {what} `{id}`"))
            .hint("look for a misspelling; it may also be gone, or in another project")
    }

    /// The state of things does not allow this.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// The caller may not do this.
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Denied, message)
    }

    /// A fault of the platform. The caller learns only that it happened; the log has the source.
    pub fn unexpected(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unexpected, message)
    }

    /// Not now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// A stable code finer than the kind, as `invalid_cursor`.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.inner.code = Some(code.into());
        self
    }

    /// Names the field when the constructor did not.
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.inner.field = Some(field.into());
        self
    }

    /// What the caller should do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.inner.hint = Some(hint.into());
        self
    }

    /// More, for programs: what blocks, what is allowed.
    pub fn details(mut self, details: Value) -> Self {
        self.inner.details = Some(details);
        self
    }

    /// When to try again, in milliseconds.
    pub fn retry_after_ms(mut self, ms: u64) -> Self {
        self.inner.retry_after_ms = Some(ms);
        self
    }

    /// The request this belongs to.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.inner.request_id.get_or_insert(id.into());
        self
    }

    /// What caused it, for the log.
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// It and what caused it, each behind a colon, for the log.
    ///
    /// ```
    /// use llmops_core::base::Error;
    /// let error = Error::unavailable("the disk is away").caused_by("no such device");
    /// assert_eq!(error.with_causes().to_string(), "unavailable: the disk is away: no such device");
    /// ```
    pub fn with_causes(&self) -> impl std::fmt::Display + '_ {
        let causes = std::iter::successors(std::error::Error::source(self), |cause| cause.source());
        causes.fold(self.to_string(), |said, cause| format!("{said}: {cause}"))
    }

    /// The class of failure.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The stable code: the finer one if there is one, else the kind's name.
    pub fn stable_code(&self) -> &str {
        self.inner.code.as_deref().unwrap_or(self.inner.kind.name())
    }

    /// The sentence for people, without the kind.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The field that broke a rule.
    pub fn field_name(&self) -> Option<&str> {
        self.inner.field.as_deref()
    }

    /// What to do next.
    pub fn hint_text(&self) -> Option<&str> {
        self.inner.hint.as_deref()
    }

    /// When to try again, in milliseconds.
    pub fn retry_after(&self) -> Option<u64> {
        self.inner.retry_after_ms
    }

    /// The error as the doors send it: `{kind, code, message, field?, hint?, details?, requestId?, retryable}`.
    pub fn to_json(&self) -> Value {
        let inner = &self.inner;
        let mut json = serde_json::json!({
            "kind": inner.kind.name(), "code": self.stable_code(), "message": inner.message, "retryable": inner.kind.retryable(),
        });
        let optional = [
            ("field", inner.field.clone().map(Value::from)),
            ("hint", inner.hint.clone().map(Value::from)),
            ("details", inner.details.clone()),
            ("retryAfterMs", inner.retry_after_ms.map(Value::from)),
            ("requestId", inner.request_id.clone().map(Value::from)),
        ];
        for (key, value) in optional {
            if let Some(value) = value {
                json[key] = value;
            }
        }
        json
    }

    /// Reads back what [`Error::to_json`] wrote; a stranger's shape becomes `fallback` with its text.
    pub fn from_json(json: &Value, fallback: ErrorKind) -> Self {
        let text = |key: &str| json.get(key).and_then(Value::as_str).map(str::to_owned);
        let kind = text("kind").and_then(|name| ErrorKind::from_name(&name)).unwrap_or(fallback);
        let mut error = Self::new(kind, text("message").unwrap_or_else(|| kind.name().to_owned()));
        error.inner.code = text("code").filter(|code| code != kind.name());
        error.inner.field = text("field");
        error.inner.hint = text("hint");
        error.inner.details = json.get("details").filter(|d| !d.is_null()).cloned();
        error.inner.retry_after_ms = json.get("retryAfterMs").and_then(Value::as_u64);
        error.inner.request_id = text("requestId");
        error
    }
}
