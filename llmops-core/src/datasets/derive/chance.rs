//! Chance that a seed decides: the same seed draws the same.

/// splitmix64, whose outputs are spread evenly for any seed.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below this one.
    fn below(&mut self, most: u64) -> u64 {
        // The upper half of the product: even to 1 in 2^64 / most.
        ((u128::from(self.next()) * u128::from(most)) >> 64) as u64
    }

    /// A part, each as likely as it has places left, of which one is taken; the parts are full when all are drawn.
    pub(super) fn draw(&mut self, left: &mut [u64]) -> Option<usize> {
        let total: u64 = left.iter().sum();
        if total == 0 {
            return None;
        }
        let mut at = self.below(total);
        for (part, places) in left.iter_mut().enumerate() {
            if at < *places {
                *places -= 1;
                return Some(part);
            }
            at -= *places;
        }
        None
    }
}

/// Shares of several counts, each in whole numbers that add up to it, so that also their sums are close to the shares.
pub(super) struct Shares<'s> {
    shares: &'s [f64],
    /// What the counts before left over.
    carried: Vec<f64>,
}

impl<'s> Shares<'s> {
    pub(super) fn new(shares: &'s [f64]) -> Self {
        Self { shares, carried: vec![0.0; shares.len()] }
    }

    /// The shares of the next count, by the largest remainder.
    pub(super) fn of(&mut self, count: u64) -> Vec<u64> {
        let exact: Vec<f64> =
            self.shares.iter().zip(&self.carried).map(|(share, carried)| count as f64 * share + carried).collect();
        let mut parts: Vec<u64> = exact.iter().map(|exact| exact.max(0.0).floor() as u64).collect();
        let by_rest = |parts: &[u64], largest: bool| {
            let rest = |part: &usize| exact[*part] - parts[*part] as f64;
            let order = |a: &usize, b: &usize| rest(a).total_cmp(&rest(b)).then(b.cmp(a));
            let all = (0..parts.len()).filter(|part| largest || parts[*part] > 0);
            if largest { all.max_by(order) } else { all.min_by(order) }
        };
        loop {
            let sum: u64 = parts.iter().sum();
            match sum.cmp(&count) {
                std::cmp::Ordering::Equal => break,
                std::cmp::Ordering::Less => match by_rest(&parts, true) {
                    Some(part) => parts[part] += 1,
                    None => break,
                },
                std::cmp::Ordering::Greater => match by_rest(&parts, false) {
                    Some(part) => parts[part] -= 1,
                    None => break,
                },
            }
        }
        for ((carried, exact), part) in self.carried.iter_mut().zip(exact).zip(&parts) {
            *carried = exact - *part as f64;
        }
        parts
    }
}
