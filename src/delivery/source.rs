//! The bytes as they come in: read in full blocks whatever the reader gives, hashed, counted and limited.
//! It knows nothing of what they mean.

use std::io::{self, BufRead, ErrorKind, Read};

use sha2::{Digest, Sha256};

use super::container::HEAD;

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
    /// What follows is not read: the input is over a limit, or an archive is not what it should be.
    Refused,
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
            _ if self.is_over_limit() => Supply::Refused,
            0 => Supply::End,
            _ => Supply::Block,
        })
    }

    /// The block that was read last.
    pub(super) fn block(&self) -> &[u8] {
        &self.block
    }

    /// Reads on to the end, for the digest only, or to the limit.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        while self.supply()? == Supply::Block {}
        Ok(())
    }

    pub(super) fn is_over_limit(&self) -> bool {
        self.bytes > self.limit
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

/// Reads until the room is full or the input ends.
pub(super) fn fill(input: &mut dyn Read, room: &mut [u8]) -> io::Result<usize> {
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

/// A source as unpackers read it. What went wrong with the input itself is kept, to be told from what is wrong with the archive.
pub(super) struct Tap<'r> {
    pub(super) source: Source<'r>,
    at: usize,
    /// Why the input could not be read.
    pub(super) failure: Option<io::Error>,
}

impl<'r> Tap<'r> {
    pub(super) fn new(source: Source<'r>) -> Self {
        Self {
            // Nothing was supplied yet.
            at: usize::MAX,
            source,
            failure: None,
        }
    }
}

impl Read for Tap<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Tap<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.source.block().len() {
            self.at = 0;
            match self.source.supply() {
                Ok(Supply::Block) => {}
                Ok(Supply::End | Supply::Refused) => self.at = usize::MAX,
                Err(error) => {
                    let kind = error.kind();
                    self.failure = Some(error);
                    self.at = usize::MAX;
                    return Err(kind.into());
                }
            }
        }
        Ok(self.source.block().get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }
}
