//! Redis over TLS.

use std::path::Path;
use std::process::{Command, Stdio};

use letterhead_redis::client::{Client, TlsCertificates};
use letterhead_redis::{Key, Redis, WhenAway};

use crate::support::{PATIENCE, Server};

/// Makes a certificate for loopback that signs itself.
fn certificate(folder: &Path) {
    let status = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ])
        .args(["-subj", "/CN=letterhead", "-days", "2"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .status()
        .expect("`openssl` of Debian's package of the same name");
    assert!(status.success());
}

#[tokio::test]
async fn a_certificate_of_the_callers_is_trusted_and_no_other_one() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, certificate) = (path("key.pem"), path("certificate.pem"));
    let options = ["--tls-cert-file", &certificate, "--tls-key-file", &key];
    let server = Server::over_tls(&[&options[..], &["--tls-auth-clients", "no"]].concat());
    let url = server.url();

    let root_cert = Some(std::fs::read(&certificate).unwrap());
    let certificates = TlsCertificates { client_tls: None, root_cert };
    let client = Client::build_with_tls(&*url, certificates).unwrap();
    let info = client.get_connection_info().clone();
    let key = || Key::new([7; 32]);
    let trusting = Redis::builder_with(info, key(), WhenAway::FailClosed).timeout(PATIENCE);
    trusting.build().unwrap().check().await.unwrap();

    let others = Redis::builder(&url, key(), WhenAway::FailClosed).timeout(PATIENCE);
    let error = others.build().unwrap().check().await.unwrap_err();
    assert!(error.is_away() && error.to_string().contains("certificate"), "{error}");
}
