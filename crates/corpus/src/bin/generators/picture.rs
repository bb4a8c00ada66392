//! The ratios and the score as a picture.

use std::path::Path;

use anyhow::Context;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::page::{Pair, Report};

const WIDTH: i32 = 860;
const LINE: i32 = 24;
/// Where the bars begin and end; before them stands what they are of, behind them the figure.
const SCALE: [i32; 2] = [330, 760];

/// A bar: what it is of, how long it is of 1, and its figure. A title has no bar.
type Bar = (String, Option<(f64, String)>);

/// Draws how many questions each tool has right, and what letterhead takes as a share of what the others take.
pub(super) fn draw(report: &Report<'_>, path: &Path) -> anyhow::Result<()> {
    let bars = bars(report);
    let height = LINE * i32::try_from(bars.len() + 1)?;
    let size = (u32::try_from(WIDTH)?, u32::try_from(height)?);
    let area = SVGBackend::new(path, size).into_drawing_area();
    area.fill(&WHITE)?;
    let text = ("sans-serif", 13).into_font().color(&BLACK);
    let at = |horizontal| Pos::new(horizontal, VPos::Center);
    let longest = bars.iter().filter_map(|(_, bar)| Some(bar.as_ref()?.0)).fold(1.0, f64::max);
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    let across =
        |length: f64| SCALE[0] + (length / longest * f64::from(SCALE[1] - SCALE[0])) as i32;
    for (index, (what, bar)) in bars.iter().enumerate() {
        let middle = LINE * i32::try_from(index)? + LINE;
        let Some((length, figure)) = bar else {
            let title = ("sans-serif", 14, FontStyle::Bold).into_font().color(&BLACK);
            area.draw(&Text::new(what.clone(), (8, middle), title.pos(at(HPos::Left))))?;
            continue;
        };
        let name = text.clone().pos(at(HPos::Right));
        area.draw(&Text::new(what.clone(), (SCALE[0] - 12, middle), name))?;
        let bar = [(SCALE[0], middle - 6), (across(*length), middle + 6)];
        area.draw(&Rectangle::new(bar, RGBColor(70, 120, 180).filled()))?;
        let end = text.clone().pos(at(HPos::Left));
        area.draw(&Text::new(figure.clone(), (SCALE[1] + 12, middle), end))?;
    }
    area.present().with_context(|| format!("can't write `{}`", path.display()))
}

fn bars(report: &Report<'_>) -> Vec<Bar> {
    let mut bars = vec![("Questions that are right".to_owned(), None)];
    let all = report.score.questions.len();
    for (place, tool) in report.tools.iter().enumerate() {
        let right = report.score.right(place);
        #[expect(clippy::cast_precision_loss, reason = "forty")]
        let share = right as f64 / all as f64;
        bars.push((tool.name.to_owned(), Some((share, format!("{right} of {all}")))));
    }
    if let Some(measured) = &report.measured {
        bars.push((
            "What letterhead takes for an operation, of what the other takes".to_owned(),
            None,
        ));
        let mut figure = |what: &str, pair: &dyn Fn(usize) -> Pair| {
            for (place, tool) in report.tools.iter().enumerate().skip(1) {
                let pair = pair(place);
                if pair.documents > 0 {
                    let bar = (pair.ratio(), format!("{:.2}", pair.ratio()));
                    bars.push((format!("{what}, {}", tool.name), Some(bar)));
                }
            }
        };
        figure("generation", &|tool| measured.generation(tool));
        figure("cold check", &|tool| measured.check(tool));
        figure("memory of the check", &|tool| measured.memory(tool));
    }
    bars
}
