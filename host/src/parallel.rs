//! Work shared out over a few threads.

use std::sync::Mutex;

/// Does `work` on every item, on so many threads, and keeps the order.
///
/// The caller waits without holding up other tasks. A thread takes an item when it has finished one,
/// so a slow item holds up only itself.
pub async fn map<T, U, F>(items: Vec<T>, threads: usize, work: F) -> Vec<U>
where
    T: Send + 'static,
    U: Send + 'static,
    F: Fn(T) -> U + Send + Sync + 'static,
{
    let shared = tokio::task::spawn_blocking(move || map_blocking(items, threads, &work));
    shared.await.expect("the work does not panic and is never cancelled")
}

fn map_blocking<T: Send, U: Send>(
    items: Vec<T>,
    threads: usize,
    work: &(impl Fn(T) -> U + Sync),
) -> Vec<U> {
    let count = items.len();
    let waiting = Mutex::new(items.into_iter().enumerate());
    let next = || waiting.lock().expect("taking an item does not panic").next();
    let take_until_empty = || {
        let mut done = Vec::with_capacity(count / threads.max(1) + 1);
        while let Some((place, item)) = next() {
            done.push((place, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, U)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take_until_empty)).collect();
        let mut done = take_until_empty();
        for other in others {
            done.extend(other.join().expect("the work does not panic"));
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// One thread for each core.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_come_back_in_order_whatever_the_number_of_threads() {
        for threads in [0, 1, 2, 7] {
            let squares = map((0..100).collect(), threads, |n: u32| n * n).await;
            assert_eq!(squares, (0..100).map(|n| n * n).collect::<Vec<_>>());
        }
    }
}
