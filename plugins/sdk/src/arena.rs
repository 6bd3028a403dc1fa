//! The module's memory: a static arena, used up from the bottom.
//!
//! An instance lives for one call, so memory is seldom worth giving back, and asking the host for
//! more (`memory.grow`) costs more than a whole calculation. The arena is part of the module's own
//! memory; the ordinary allocator only serves what no longer fits in it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};

/// 128 KiB hold the dossier and outcome of a case with some thousand rows.
const BYTES: usize = 128 << 10;

#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
#[global_allocator]
static ARENA: Arena<BYTES> = Arena::new();

/// Memory for one thread, of which only the latest allocation can grow, shrink or be given back.
pub struct Arena<const SIZE: usize = BYTES> {
    memory: UnsafeCell<Block<SIZE>>,
    /// Bytes in use, counted from the start of `memory`.
    used: Cell<usize>,
}

/// Aligned as the largest of the ordinary types.
#[repr(align(16))]
struct Block<const SIZE: usize>([u8; SIZE]);

#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
#[expect(
    unsafe_code,
    reason = "a static must be Sync, and WebAssembly without atomics has one thread"
)]
// SAFETY: there is no second thread that could reach the arena.
unsafe impl<const SIZE: usize> Sync for Arena<SIZE> {}

impl<const SIZE: usize> std::fmt::Debug for Arena<SIZE> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arena({} of {SIZE} bytes used)", self.used.get())
    }
}

impl<const SIZE: usize> Default for Arena<SIZE> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const SIZE: usize> Arena<SIZE> {
    pub const fn new() -> Self {
        Self { memory: UnsafeCell::new(Block([0; SIZE])), used: Cell::new(0) }
    }

    fn base(&self) -> *mut u8 {
        self.memory.get().cast()
    }

    /// Where an allocation would begin, when it fits.
    fn place(&self, layout: Layout) -> Option<usize> {
        let address = self.base().addr();
        let start = (address + self.used.get()).checked_next_multiple_of(layout.align())? - address;
        Self::fits(start, layout.size()).then_some(start)
    }

    const fn fits(start: usize, size: usize) -> bool {
        start <= SIZE && size <= SIZE - start
    }

    /// How far into the arena a pointer lies, when it does.
    fn offset(&self, pointer: *mut u8) -> Option<usize> {
        pointer.addr().checked_sub(self.base().addr()).filter(|offset| *offset < SIZE)
    }
}

#[expect(unsafe_code, reason = "an allocator hands out raw memory")]
// SAFETY: live allocations never overlap, because each begins at or after `used`, which only goes
// back to the start of the topmost one when that is given back; all else is left to `System`.
unsafe impl<const SIZE: usize> GlobalAlloc for Arena<SIZE> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.place(layout) {
            Some(start) => {
                self.used.set(start + layout.size());
                // SAFETY: `place` answers only what lies inside the arena.
                unsafe { self.base().add(start) }
            }
            // SAFETY: the caller's layout is passed on as it came.
            None => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        match self.offset(pointer) {
            Some(start) if start + layout.size() == self.used.get() => self.used.set(start),
            Some(_) => {}
            // SAFETY: what is not in the arena came from `System`.
            None => unsafe { System.dealloc(pointer, layout) },
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(start) = self.offset(pointer) else {
            // SAFETY: what is not in the arena came from `System`.
            return unsafe { System.realloc(pointer, layout, size) };
        };
        let topmost = start + layout.size() == self.used.get();
        if topmost && Self::fits(start, size) {
            self.used.set(start + size);
            return pointer;
        }
        // SAFETY: the caller vouches for the size; both blocks are live and as long as is copied.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(pointer, moved, layout.size().min(size));
                self.dealloc(pointer, layout);
            }
            moved
        }
    }
}

#[cfg(test)]
#[expect(unsafe_code, reason = "the tests call the allocator as the language would")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    /// One block that a program holds, filled with a byte of its own.
    struct Held {
        pointer: *mut u8,
        layout: Layout,
        mark: u8,
    }

    impl Held {
        fn new(arena: &Arena<512>, layout: Layout, mark: u8) -> Self {
            // SAFETY: the layout is not empty, and the block is as long as it says.
            let pointer = unsafe { arena.alloc(layout) };
            unsafe { pointer.write_bytes(mark, layout.size()) };
            Self { pointer, layout, mark }
        }

        fn resize(&mut self, arena: &Arena<512>, size: usize) {
            let kept = self.layout.size().min(size);
            // SAFETY: the block is live and has this layout.
            self.pointer = unsafe { arena.realloc(self.pointer, self.layout, size) };
            self.layout = bytes(size, self.layout.align());
            assert!(self.content()[..kept].iter().all(|byte| *byte == self.mark));
            // SAFETY: the block is now this long.
            unsafe { self.pointer.write_bytes(self.mark, size) };
        }

        fn content(&self) -> &[u8] {
            // SAFETY: the block is live and initialised to its whole length.
            unsafe { std::slice::from_raw_parts(self.pointer, self.layout.size()) }
        }

        fn is_intact(&self) -> bool {
            self.pointer.addr().is_multiple_of(self.layout.align())
                && self.content().iter().all(|byte| *byte == self.mark)
        }
    }

    #[test]
    fn the_latest_block_grows_in_place_and_is_given_back() {
        let arena = Arena::<512>::new();
        let mut block = Held::new(&arena, bytes(100, 8), 1);
        let before = block.pointer;
        block.resize(&arena, 400);
        assert_eq!((block.pointer, arena.used.get()), (before, 400));
        // SAFETY: the block is live and has this layout.
        unsafe { arena.dealloc(block.pointer, block.layout) };
        assert_eq!(arena.used.get(), 0);
    }

    #[test]
    fn what_does_not_fit_comes_from_the_ordinary_allocator() {
        let arena = Arena::<512>::new();
        let block = Held::new(&arena, bytes(513, 1), 1);
        assert_eq!(arena.offset(block.pointer), None);
        assert_eq!(arena.used.get(), 0);
        // SAFETY: the block is live and has this layout.
        unsafe { arena.dealloc(block.pointer, block.layout) };
    }

    proptest! {
        /// Any sequence of taking, resizing and giving back leaves every other block untouched.
        #[test]
        fn blocks_never_disturb_each_other(acts in prop::collection::vec((0u8..3, 1usize..200, 0u32..6), 1..60)) {
            let arena = Arena::<512>::new();
            let mut held: Vec<Held> = vec![];
            for (mark, (act, size, align)) in (1u8..).zip(acts) {
                match act {
                    1 if !held.is_empty() => {
                        let at = size % held.len();
                        held[at].resize(&arena, size);
                    }
                    2 if !held.is_empty() => {
                        let gone = held.swap_remove(size % held.len());
                        // SAFETY: the block is live and has this layout.
                        unsafe { arena.dealloc(gone.pointer, gone.layout) };
                    }
                    _ => held.push(Held::new(&arena, bytes(size, 1 << align), mark)),
                }
                prop_assert!(held.iter().all(Held::is_intact));
            }
            for block in held {
                // SAFETY: the block is live and has this layout.
                unsafe { arena.dealloc(block.pointer, block.layout) };
            }
        }
    }
}
