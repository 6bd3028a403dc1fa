//! Sharing an amount out so that the parts sum to the whole øre.

use ydun_domain::Dkk;

/// Shares `total` in proportion to the weights: whole øre, the largest fraction first, then the earliest.
///
/// When the total is no more than the weights together, no part is larger than its weight. Without
/// any weight there is nobody to share among, and every part is zero.
pub fn share(total: Dkk, weights: &[Dkk]) -> Vec<Dkk> {
    let sum: i128 = weights.iter().map(|weight| i128::from(weight.oere())).sum();
    if sum == 0 {
        return vec![Dkk::ZERO; weights.len()];
    }
    let raw = weights.iter().map(|weight| i128::from(total.oere()) * i128::from(weight.oere()));
    let raw: Vec<i128> = raw.collect();
    let mut parts: Vec<i128> = raw.iter().map(|raw| raw / sum).collect();
    let rest = i128::from(total.oere()) - parts.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..raw.len()).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(raw[*place] % sum), *place));
    for place in order.into_iter().take(usize::try_from(rest).expect("less than the parts")) {
        parts[place] += 1;
    }
    let amount = |oere| Dkk::from_oere(i64::try_from(oere).expect("a part is less than the whole"));
    parts.into_iter().map(amount).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amounts(oere: &[i64]) -> Vec<Dkk> {
        oere.iter().copied().map(Dkk::from_oere).collect()
    }

    #[test]
    fn the_largest_fraction_gets_the_odd_oere_first_and_then_the_earliest() {
        for (total, weights, expected) in [
            (10, &[1, 1, 1][..], &[4, 3, 3][..]),
            (11, &[1, 1, 1], &[4, 4, 3]),
            (5, &[1, 2], &[2, 3]), // 1.67 and 3.33
            (0, &[7, 8], &[0, 0]),
            (0, &[0, 0], &[0, 0]),
            (0, &[], &[]),
        ] {
            assert_eq!(share(Dkk::from_oere(total), &amounts(weights)), amounts(expected));
        }
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_whole_and_none_is_larger_than_its_weight(
            weights in prop::collection::vec(0..1_000_000i64, 1..8),
            part in 0..=100i64,
        ) {
            let weights = amounts(&weights);
            let sum: Dkk = weights.iter().copied().sum();
            let total = Dkk::from_oere(sum.oere() * part / 100);
            let parts = share(total, &weights);
            prop_assert_eq!(parts.iter().copied().sum::<Dkk>(), total);
            prop_assert!(parts.iter().zip(&weights).all(|(part, weight)| part <= weight));
        }
    }
}
