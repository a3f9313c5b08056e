//! The angles of rotary positions.

use super::Config;

/// One frequency per pair of dimensions.
pub(super) fn frequencies(config: &Config) -> Vec<f32> {
    let width = config.head_dim();
    let plain = (0..width).step_by(2).map(|i| 1.0 / config.rope_theta.powf(i as f32 / width as f32));
    let Some(scaling) = &config.rope_scaling else { return plain.collect() };
    let original = match scaling.original_max_position_embeddings {
        0 => config.max_position_embeddings,
        stated => stated,
    } as f32;
    let (longest, shortest) = (original / scaling.low_freq_factor, original / scaling.high_freq_factor);
    let stretched = |frequency: f32| {
        let wave = 2.0 * std::f32::consts::PI / frequency;
        if wave < shortest {
            frequency
        } else if wave > longest {
            frequency / scaling.factor
        } else {
            let kept =
                (original / wave - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor);
            (1.0 - kept) * frequency / scaling.factor + kept * frequency
        }
    };
    plain.map(stretched).collect()
}

/// Cosines and sines of `positions`, one row each.
pub(super) fn angles(frequencies: &[f32], positions: impl Iterator<Item = usize>) -> (Vec<f32>, Vec<f32>) {
    let of_position =
        |position: usize| frequencies.iter().map(move |frequency| (position as f32 * frequency).sin_cos());
    positions.flat_map(of_position).map(|(sin, cos)| (cos, sin)).unzip()
}
