//! What `cargo xtask bench build` builds beside it.

#[derive(serde::Deserialize, serde::Serialize, Debug)]
struct Profile {
    id: Option<String>,
    #[serde(flatten)]
    rest: serde_json::Map<String, serde_json::Value>,
}

#[tokio::main]
async fn main() -> Result<(), reqwest::Error> {
    let client = reqwest::Client::new();
    let profile: Profile = client.get("https://example.com").send().await?.json().await?;
    println!("{profile:?}");
    Ok(())
}
