//! The contents of a delivery, block by block, out of whatever they are wrapped in. Limited in size and in ratio; an archive that is
//! not what it should be ends the contents and says why.

use std::io::{self, BufRead, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};

use super::container::{Container, HEAD};
use super::finding::Code;
use super::options::Limits;
use super::source::{Source, Supply, Tap, fill};
use super::zip::{self, Member, Method, Unpacked};

/// Contents up to this size may have any ratio: a file of blanks is no attack.
const SMALL: u64 = 4 << 20;

/// A source and the way to its contents.
pub(super) struct Content<'r> {
    unpacking: Unpacking<'r>,
    limits: Limits,
    block: Vec<u8>,
    bytes: u64,
    refusal: Option<Code>,
    begun: bool,
    /// What was read to look ahead.
    held: Option<Supply>,
}

enum Unpacking<'r> {
    /// Nothing is wrapped, or nothing is left to unpack.
    Not(Source<'r>),
    Done(Tap<'r>),
    Gzip(Box<MultiGzDecoder<Tap<'r>>>),
    Deflated(Box<DeflateDecoder<Tap<'r>>>, Member, Unpacked),
    Stored(Tap<'r>, Member, Unpacked),
    /// Between two of these.
    Moving,
}

impl<'r> Content<'r> {
    pub(super) fn new(
        source: Source<'r>,
        container: Container,
        limits: Limits,
    ) -> io::Result<Self> {
        let mut content = Self {
            unpacking: Unpacking::Moving,
            limits,
            block: Vec::new(),
            bytes: 0,
            refusal: container.refusal(),
            begun: false,
            held: None,
        };
        content.unpacking = match container {
            Container::Gzip => Unpacking::Gzip(Box::new(MultiGzDecoder::new(Tap::new(source)))),
            Container::Zip => content.open_zip(Tap::new(source))?,
            Container::Plain | Container::Archive | Container::Other => Unpacking::Not(source),
        };
        Ok(content)
    }

    fn open_zip(&mut self, mut tap: Tap<'r>) -> io::Result<Unpacking<'r>> {
        let opened = zip::open(&mut tap);
        if let Some(failure) = tap.failure.take() {
            return Err(failure);
        }
        Ok(match opened? {
            Err(code) => {
                self.refusal = Some(code);
                Unpacking::Done(tap)
            }
            Ok(member) if member.method == Method::Stored => {
                Unpacking::Stored(tap, member, Unpacked::default())
            }
            Ok(member) => {
                let decoder = Box::new(DeflateDecoder::new(tap));
                Unpacking::Deflated(decoder, member, Unpacked::default())
            }
        })
    }

    /// The first bytes, as many as there are up to a fixed number, whatever the size of blocks. `supply` still gives them.
    pub(super) fn head(&mut self) -> io::Result<&[u8]> {
        let wrapped = !matches!(self.unpacking, Unpacking::Not(_));
        if wrapped && self.held.is_none() {
            self.held = Some(self.supply()?);
        }
        match &mut self.unpacking {
            Unpacking::Not(source) => source.head(),
            _ => Ok(&self.block),
        }
    }

    /// The next block of contents.
    pub(super) fn supply(&mut self) -> io::Result<Supply> {
        if self.refusal.is_some() {
            return Ok(Supply::Refused);
        }
        if let Some(held) = self.held.take() {
            return Ok(held);
        }
        if let Unpacking::Not(source) = &mut self.unpacking {
            let supply = source.supply()?;
            if supply == Supply::Refused {
                self.refusal = Some(Code::TooManyBytes);
            }
            return Ok(supply);
        }
        let filled = match self.unpack() {
            Ok(filled) => filled,
            Err(error) => return self.fail(error),
        };
        self.weigh();
        Ok(match filled {
            _ if self.refusal.is_some() => Supply::Refused,
            0 => Supply::End,
            _ => Supply::Block,
        })
    }

    /// The block that was read last.
    pub(super) fn block(&self) -> &[u8] {
        match &self.unpacking {
            Unpacking::Not(source) => source.block(),
            _ => &self.block,
        }
    }

    /// Unpacks the rest, for only then is it known whether the archive is what it should be.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        let wrapped = !matches!(self.unpacking, Unpacking::Not(_));
        while wrapped && self.supply()? == Supply::Block {}
        Ok(())
    }

    /// Why the contents ended before their end.
    pub(super) fn refusal(&self) -> Option<Code> {
        self.refusal
    }

    /// The source, wherever the contents ended.
    pub(super) fn into_source(self) -> Option<Source<'r>> {
        match self.unpacking {
            Unpacking::Not(source) => Some(source),
            Unpacking::Done(tap) | Unpacking::Stored(tap, ..) => Some(tap.source),
            Unpacking::Gzip(decoder) => Some(decoder.into_inner().source),
            Unpacking::Deflated(decoder, ..) => Some(decoder.into_inner().source),
            Unpacking::Moving => None,
        }
    }

    fn unpack(&mut self) -> io::Result<usize> {
        // The head tells an archive within; it must not depend on the size of blocks.
        let least = if self.begun { 4 } else { HEAD };
        let wanted = self.limits.block_bytes.max(least);
        self.block.resize(wanted, 0);
        let filled = match &mut self.unpacking {
            Unpacking::Gzip(decoder) => fill(decoder, &mut self.block)?,
            Unpacking::Deflated(decoder, _, unpacked) => {
                let filled = fill(decoder, &mut self.block)?;
                unpacked.note(&self.block[..filled], decoder.total_in());
                filled
            }
            Unpacking::Stored(tap, member, unpacked) => {
                let left = member.packed().unwrap_or(0) - unpacked.size;
                let filled = fill(&mut tap.take(left), &mut self.block)?;
                unpacked.note(&self.block[..filled], unpacked.size + filled as u64);
                filled
            }
            Unpacking::Not(_) | Unpacking::Done(_) | Unpacking::Moving => 0,
        };
        self.block.truncate(filled);
        self.bytes += filled as u64;
        if filled < wanted {
            self.finish()?;
        }
        Ok(filled)
    }

    /// The contents have ended: what stands behind them must agree.
    fn finish(&mut self) -> io::Result<()> {
        let (mut tap, zipped) = match std::mem::replace(&mut self.unpacking, Unpacking::Moving) {
            Unpacking::Gzip(decoder) => (decoder.into_inner(), None),
            Unpacking::Deflated(decoder, member, unpacked) => {
                (decoder.into_inner(), Some((member, unpacked)))
            }
            Unpacking::Stored(tap, member, unpacked) => (tap, Some((member, unpacked))),
            Unpacking::Done(tap) => (tap, None),
            other @ (Unpacking::Not(_) | Unpacking::Moving) => {
                self.unpacking = other;
                return Ok(());
            }
        };
        let closed = match &zipped {
            Some((member, unpacked)) => zip::close(&mut tap, member, unpacked),
            // Anything behind a gzip file was read as another one by now.
            None => tap
                .fill_buf()
                .map(|rest| rest.is_empty().then_some(()).ok_or(Code::DamagedArchive)),
        };
        self.unpacking = Unpacking::Done(tap);
        self.refusal = self.refusal.or(closed?.err());
        Ok(())
    }

    /// What is wrong with the input is not what is wrong with the archive.
    fn fail(&mut self, error: io::Error) -> io::Result<Supply> {
        let tap = match &mut self.unpacking {
            Unpacking::Gzip(decoder) => decoder.get_mut(),
            Unpacking::Deflated(decoder, ..) => decoder.get_mut(),
            Unpacking::Stored(tap, ..) | Unpacking::Done(tap) => tap,
            Unpacking::Not(_) | Unpacking::Moving => return Err(error),
        };
        if let Some(failure) = tap.failure.take() {
            return Err(failure);
        }
        let over = tap.source.is_over_limit();
        let code = if over {
            Code::TooManyBytes
        } else {
            Code::DamagedArchive
        };
        self.refusal = Some(code);
        Ok(Supply::Refused)
    }

    fn weigh(&mut self) {
        let packed = match &self.unpacking {
            Unpacking::Gzip(decoder) => decoder.get_ref().source.bytes(),
            Unpacking::Deflated(decoder, ..) => decoder.get_ref().source.bytes(),
            Unpacking::Stored(tap, ..) | Unpacking::Done(tap) => tap.source.bytes(),
            Unpacking::Not(_) | Unpacking::Moving => return,
        };
        let begins = !std::mem::replace(&mut self.begun, true);
        let within = begins.then(|| Container::of(&self.block).refusal_within());
        let refusal = if let Some(code) = within.flatten() {
            Some(code)
        } else if self.bytes > SMALL && self.bytes / self.limits.ratio > packed {
            Some(Code::ArchiveRatio)
        } else if self.bytes > self.limits.bytes {
            Some(Code::TooManyBytes)
        } else {
            None
        };
        self.refusal = refusal.or(self.refusal);
    }
}

impl Unpacked {
    fn note(&mut self, bytes: &[u8], packed: u64) {
        self.crc.update(bytes);
        self.size += bytes.len() as u64;
        self.packed = packed;
    }
}
