//! The resources that Campaign Standard has at the start.

use serde_json::json;

use super::{services, units};
use crate::store::{Store, segments};

/// The tenant that the credentials are for: the first segment of every path.
pub const CAMPAIGN_ORGANIZATION: &str = "fabrikam";
/// The built-in unit above all others.
pub const CAMPAIGN_ROOT_UNIT_PKEY: &str =
    "@1Xs8Qv-hT0cYb2Rk5Wd7Zm9Lp3Nf6Jg4Ha_Ue8Ot1Ir0Ks2Vx5Cy7Bw9";
/// The unit of the first profile, by name `contoso-brand`.
pub const CAMPAIGN_UNIT_PKEY: &str = "@2Gm4Jd7Fq-w9Zr1Xt3Vb5Nc8Kh0Ly2Pe4Si6Ou8Ta_1Wg3Rf5Dj7Mk9Bx0";
/// A unit that no profile belongs to, by name `northwind-brand`.
pub const CAMPAIGN_OTHER_UNIT_PKEY: &str =
    "@3Rb5Tn7Yk9-Uh1Mj3Gq5Fw7Dz9Xs2Cv4Bl6Np8Ke0La_2Hi4Jo6Gu8Ft1Ey";
/// A geographical unit.
pub const CAMPAIGN_GEO_UNIT_PKEY: &str =
    "@6Ng3Pc5Ws7-Yd9Fb1Ht4Jk6Lv8Qx0Zr2Em5Ui7Oa_9Cy1Tw3Gf5Bn7Sd2Kl";
/// A newsletter without subscribers, by name `contoso_news`, with the label `Contoso News`.
pub const CAMPAIGN_SERVICE_PKEY: &str =
    "@7Qw2Er4Ty6-Ui8Op0As1Df3Gh5Jk7Lz9Xc2Vb4Nm_6Qp8Wo1Ei3Ru5Yt7Al";
/// A static audience: [`CAMPAIGN_PROFILE_PKEY`].
pub const CAMPAIGN_AUDIENCE_PKEY: &str =
    "@8Zt5Hg3Kj1-Xv7Cn9Bq2Mw4Rs6Yd8Pf0Le3Ui5Oa_7Tk9Vx1Jz3Gb5Nh7Wc";
/// A delivery that both profiles received; [`CAMPAIGN_PROFILE_PKEY`] opened it, and
/// [`CAMPAIGN_LOOSE_PROFILE_PKEY`] clicked in it.
pub const CAMPAIGN_DELIVERY_PKEY: &str =
    "@9Pd2Sx4Fv6-Gb8Hn0Jm1Kq3Lw5Zr7Ct9Ye2Au4Io_6Dk8Wh0Vj2Xg4Np6Rs";
/// A profile that belongs to [`CAMPAIGN_UNIT_PKEY`].
pub const CAMPAIGN_PROFILE_PKEY: &str =
    "@4Kp6Wd8Zc0-Qx2Sa4Lv6Ty8Nb1Jm3Hu5Gr7Fi9De_0Co2Vk4Xl6Zp8Wt1Ys";
/// The e-mail address of [`CAMPAIGN_PROFILE_PKEY`].
pub const CAMPAIGN_PROFILE_EMAIL: &str = "nadia.osei@contoso.example";
/// A profile that belongs to no unit.
pub const CAMPAIGN_LOOSE_PROFILE_PKEY: &str =
    "@5Vh7Ln9Rt1-Bs3Dk5Jf7Gm9Pz2Qy4Xc6Wa8Ue0Io_1Ty3Nr5Kb7Ld9Hv2Mf";
/// The e-mail address of [`CAMPAIGN_LOOSE_PROFILE_PKEY`].
pub const CAMPAIGN_LOOSE_PROFILE_EMAIL: &str = "tomas+news@contoso.example";

pub(super) const UNITS: &str = "profileAndServicesExt/orgUnitBase";
const GEO_UNITS: &str = "profileAndServicesExt/geoUnitBase";
pub(super) const PROFILES: &str = "profileAndServicesExt/profile";
pub(super) const SERVICES: &str = "profileAndServicesExt/service";

/// Stores it all; `origin` is for the links.
pub(super) fn seed(store: &mut Store, origin: &str) {
    let base = format!("/{CAMPAIGN_ORGANIZATION}/campaign");
    for (units, key, label, parent) in [
        (UNITS, CAMPAIGN_ROOT_UNIT_PKEY, "All", ""),
        (UNITS, CAMPAIGN_UNIT_PKEY, "Contoso Brand", "All (all)"),
        (UNITS, CAMPAIGN_OTHER_UNIT_PKEY, "Northwind Brand", "All (all)"),
        (GEO_UNITS, CAMPAIGN_GEO_UNIT_PKEY, "Iberia", "All (all)"),
    ] {
        let name = label.to_lowercase().replace(' ', "-");
        let path = format!("{base}/{units}/{key}");
        let unit = json!({
            "PKey": key,
            "created": "2026-01-12 08:36:13.252Z",
            "desc": "",
            "href": format!("{origin}{path}"),
            "label": label,
            "lastModified": "2026-02-03 14:05:41.007Z",
            "name": name,
            "parentTitle": parent,
            "title": format!("{label} ({name})"),
        });
        store.put(&segments(&path), unit);
    }
    for (key, first, last, email) in [
        (CAMPAIGN_PROFILE_PKEY, "Nadia", "Osei", CAMPAIGN_PROFILE_EMAIL),
        (CAMPAIGN_LOOSE_PROFILE_PKEY, "Tomas", "Berg", CAMPAIGN_LOOSE_PROFILE_EMAIL),
    ] {
        let path = format!("{base}/{PROFILES}/{key}");
        let href = format!("{origin}{path}");
        let profile = json!({
            "PKey": key,
            "href": href,
            "title": format!("{first} {last} ({email})"),
            "firstName": first,
            "lastName": last,
            "email": email,
            "birthDate": "",
            "age": 0,
            "gender": "unknown",
            "preferredLanguage": "en_gb",
            "blackList": false,
            "blackListEmail": false,
            "created": "2026-01-19 10:22:07.530Z",
            "lastModified": "2026-02-21 16:48:55.118Z",
            "orgUnit": null,
            "geoUnit": null,
            "subscriptions": {"href": format!("{href}/subscriptions/")},
        });
        store.put(&segments(&path), profile);
    }
    let path = format!("{base}/{SERVICES}/{CAMPAIGN_SERVICE_PKEY}");
    let members = json!({"label": "Contoso News", "name": "contoso_news", "messageType": "email"});
    let service = services::service(CAMPAIGN_SERVICE_PKEY, &format!("{origin}{path}"), &members);
    store.put(&segments(&path), service);
    // Only filters look at them.
    let both = [CAMPAIGN_PROFILE_PKEY, CAMPAIGN_LOOSE_PROFILE_PKEY];
    for (path, record) in [
        (format!("audience/{CAMPAIGN_AUDIENCE_PKEY}"), json!({"profiles": both[..1]})),
        (
            format!("delivery/{CAMPAIGN_DELIVERY_PKEY}"),
            json!({"received": both, "opened": both[..1], "clicked": both[1..]}),
        ),
    ] {
        store.put(&segments(&format!("{base}/profileAndServicesExt/{path}")), record);
    }
    let unit = segments(&format!("{base}/{UNITS}/{CAMPAIGN_UNIT_PKEY}"));
    let profile = segments(&format!("{base}/{PROFILES}/{CAMPAIGN_PROFILE_PKEY}"));
    let link = store.get(&unit).map(units::link);
    if let (Some(link), Some(profile)) = (link, store.get(&profile).cloned()) {
        let mut linked = profile;
        linked["orgUnit"] = link;
        store.put(&segments(&format!("{base}/{PROFILES}/{CAMPAIGN_PROFILE_PKEY}")), linked);
    }
}
