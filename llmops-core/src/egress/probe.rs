//! Asking a process that we started whether it answers. Only this machine is asked, and never for a user's address: the
//! guard of the door to the outside is neither needed nor in the way here.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The most of an answer that is read, in bytes.
const HEAD: u64 = 4096;

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// It answered with this HTTP status.
    Status(u16),
    /// It does not listen, or does not speak HTTP.
    Unreachable(String),
    /// It did not answer in time.
    Late,
}

/// Asks `GET path` of a `HOST:PORT` on this machine.
pub async fn probe(address: &str, path: &str, within: Duration) -> Probe {
    let Some(socket) = address.parse::<SocketAddr>().ok().filter(|socket| socket.ip().is_loopback()) else {
        return Probe::Unreachable(format!("{address} is not on this machine"));
    };
    match tokio::time::timeout(within, ask(socket, path)).await {
        Ok(Ok(probe)) => probe,
        Ok(Err(error)) => Probe::Unreachable(format!("{address} {}", reason(&error))),
        Err(_) => Probe::Late,
    }
}

async fn ask(socket: SocketAddr, path: &str) -> std::io::Result<Probe> {
    let mut stream = TcpStream::connect(socket).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {socket}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // The status is all that counts: an answer that breaks off after it is one.
    let read = stream.take(HEAD).read_to_end(&mut answer).await;
    match status(&answer) {
        Some(status) => Ok(Probe::Status(status)),
        None => read.map(|_| Probe::Unreachable(format!("{socket} does not speak HTTP"))),
    }
}

/// The status of an answer that begins as `HTTP/1.1 200 OK`.
fn status(answer: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(answer.split(|byte| *byte == b'\r').next()?).ok()?;
    let mut words = line.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "does not listen".to_owned(),
        std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof => "hung up".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A listener that answers one connection with these bytes.
    async fn answering(answer: &'static [u8]) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await.unwrap();
            stream.write_all(answer).await.unwrap();
        });
        address
    }

    async fn check(answer: &'static [u8], expect: Probe) {
        let address = answering(answer).await;
        assert_eq!(probe(&address, "/health", Duration::from_secs(5)).await, expect);
    }

    #[tokio::test]
    async fn tells_the_status() {
        check(b"HTTP/1.1 200 OK\r\n\r\n{}", Probe::Status(200)).await;
        check(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", Probe::Status(503)).await;
    }

    #[tokio::test]
    async fn another_protocol_is_nobody() {
        let address = answering(b"SSH-2.0-OpenSSH\r\n").await;
        let said = probe(&address, "/health", Duration::from_secs(5)).await;
        assert_eq!(said, Probe::Unreachable(format!("{address} does not speak HTTP")));
    }

    #[tokio::test]
    async fn nobody_listens_on_a_port_that_was_closed() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let said = probe(&address, "/health", Duration::from_secs(5)).await;
        assert_eq!(said, Probe::Unreachable(format!("{address} does not listen")));
    }

    #[tokio::test]
    async fn silence_is_late() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        assert_eq!(probe(&address, "/health", Duration::from_millis(50)).await, Probe::Late);
    }

    #[tokio::test]
    async fn other_machines_are_not_asked() {
        for address in ["192.0.2.1:80", "example.com:80", "localhost:80", ""] {
            let said = probe(address, "/health", Duration::from_secs(5)).await;
            assert_eq!(said, Probe::Unreachable(format!("{address} is not on this machine")));
        }
    }
}
