//! What was measured, as a picture: time and memory over the size of the document.

use std::path::Path;

use anyhow::Context;
use plotters::coord::Shift;
use plotters::prelude::*;

use super::measure::Measured;
use super::table::Costs;

const SIZE: (u32, u32) = (1_100, 460);

/// Draws both, with logarithmic axes.
pub(super) fn draw(costs: &Costs, path: &Path) -> anyhow::Result<()> {
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (left, right) = area.split_horizontally(SIZE.0 / 2);
    #[expect(clippy::cast_precision_loss, reason = "some gigabytes")]
    let memory = |measured: &Measured| measured.memory() as f64 / 1024.0;
    panel(&left, "Time in seconds", costs, &|measured| measured.time().as_secs_f64())?;
    panel(&right, "Memory in MB", costs, &memory)?;
    area.present().with_context(|| format!("can't write `{}`", path.display()))
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    caption: &str,
    costs: &Costs,
    value: &dyn Fn(&Measured) -> f64,
) -> anyhow::Result<()> {
    let lines: Vec<(&str, Vec<(f64, f64)>)> = costs
        .columns
        .iter()
        .enumerate()
        .map(|(column, tool)| {
            let points = costs.rows.iter().filter_map(|(document, row)| {
                Some((document.megabytes(), value(row[column].as_ref()?)))
            });
            let mut points: Vec<(f64, f64)> = points.collect();
            points.sort_by(|(one, _), (other, _)| one.total_cmp(other));
            (tool.name, points)
        })
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let all = || lines.iter().flat_map(|(_, points)| points);
    let (sizes, values) = (range(all().map(|it| it.0)), range(all().map(|it| it.1)));
    let mut chart = ChartBuilder::on(area)
        .caption(caption, ("sans-serif", 18))
        .margin(10)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d(sizes.log_scale(), values.log_scale())?;
    chart.configure_mesh().x_desc("Document in MB").light_line_style(WHITE).draw()?;
    for (index, (name, points)) in lines.iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3);
        chart
            .draw_series(line)?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
    }
    let mut labels = chart.configure_series_labels();
    labels.position(SeriesLabelPosition::UpperLeft).background_style(WHITE.mix(0.8)).draw()?;
    Ok(())
}

/// From a little below the least to a little above the largest.
fn range(values: impl Iterator<Item = f64> + Clone) -> std::ops::Range<f64> {
    let least = values.clone().fold(f64::INFINITY, f64::min);
    least / 1.5..values.fold(0.0, f64::max) * 1.5
}
