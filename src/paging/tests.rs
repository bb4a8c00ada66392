//! Lists that are an array at the top level and lead on with a `Link` header, as a generated module has
//! them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use http::Method;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::Position;
use crate::auth_headers::{Headers, Part};
use crate::credential::Source;
use crate::error::ErrorBody;
use crate::layer::{Behaviour, ClientBuilder, JsonLists, Layer, Operation, Repeatable, Vendor};
use crate::{Error, ErrorKind, VendorClient};

static VENDOR: Vendor = Vendor::new(
    letterhead_spec::VENDORS[0],
    Behaviour {
        root: "",
        error_body: |status, _, _| ErrorBody::unread(status),
        is_error: |_, _| false,
        throttled_for: None,
        lists: JsonLists {
            items: "members",
            id: "id",
            first: |call| call,
            after: |_, _| Ok(None),
            at: |call, _| call,
        },
    },
);

#[derive(Clone, Debug)]
struct Client(Layer);

struct Credential(Source);

impl From<Credential> for Source {
    fn from(credential: Credential) -> Self {
        credential.0
    }
}

impl VendorClient for Client {
    type Credential = Credential;

    fn from_layer(layer: Layer) -> Self {
        Self(layer)
    }

    fn layer(&self) -> &Layer {
        &self.0
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Member {
    id: Option<String>,
}

mod builder {
    use super::{Client, Error, Member, Method, Operation, Repeatable, VendorClient};
    use crate::layer::Options;

    #[derive(Clone)]
    pub(super) struct ListMembers {
        pub(super) client: Client,
        pub(super) options: Options,
    }

    static LIST: Operation = Operation {
        name: "list_members",
        method: Method::GET,
        path: "/orgs/{org}/members",
        repeatable: Repeatable::Always,
        clouds: &[],
        takes: None,
    };

    impl ListMembers {
        pub(super) fn place(&self) -> (&'static str, Vec<String>) {
            (LIST.name, vec!["acme".to_owned()])
        }

        pub(super) fn into_parts(self) -> (Client, Options) {
            (self.client, self.options)
        }

        pub(super) fn options(mut self, options: Options) -> Self {
            self.options = options;
            self
        }

        pub(super) async fn send(self) -> Result<crate::Reply<Vec<Member>>, Error> {
            let call = self.client.layer().call(&LIST, self.options);
            let call = call.segment(Ok("acme".to_owned()));
            let call = call.query("per_page", Ok("2".to_owned()));
            call.send_list(None, |page: &mut Vec<Member>| page).await
        }
    }
}

listing!(ListMembers, [Member], |member| member.id.as_deref());

/// A service of scripted pages, each a `Link` header and a body, and the requests that it got.
#[derive(Clone)]
struct Pages {
    url: String,
    script: Arc<Mutex<VecDeque<(String, String)>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Pages {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pages = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::default(),
            requests: Arc::default(),
        };
        let served = pages.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    request.push(stream.read_u8().await.unwrap());
                }
                let request = String::from_utf8(request).unwrap();
                served.requests.lock().unwrap().push(request);
                let (link, body) = served.script.lock().unwrap().pop_front().unwrap();
                let response = format!(
                    "HTTP/1.1 200 OK\r\n{link}connection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(response.as_bytes()).await.unwrap();
            }
        });
        pages
    }

    /// Serves one more page; `links` are the values of its `Link` headers.
    fn page(&self, links: &[&str], body: &str) -> &Self {
        let links: Vec<_> = links.iter().map(|link| format!("link: {link}\r\n")).collect();
        let mut script = self.script.lock().unwrap();
        script.push_back((links.concat(), body.to_owned()));
        self
    }

    fn list(&self) -> builder::ListMembers {
        let credential = Headers::new(&[Part::bearer("a-token")]).unwrap();
        let client = ClientBuilder::<Client>::new(&VENDOR, &self.url);
        let client = client.credential(Credential(credential.into()));
        builder::ListMembers {
            client: client.build().unwrap(),
            options: crate::layer::Options::default(),
        }
    }

    /// What the list comes to from `position` on: its ids and its errors in order, and where it stopped.
    async fn all(&self, position: Position) -> (Vec<Result<String, Error>>, Option<Position>) {
        let (mut items, mut all) = (self.list().items_from(position), Vec::new());
        while let Some(item) = items.next().await {
            all.push(item.map(|member: Member| member.id.unwrap()));
        }
        (all, items.position())
    }

    /// The targets of the requests.
    fn targets(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let targets = requests.iter().map(|it| it.split(' ').nth(1).unwrap());
        targets.map(str::to_owned).collect()
    }
}

fn ids(items: Vec<Result<String, Error>>) -> Vec<String> {
    items.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn pages_are_followed_in_order_to_the_last() {
    let pages = Pages::start().await;
    let absolute =
        format!("<{0}/organizations/7/members?page=2>; rel=\"next\", <{0}/x>; rel=last", pages.url);
    pages
        .page(&[&absolute], r#"[{"id":"a"},{"id":"b"}]"#)
        .page(&["</x>; rel=\"prev\"", "<?page=3>; rel=\"next\""], "[]")
        .page(&["</x>; rel=\"first prev\""], r#"[{"id":"c"}]"#);
    let (items, position) = pages.all(Position::default()).await;
    assert_eq!((ids(items), position), (vec!["a".into(), "b".into(), "c".into()], None));
    assert_eq!(
        pages.targets(),
        [
            "/orgs/acme/members?per_page=2",
            "/organizations/7/members?page=2",
            "/organizations/7/members?page=3",
        ]
    );
    let requests = pages.requests.lock().unwrap();
    assert!(requests.iter().all(|it| it.contains("authorization: Bearer a-token")));
}

#[tokio::test]
async fn a_link_to_another_host_gets_no_credential() {
    let other = Pages::start().await;
    let host = other.url.trim_start_matches("http:");
    for target in [&*other.url, host, "https://a.example/x"] {
        let pages = Pages::start().await;
        pages.page(&[&format!("<{target}>; rel=next")], r#"[{"id":"a"}]"#);
        let (mut items, position) = pages.all(Position::default()).await;
        let error = items.pop().unwrap().unwrap_err();
        assert!(error.to_string().contains("the credential would go with it"), "{error}");
        assert_eq!(ids(items), ["a"]);
        assert!(position.is_some() && pages.targets().len() == 1);
    }
    assert!(other.targets().is_empty());
}

#[tokio::test]
async fn a_list_that_leads_in_a_circle_ends() {
    let pages = Pages::start().await;
    for _ in 0..2 {
        pages.page(&["</a>; rel=next"], r#"[{"id":"a"}]"#);
    }
    let (mut items, _) = pages.all(Position::default()).await;
    assert_eq!(items.pop().unwrap().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(ids(items), ["a"]);
}

#[tokio::test]
async fn a_link_that_cannot_be_read_is_no_quiet_end() {
    let pages = Pages::start().await;
    pages.page(&["</a; rel=next"], r#"[{"id":"a"}]"#);
    let (mut items, position) = pages.all(Position::default()).await;
    assert_eq!(items.pop().unwrap().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(ids(items), ["a"]);
    assert!(position.is_some());
}

#[tokio::test]
async fn an_item_that_cannot_be_decoded_is_an_error_in_its_place() {
    let pages = Pages::start().await;
    pages
        .page(&["</b>; rel=next"], "[{\"id\":\"a\"},\n {\"id\":{}}, {\"id\":\"b\"}]")
        .page(&[], r#"[{"id":"c"}]"#);
    let (mut items, _) = pages.all(Position::default()).await;
    let error = items.remove(1).unwrap_err();
    assert_eq!(error.item().unwrap().json(), r#"{"id":{}}"#);
    assert!(error.to_string().contains("[1].id"), "{error}");
    assert_eq!(ids(items), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_position_outlives_the_address_of_the_service() {
    let pages = Pages::start().await;
    let link = format!("<{}/b?after=a>; rel=next", pages.url);
    pages.page(&[&link], r#"[{"id":"a"}]"#).page(&[], r#"[{"id":"b"},{"id":"c"}]"#);
    let mut items = pages.list().items();
    for _ in 0..2 {
        items.next().await.unwrap().unwrap();
    }
    let position = serde_json::to_string(&items.position()).unwrap();
    let moved = Pages::start().await;
    moved.page(&[], r#"[{"id":"b"},{"id":"c"}]"#);
    let (items, _) = moved.all(serde_json::from_str(&position).unwrap()).await;
    assert_eq!((ids(items), moved.targets()), (vec!["c".into()], vec!["/b?after=a".into()]));
}

#[tokio::test]
async fn what_is_no_array_is_not_taken_for_an_empty_list() {
    for body in ["", "null", "{}", "{\"members\":[]}", "7"] {
        let pages = Pages::start().await;
        pages.page(&[], body);
        let (mut items, _) = pages.all(Position::default()).await;
        assert_eq!(items.pop().unwrap().unwrap_err().kind(), ErrorKind::Decode, "{body}");
        assert!(items.is_empty());
    }
}
