use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// Knows every name at the same addresses.
struct At(Vec<IpAddr>);

#[async_trait::async_trait]
impl Lookup for At {
    async fn lookup(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(self.0.clone())
    }
}

fn guard(allowed: &str, at: &[&str]) -> Guard {
    let at = at.iter().map(|address| address.parse().unwrap()).collect();
    Guard::with_lookup(allowed.parse().unwrap(), Arc::new(At(at))).unwrap()
}

fn ask(url: &str) -> Ask<'_> {
    Ask { url, headers: &[], secret: None, within: Duration::from_secs(5), limit: 1024 }
}

/// A server that answers each connection with these bytes, and where it listens.
async fn answering(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
            open.push(stream); // what is missing is waited for
        }
    });
    port
}

#[test]
fn only_the_open_internet_is_asked_and_only_over_tls() {
    let guard = guard("", &[]);
    for good in ["https://api.example.com/v1", "https://1.1.1.1/", " HTTPS://API.EXAMPLE.COM:443/v1 "] {
        guard.check("baseUrl", good).unwrap();
    }
    for (bad, code) in [
        ("http://api.example.com/", "address_refused"),
        ("https://api.example.com:8443/", "address_refused"),
        ("https://127.0.0.1/", "address_refused"),
        ("https://0x7f000001/", "address_refused"),
        ("https://2130706433/", "address_refused"),
        ("https://\u{ff11}27.0.0.1/", "address_refused"),
        ("https://[::ffff:10.0.0.1]/", "address_refused"),
        ("https://169.254.169.254/latest/meta-data", "address_refused"),
        ("https://168.63.129.16/", "address_refused"),
        ("ftp://api.example.com/", "invalid"),
        ("file:///etc/passwd", "invalid"),
        ("https://user:word@api.example.com/", "invalid"),
        ("https://api.example.com/#part", "invalid"),
        ("api.example.com", "invalid"),
        ("https://", "invalid"),
    ] {
        let error = guard.check("baseUrl", bad).unwrap_err();
        assert_eq!((error.stable_code(), error.field_name()), (code, Some("baseUrl")), "{bad}: {error}");
    }
}

#[test]
fn what_is_listed_may_be_asked_but_credentials_of_machines_never() {
    let guard = guard("localhost:11434, 10.0.0.5:80, 169.254.169.254:80", &[]);
    for good in ["http://localhost:11434/", "https://localhost:11434/", "http://10.0.0.5/v1"] {
        guard.check("baseUrl", good).unwrap();
    }
    for bad in ["http://localhost/", "http://10.0.0.5:81/", "http://10.0.0.6/", "http://169.254.169.254/"] {
        assert_eq!(guard.check("baseUrl", bad).unwrap_err().stable_code(), "address_refused", "{bad}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_asked() {
    for inside in [&["127.0.0.1"][..], &["1.1.1.1", "10.0.0.1"], &["169.254.169.254"], &["::1"]] {
        let error = guard("", inside).get(ask("https://rebound.example/")).await.unwrap_err();
        assert_eq!(error.stable_code(), "address_refused", "{inside:?}: {error}");
    }
}

#[tokio::test]
async fn a_listed_name_may_lead_to_this_machine_but_not_to_its_credentials() {
    let port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    let listed = format!("model.example:{port}");
    let url = format!("http://{listed}/v1");
    let answered = guard(&listed, &["127.0.0.1"]).get(ask(&url)).await.unwrap();
    assert_eq!((answered.status, answered.body.as_slice()), (200, &b"ok"[..]));
    let other = guard(&listed, &["127.0.0.1"]).get(ask("https://model.example/")).await.unwrap_err();
    assert_eq!(other.stable_code(), "address_refused", "another port than the listed one: {other}");
    let error = guard(&listed, &["169.254.169.254"]).get(ask(&url)).await.unwrap_err();
    assert_eq!(error.stable_code(), "address_refused");
}

#[tokio::test]
async fn redirects_long_answers_and_silence_are_errors() {
    let long: &'static [u8] =
        Box::leak([b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", &[b'x'; 2000][..]].concat().into());
    let cases: [(&'static [u8], &str); 4] = [
        (b"HTTP/1.1 307 Elsewhere\r\nLocation: https://1.1.1.1/\r\nContent-Length: 0\r\n\r\n", "upstream_redirects"),
        (long, "upstream_garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf", "upstream_timeout"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "upstream_unreachable"),
    ];
    for (answer, code) in cases {
        let port = answering(answer).await;
        let (listed, url) = (format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}/"));
        let short = Ask { within: Duration::from_millis(500), ..ask(&url) };
        let error = guard(&listed, &[]).get(short).await.unwrap_err();
        assert_eq!(error.stable_code(), code, "{}: {error}", String::from_utf8_lossy(answer));
    }
}

#[tokio::test]
async fn a_body_that_stops_coming_ends_in_time() {
    let port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf").await;
    let (guard, url) = (guard(&format!("127.0.0.1:{port}"), &[]), format!("http://127.0.0.1:{port}/"));
    let opened = guard.open(Ask { within: Duration::from_millis(500), ..ask(&url) }).await.unwrap();
    let mut body = opened.body;
    assert_eq!(body.next().await.unwrap().unwrap(), "half");
    assert_eq!(body.next().await.unwrap().unwrap_err().stable_code(), "upstream_timeout");
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn who_hangs_up_just_when_asked_is_asked_once_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = tokio::spawn(async move {
        for questions in [2, 1] {
            let (mut stream, _) = listener.accept().await.unwrap();
            for question in 0..questions {
                let mut request = [0; 4096];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                // The second on the first connection is heard and has no answer.
                if question == 0 {
                    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").await.unwrap();
                }
            }
        }
    });
    let (guard, url) = (guard(&format!("127.0.0.1:{port}"), &[]), format!("http://127.0.0.1:{port}/"));
    for _ in 0..2 {
        assert_eq!(guard.get(ask(&url)).await.unwrap().body, b"hi");
    }
    connections.await.unwrap();
}
