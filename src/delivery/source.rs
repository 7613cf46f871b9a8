//! The bytes as they come in: read in full blocks whatever the reader gives, hashed, counted and limited.
//! It knows nothing of what they mean.

use std::io::{self, ErrorKind, Read};

use sha2::{Digest, Sha256};

/// A reader with a digest, a count and a limit.
pub(super) struct Source<'r> {
    input: &'r mut dyn Read,
    block: Vec<u8>,
    block_bytes: usize,
    digest: Sha256,
    bytes: u64,
    limit: u64,
    held: Option<Supply>,
}

/// What reading a block gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// A block that is full unless it is the last.
    Block,
    /// The input has ended.
    End,
    /// The input is over the limit; what follows is not read.
    OverLimit,
}

impl<'r> Source<'r> {
    pub(super) fn new(input: &'r mut dyn Read, block_bytes: usize, limit: u64) -> Self {
        Self {
            input,
            block: Vec::new(),
            block_bytes: block_bytes.max(4),
            digest: Sha256::new(),
            bytes: 0,
            limit,
            held: None,
        }
    }

    /// The first block, which the next call of `supply` gives again.
    pub(super) fn head(&mut self) -> io::Result<&[u8]> {
        self.held = Some(self.supply()?);
        Ok(&self.block)
    }

    /// Reads until a block is full, so that nothing later depends on how the bytes arrived.
    pub(super) fn supply(&mut self) -> io::Result<Supply> {
        if let Some(held) = self.held.take() {
            return Ok(held);
        }
        self.block.resize(self.block_bytes, 0);
        let mut filled = 0;
        while filled < self.block_bytes {
            match self.input.read(&mut self.block[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.block.truncate(filled);
        self.bytes += filled as u64;
        self.digest.update(&self.block);
        Ok(match filled {
            _ if self.bytes > self.limit => Supply::OverLimit,
            0 => Supply::End,
            _ => Supply::Block,
        })
    }

    /// The block that was read last.
    pub(super) fn block(&self) -> &[u8] {
        &self.block
    }

    /// Reads on to the end, for the digest only; says whether the limit allowed it.
    pub(super) fn drain(&mut self) -> io::Result<Supply> {
        loop {
            let supply = self.supply()?;
            if supply != Supply::Block {
                return Ok(supply);
            }
        }
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The digest of the bytes that were read, in hexadecimal.
    pub(super) fn sha256(&self) -> String {
        hex::encode(self.digest.clone().finalize())
    }
}
