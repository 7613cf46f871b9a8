//! The bytes as they come in: read in full blocks whatever the reader gives, hashed, counted and limited.
//! It knows nothing of what they mean.

use std::io::{self, ErrorKind, Read};

use sha2::{Digest, Sha256};

/// How many bytes tell what a file is.
const HEAD: usize = 4096;

/// A reader with a digest, a count and a limit.
pub(super) struct Source<'r> {
    input: &'r mut dyn Read,
    block: Vec<u8>,
    block_bytes: usize,
    digest: Sha256,
    bytes: u64,
    limit: u64,
    /// Bytes that were read to look ahead and are still to be supplied.
    ahead: Vec<u8>,
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
            ahead: Vec::new(),
        }
    }

    /// The first bytes, as many as there are up to a fixed number, whatever the size of blocks. `supply` still gives them.
    pub(super) fn head(&mut self) -> io::Result<&[u8]> {
        let held = self.ahead.len();
        self.ahead.resize(HEAD.max(held), 0);
        let filled = fill(self.input, &mut self.ahead[held..]);
        self.ahead.truncate(held + *filled.as_ref().unwrap_or(&0));
        filled?;
        Ok(&self.ahead)
    }

    /// Reads until a block is full, so that nothing later depends on how the bytes arrived.
    pub(super) fn supply(&mut self) -> io::Result<Supply> {
        self.block.resize(self.block_bytes, 0);
        let held = self.ahead.len().min(self.block_bytes);
        self.block[..held].copy_from_slice(&self.ahead[..held]);
        self.ahead.drain(..held);
        let filled = held + fill(self.input, &mut self.block[held..])?;
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

/// Reads until the room is full or the input ends; gives how many bytes were read.
fn fill(input: &mut dyn Read, room: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < room.len() {
        match input.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
