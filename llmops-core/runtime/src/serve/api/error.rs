//! Errors in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The code of an answer that no weights can give.
const DAMAGED: &str = "model_damaged";

/// An error as a client sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    /// The HTTP status, from which clients choose their exception.
    pub(crate) status: StatusCode,
    /// OpenAI's `type`.
    pub(crate) kind: &'static str,
    /// OpenAI's `code`: what a program branches on.
    pub(crate) code: &'static str,
    /// The field that is wrong.
    pub(crate) param: Option<String>,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl ApiError {
    /// A field of the request breaks a rule.
    pub(crate) fn field(param: &str, message: impl Into<String>) -> Self {
        Self { param: Some(param.to_string()), ..Self::request("invalid_value", message) }
    }

    /// A field asks for what this model cannot do.
    pub(crate) fn unsupported(param: &str, message: impl Into<String>) -> Self {
        Self { param: Some(param.to_string()), ..Self::request("unsupported_parameter", message) }
    }

    /// The request as a whole cannot be read or served.
    pub(crate) fn request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// Prompt and answer do not fit the context.
    pub(crate) fn context(param: &str, message: impl Into<String>) -> Self {
        Self { param: Some(param.to_string()), ..Self::request("context_length_exceeded", message) }
    }

    /// Any status; the type follows from it.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let kind = match status.as_u16() {
            401 => "authentication_error",
            429 => "rate_limit_error",
            503 => "service_unavailable_error",
            500.. => "server_error",
            _ => "invalid_request_error",
        };
        Self { status, kind, code, param: None, message: message.into() }
    }

    /// The queue is full.
    pub(crate) fn busy(waiting: usize) -> Self {
        let message = format!("{waiting} requests are waiting already, the most this server queues; try again shortly");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "queue_full", message)
    }

    /// The server is on its way up or down.
    pub(crate) fn unavailable(code: &'static str, message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
    }

    /// The engine failed.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "engine_error", message)
    }

    /// The model's weights give no answer.
    pub(crate) fn damaged(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, DAMAGED, message)
    }

    /// Whether it is the model that is at fault.
    pub(crate) fn is_damaged(&self) -> bool {
        self.code == DAMAGED
    }

    /// The body, also for an error in the middle of a stream.
    pub(crate) fn body(&self) -> Value {
        json!({"error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}})
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
