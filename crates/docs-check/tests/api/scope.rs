//! Which pages an operation has, what is settled for all operations, and which part of a lock folders are about.

use letterhead_docs_check::{Folder, Lock, Part};

use crate::shelter::{
    HORSES, PAGES, REMOVING, STABLE, compare, documents, folder, page, stable, text,
};

fn keys(outcome: letterhead_docs_check::Outcome) -> Vec<String> {
    outcome.findings.into_iter().map(|finding| finding.key).collect()
}

#[test]
fn a_page_that_is_not_found_under_its_name_is_missed_where_its_neighbours_are() {
    let mut pages = stable("", "");
    pages[1] = page("stable/horses-that-leave.md", &text(REMOVING));
    let outcome = compare(pages);
    let missed: Vec<_> = outcome.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(
        missed,
        [
            "no page here is called `removing-horses.html`, as `DELETE /barnExt/horse/{key}` names its page; \
          `stable/horses-that-leave.md` shows it"
        ]
    );
    // One page of several says nothing about the others.
    let outcome = compare(vec![page(REMOVING, &text(REMOVING))]);
    assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
    let unread: Vec<_> = outcome.unread.iter().map(|unread| unread.operation.as_str()).collect();
    assert!(unread.contains(&"GET /v1/feeds"), "{unread:?}");
}

#[test]
fn what_is_settled_for_all_operations_is_stale_where_no_page_shows_it() {
    let outcome = compare(stable("", ""));
    let decisions: Vec<_> = outcome.settled.iter().map(|quiet| quiet.settles.as_str()).collect();
    assert!(decisions.len() > 3 && decisions.iter().all(|key| *key == "base: * /barn"));
    let pages = STABLE.map(|path| page(path, &text(path).replace("/barn/", "/barnExt/")));
    assert_eq!(keys(compare(pages.into())), ["stale: stable-base base: * /barn"]);
    // Where pages are missing, one of them may show it.
    let pages = vec![page(REMOVING, &text(REMOVING).replace("/barn/", "/barnExt/"))];
    assert_eq!(keys(compare(pages)), Vec::<String>::new());
}

#[test]
fn operations_are_paired_on_evidence() {
    let all = text(HORSES);
    let (start, _) = all.split_once("Retrieve its rides.").unwrap();
    let more = "Look at its stall.\n\n```\n-X GET https://mc.stable.example/<ORGANIZATION>/api/barn/horse/<PKEY>/stall \\\n\
                -H 'Authorization: Bearer <ACCESS_TOKEN>' \\\n-H 'X-Api-Key: <API_KEY>'\n```\n\n```\n{ \"row\": 4 }\n```\n\n\
                ```\n-X DELETE https://mc.stable.example/<ORGANIZATION>/api/barn/horse/<PKEY>/stall \\\n\
                -H 'Authorization: Bearer <ACCESS_TOKEN>' \\\n-H 'X-Api-Key: <API_KEY>'\n```\n";
    let outcome = compare(stable(HORSES, &format!("{start}{more}")));
    // Neither the last segment nor the sample speaks for the rides, which are missing here.
    assert_eq!(
        keys(outcome),
        [
            "operation: GET /barn/horse/{}/stall",
            "operation: DELETE /barn/horse/{}/stall",
            "unmentioned: GET /barnExt/horse/{key}/rides",
        ]
    );
}

#[test]
fn what_an_address_has_in_its_query_is_said_of_its_operation() {
    let text = "# X\n\n| Method | Request URI |\n|---|---|\n| **GET** | {baseURL}/v1/animals?size={size} |\n\
                | **GET** | {baseURL}/v1/feeds?kind={kind} |\n\n### URI parameters\n\n| Name | Type |\n|---|---|\n\
                | limit | int |\n";
    let lock = Lock::of(&[page("learn/x.md", text)]).write();
    let said: Vec<&str> = lock.lines().filter(|line| line.contains(" parameter ")).collect();
    assert_eq!(
        said,
        [
            "GET /v1/animals: query parameter size",
            "GET /v1/animals: unknown parameter limit",
            "GET /v1/feeds: query parameter kind",
            "GET /v1/feeds: unknown parameter limit",
        ]
    );
}

#[test]
fn a_lock_keeps_what_is_not_in_the_folders() {
    let everything: Vec<_> =
        PAGES.into_iter().chain(STABLE).map(|path| page(path, &text(path))).collect();
    let lock = || Lock::read(&Lock::of(&everything).write()).unwrap();
    let documents = documents();
    let renewed = |folder: &Folder| Part::of(lock(), folder).renewed(folder, &documents);
    // The folder of one vendor, which knows nothing of the folder above.
    let own = |path: &'static str| page(path.strip_prefix("stable/").unwrap(), &text(path));
    let one = folder(vec![own(HORSES), own(REMOVING)]);
    let part = Part::of(lock(), &one);
    assert_eq!(part.lock.paths().count(), 4);
    assert_eq!(part.elsewhere().count(), 4);
    let new = renewed(&one);
    assert_eq!((new.lock.paths().count(), new.kept, new.gone.len()), (6, 4, 2));
    assert!(new.lock.paths().any(|path| path == HORSES));
    // Several folders, each with its name, and a single file.
    let roots = |roots: &[&str], paths: &[&'static str]| Folder {
        roots: roots.iter().map(|root| (*root).to_owned()).collect(),
        pages: paths.iter().map(|path| page(path, &text(path))).collect(),
        ..Folder::default()
    };
    let two = roots(&["stable/", "league/"], &[HORSES, REMOVING, STABLE[2], STABLE[3], PAGES[3]]);
    assert_eq!(Part::of(lock(), &two).elsewhere().count(), 3);
    assert_eq!(renewed(&two).lock.write(), lock().write());
    let file = roots(&[HORSES], &[HORSES]);
    assert_eq!(renewed(&file).lock.write(), lock().write());
    // A vendor that all of the folders have nothing of is not gone.
    let some = roots(&[""], &STABLE);
    assert_eq!(renewed(&some).lock.write(), lock().write());
}
