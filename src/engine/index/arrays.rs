//! Arrays in memory, or in a memory-mapped file.

#[cfg(feature = "disk")]
use memmap2::Mmap;
#[cfg(feature = "disk")]
use std::{ops::Range, sync::Arc};

/// An array of numbers, in memory or mapped.
#[derive(Debug)]
pub(super) enum NumberArray {
    Own(Vec<u32>),
    #[cfg(feature = "disk")]
    Mapped(MappedRange),
}

/// An array of bytes, in memory or mapped.
#[derive(Debug)]
pub(super) enum ByteArray {
    Own(Vec<u8>),
    #[cfg(feature = "disk")]
    Mapped(MappedRange),
}

/// A range of a mapped file.
#[cfg(feature = "disk")]
#[derive(Debug)]
pub(super) struct MappedRange {
    pub file: Arc<Mmap>,
    pub range: Range<usize>,
}

#[cfg(feature = "disk")]
impl MappedRange {
    fn bytes(&self) -> &[u8] {
        self.file.get(self.range.clone()).unwrap_or_default()
    }
}

impl NumberArray {
    pub(super) fn as_slice(&self) -> &[u32] {
        match self {
            Self::Own(words) => words,
            // The ranges of a file are aligned for numbers.
            #[cfg(feature = "disk")]
            Self::Mapped(part) => bytemuck::try_cast_slice(part.bytes()).unwrap_or_default(),
        }
    }

    pub(super) fn get(&self, i: usize) -> Option<u32> {
        self.as_slice().get(i).copied()
    }

    pub(super) fn as_pairs(&self) -> &[[u32; 2]] {
        self.as_slice().as_chunks().0
    }
}

impl ByteArray {
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            #[cfg(feature = "disk")]
            Self::Mapped(part) => part.bytes(),
        }
    }
}
