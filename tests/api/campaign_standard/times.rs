//! Times, which are texts until they are read.

use letterhead::campaign_standard::{date, timestamp};
use proptest::prelude::*;

use super::{Campaign, UNIT};

#[tokio::test]
async fn times_are_read_when_they_are_asked_for() {
    let campaign = Campaign::start().await;
    let unit = campaign.client().get_organizational_unit();
    let unit = unit.org_unit_pkey(UNIT).send().await.unwrap();
    let created = timestamp(unit.created.as_deref().unwrap()).unwrap().unwrap();
    assert_eq!(created.to_string(), "2026-01-12T08:36:13.252Z");
    assert_eq!(date("1984-03-21").unwrap().unwrap().to_string(), "1984-03-21");
    assert_eq!((timestamp("").unwrap(), date("").unwrap()), (None, None));
    for wrong in ["1977-09-°4", "1984-02-30", "yesterday"] {
        let errors = [timestamp(wrong).unwrap_err(), date(wrong).unwrap_err()];
        for error in errors {
            assert!(error.is_decode() && !error.to_string().contains(wrong), "{error}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_stops_the_reading_of_times(text in any::<String>(), near in "[0-9TZ: .+-]{0,30}") {
        for text in [text, near] {
            let _ = (timestamp(&text), date(&text));
        }
    }

    #[test]
    fn every_time_is_read_as_it_was_written(milliseconds in 0..253_402_207_200_000_i64) {
        let time = letterhead::jiff::Timestamp::from_millisecond(milliseconds).unwrap();
        let written = time.strftime("%Y-%m-%d %H:%M:%S.%3fZ").to_string();
        prop_assert_eq!(timestamp(&written).unwrap(), Some(time));
    }
}
