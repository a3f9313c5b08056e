//! What the database says, in the platform's words. SQL stays in the log.

use sea_orm::{DbErr, SqlErr};

use crate::base::{Error, ErrorKind};

/// The platform's error for a database's.
pub(crate) fn db_error(error: DbErr) -> Error {
    let busy = || Error::unavailable("the database is busy or away").hint("try again in a moment").retry_after_ms(500);
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            return Error::conflict("it exists already")
                .hint("read what is there, or choose another name")
                .caused_by(error);
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
            return Error::conflict("something it refers to is gone, or still refers to it")
                .hint("read it again and mend the reference")
                .caused_by(error);
        }
        _ => {}
    }
    match &error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => busy().caused_by(error),
        DbErr::RecordNotFound(_) => Error::new(ErrorKind::NotFound, "there is no such row").caused_by(error),
        other => {
            let text = other.to_string();
            if text.contains("database is locked") || text.contains("could not serialize") || text.contains("deadlock")
            {
                return busy().caused_by(error);
            }
            tracing::error!(error = %text, "the database refused a statement");
            Error::unexpected("the database refused a statement").caused_by(error)
        }
    }
}

/// Whether a statement failed because the row exists.
pub(crate) fn is_unique_violation(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        db_error(error)
    }
}
