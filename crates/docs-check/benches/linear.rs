//! Whether what a page takes grows with its size alone.
//!
//! Each page is read, compared and shown in three sizes under valgrind. Per byte more, the last step may take hardly
//! more instructions than the first one; with the square of the size it would take twice as many.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

#[path = "../../../benches/counter/mod.rs"]
mod counter;
#[path = "../tests/api/nasties.rs"]
mod nasties;
#[allow(dead_code, reason = "the tests have more of it")]
#[path = "../tests/api/shelter.rs"]
mod shelter;

use std::env;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use counter::{Counter, INSTRUCTIONS};
use letterhead_docs_check::{Extent, Format, Lock, Look, check, checked};
use nasties::{NASTIES, SAMPLES};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How much more the last step may take than the first one.
const MOST: f64 = 1.5;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    if let [which, size] = arguments.as_slice() {
        work(which.parse()?, size.parse()?);
        return Ok(());
    }
    if !Counter::is_there()? {
        return Err("`valgrind`, which counts instructions, isn't installed".into());
    }
    println!("{:>5}  {:>9}  {:>12}  {:>12}", "page", "size", "first step", "last step");
    let sizes: Vec<usize> = NASTIES.iter().chain(&SAMPLES).map(|(size, _)| *size).collect();
    // What is counted doesn't depend on what else runs.
    let next = AtomicUsize::new(0);
    let steep = thread::scope(|scope| {
        let worker = || {
            let mut steep = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(size) = sizes.get(index) else { return Ok(steep) };
                if is_steep(index, u32::try_from(*size)? / 4)? {
                    steep.push(index);
                }
            }
        };
        let count = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(worker)).collect();
        let found = workers.into_iter().map(|it| it.join().expect("a worker ends"));
        found.collect::<Result<Vec<Vec<usize>>, Fault>>()
    })?;
    let steep = steep.concat();
    if !steep.is_empty() {
        return Err(format!("the pages {steep:?} take more than their size").into());
    }
    Ok(())
}

/// Whether a page takes more per byte the larger it is.
fn is_steep(index: usize, whole: u32) -> Result<bool, Fault> {
    let sizes = [whole / 4, whole / 2, whole];
    let counts = sizes.map(|size| INSTRUCTIONS.count(&[&index.to_string()], size));
    let [small, middle, large] = counts;
    let middle = middle?;
    let first = (middle - small?) / f64::from(sizes[1] - sizes[0]);
    let last = (large? - middle) / f64::from(sizes[2] - sizes[1]);
    println!("{index:>5}  {whole:>9}  {first:>12.0}  {last:>12.0}");
    Ok(last > first * MOST)
}

/// Reads, compares, shows and locks a page in a size.
fn work(which: usize, size: usize) {
    let (_, nasty) = NASTIES.iter().chain(&SAMPLES).nth(which).expect("the driver counts them");
    let all = shelter::folder(vec![shelter::page(shelter::LEARN, &nasty(size))]);
    let documents = shelter::documents();
    let outcome = check(&all, &documents);
    let extent = Extent { coverage: true, max: None };
    let look = (Format::Human, Look::default());
    checked((&all, &documents, &outcome), look, extent, &mut Vec::new()).expect("it is memory");
    let written = Lock::of(&all.pages).write();
    Lock::read(&written).expect("what was written can be read");
}
