//! Mean and variance of numbers, a block at a time: within a block there are sums of what numbers are beyond its first one, and
//! blocks are put together (Chan, Golub and LeVeque 1979). It takes no division for each number and is as near as Welford's way.

use super::super::binary::{In, Out};

/// Numbers of a block.
const BLOCK: u64 = 256;

/// Numbers in the making of their mean and variance.
#[derive(Clone, Default)]
pub(super) struct Moments {
    /// Of the blocks before: how many numbers, their mean, and the sum of squares about it.
    count: u64,
    mean: f64,
    squares: f64,
    /// Of the block under way: how many numbers, the first, and the sums of what they are beyond it and of its squares.
    held: u64,
    first: f64,
    sum: f64,
    of_squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, x: f64) {
        if self.held == BLOCK {
            self.close();
        }
        if self.held == 0 {
            self.first = x;
        }
        let beyond = x - self.first;
        self.sum += beyond;
        self.of_squares += beyond * beyond;
        self.held += 1;
    }

    fn close(&mut self) {
        let (before, held) = (self.count as f64, self.held as f64);
        let mean = self.first + self.sum / held;
        let squares = (self.of_squares - self.sum * self.sum / held).max(0.0);
        let off = mean - self.mean;
        self.mean += off * (held / (before + held));
        self.squares += squares + off * off * before * (held / (before + held));
        self.count += self.held;
        (self.held, self.sum, self.of_squares) = (0, 0.0, 0.0);
    }

    /// Mean and variance.
    pub(super) fn end(mut self) -> (f64, f64) {
        if self.held > 0 {
            self.close();
        }
        (self.mean, self.squares / self.count.max(1) as f64)
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        let Self { count, mean, squares, held, first, sum, of_squares } = *self;
        [count, held].into_iter().for_each(|number| out.u64(number));
        [mean, squares, first, sum, of_squares].into_iter().for_each(|number| out.f64(number));
    }

    /// What was put there, of so many numbers.
    pub(super) fn read(from: &mut In<'_>, all: u64) -> Option<Self> {
        let (count, held) = (from.u64()?, from.u64()?);
        let [mean, squares, first, sum, of_squares] = [from.f64()?, from.f64()?, from.f64()?, from.f64()?, from.f64()?];
        let read = Self { count, mean, squares, held, first, sum, of_squares };
        (held <= BLOCK && count.checked_add(held) == Some(all)).then_some(read)
    }
}
