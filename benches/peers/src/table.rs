//! The table.

use crate::{measure::Cost, peers::PEERS, workloads::Workload};

/// How wide a client's column is.
const WIDTH: usize = 15;

pub fn print_head() {
    println!("time and processor time of a request: µs of the bare loop, and multiples of them\n");
    print!("{:<26}", "");
    for (name, _) in PEERS {
        print!("{name:>WIDTH$}");
    }
    println!();
}

/// The first client is what the others are measured by.
pub fn print_row(workload: &Workload, costs: &[Option<Vec<Cost>>]) {
    print!("{:<26}", workload.name);
    let Some((Some(floor), others)) = costs.split_first() else { return };
    let of_floor = |part: fn(&Cost) -> f64| median(floor.iter().map(part).collect());
    print!("{:>WIDTH$}", cell(of_floor(|cost| cost.wall), of_floor(|cost| cost.processor), 1));
    for costs in others {
        let Some(costs) = costs else {
            print!("{:>WIDTH$}", "–");
            continue;
        };
        let ratio = |part: fn(&Cost) -> f64| {
            median(costs.iter().zip(floor).map(|(cost, floor)| part(cost) / part(floor)).collect())
        };
        print!("{:>WIDTH$}", cell(ratio(|cost| cost.wall), ratio(|cost| cost.processor), 2));
    }
    println!();
}

fn cell(wall: f64, processor: f64, digits: usize) -> String {
    format!("{wall:.digits$} {processor:>6.digits$}")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
