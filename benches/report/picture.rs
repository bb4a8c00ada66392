//! The ratios of a run as a picture: a line for each figure, from where both sides are equal.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::Fault;

const WIDTH: i32 = 860;
const LINE: i32 = 24;
/// Where the lines begin and end; before them stands what they are of, behind them the ratio.
const SCALE: [i32; 2] = [330, 760];

/// A ratio with the smallest and the largest of all rounds; a title has none.
pub(super) type Bar = (String, Option<[f64; 3]>);

pub(super) fn draw(bars: &[Bar], path: &Path) -> Result<(), Fault> {
    let height = LINE * i32::try_from(bars.len() + 1)?;
    let size = (u32::try_from(WIDTH)?, u32::try_from(height)?);
    let area = SVGBackend::new(path, size).into_drawing_area();
    area.fill(&WHITE)?;
    let all = || bars.iter().filter_map(|(_, ratios)| *ratios).flatten().chain([1.0]);
    let (least, most) = (all().fold(1.0, f64::min) / 1.1, all().fold(1.0, f64::max) * 1.1);
    // Logarithmic: half and twice are as far from where both are equal.
    let share = |ratio: f64| (ratio / least).ln() / (most / least).ln();
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    let across = |ratio: f64| SCALE[0] + (share(ratio) * f64::from(SCALE[1] - SCALE[0])) as i32;
    let at = |horizontal| Pos::new(horizontal, VPos::Center);
    let text = ("sans-serif", 13).into_font().color(&BLACK);
    let equal = [(across(1.0), LINE / 2), (across(1.0), height - LINE / 2)];
    area.draw(&PathElement::new(equal, RGBColor(150, 150, 150)))?;
    for (index, (what, ratios)) in bars.iter().enumerate() {
        let middle = LINE * i32::try_from(index)? + LINE;
        let Some([min, ratio, max]) = *ratios else {
            let title = ("sans-serif", 14, FontStyle::Bold).into_font().color(&BLACK);
            area.draw(&Text::new(what.clone(), (8, middle), title.pos(at(HPos::Left))))?;
            continue;
        };
        let name = text.clone().pos(at(HPos::Right));
        area.draw(&Text::new(what.clone(), (SCALE[0] - 12, middle), name))?;
        let bar = [(across(1.0), middle - 6), (across(ratio), middle + 6)];
        area.draw(&Rectangle::new(bar, RGBColor(70, 120, 180).filled()))?;
        area.draw(&PathElement::new([(across(min), middle), (across(max), middle)], BLACK))?;
        let figure = text.clone().pos(at(HPos::Left));
        area.draw(&Text::new(format!("{ratio:.2}"), (SCALE[1] + 12, middle), figure))?;
    }
    area.present().map_err(|error| format!("{}: {error}", path.display()).into())
}
