//! A table of two dimensions as a network: rows and columns are its nodes, cells its edges, and whatever an attacker cannot tell from the
//! truth is a circulation over the hidden edges. So the whole interval of a cell is two flows, in whole numbers and without rounding. It
//! shares nothing with the engine.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

/// A cell as an edge between its row and its column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How far the value can fall and rise by itself.
    pub(super) down: i64,
    pub(super) up: i64,
    /// What it costs to let it move: 0 when it is hidden, none when it must not.
    pub(super) price: Option<u64>,
}

/// How far an edge may lie from the truth, downwards and upwards, and what it costs to move it; none when it must not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    pub(super) down: i64,
    pub(super) up: i64,
    pub(super) price: Option<u64>,
}

impl Lane {
    /// What is left of it for an edge that moved already. One that lies outside of its ends can only come back.
    fn room(&self, sign: i64, moved: Option<&i64>) -> i64 {
        let by = moved.copied().unwrap_or(0);
        let room = if sign > 0 {
            self.up - by
        } else {
            self.down + by
        };
        room.max(0)
    }
}

/// The cells of one table.
#[derive(Debug, Clone, Default)]
pub(super) struct Net {
    edges: Vec<Edge>,
    /// Edges at each node.
    at: Vec<Vec<usize>>,
}

/// On which side of the sums a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Part,
    Total,
}

/// Which way a cell moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Down,
    Up,
}

/// Cells and what is added to each.
pub(super) type Moves = Vec<(usize, i64)>;

impl Net {
    /// The network of cells, each between its row and its column; those that are the total of the others stand on the other side of the sum.
    pub(super) fn new(cells: &[([&str; 2], Side)]) -> Self {
        let mut nodes: HashMap<(usize, &str), usize> = HashMap::new();
        let mut net = Self::default();
        for (cell, side) in cells {
            let mut ends = [0; 2];
            for (place, code) in cell.iter().enumerate() {
                let number = nodes.len();
                ends[place] = *nodes.entry((place, code)).or_insert(number);
            }
            net.at.resize(nodes.len(), Vec::new());
            if *side == Side::Total {
                ends.swap(0, 1);
            }
            for end in ends {
                net.at[end].push(net.edges.len());
            }
            net.edges.push(Edge {
                from: ends[0],
                to: ends[1],
                down: 0,
                up: 0,
                price: None,
            });
        }
        net
    }

    /// An edge, to be given its room and price.
    pub(super) fn edge(&mut self, cell: usize) -> &mut Edge {
        &mut self.edges[cell]
    }

    /// How far a cell can move, at most `want`, along edges that cost nothing, and what moves along.
    pub(super) fn reach(&self, cell: usize, way: Way, want: i64) -> (i64, Moves) {
        self.push(cell, way, want, 0)
    }

    /// As `reach`, along any edge that may move, the cheapest first.
    pub(super) fn buy(&self, cell: usize, way: Way, want: i64) -> (i64, Moves) {
        self.push(cell, way, want, u64::MAX)
    }

    fn push(&self, cell: usize, way: Way, want: i64, most: u64) -> (i64, Moves) {
        let own = self.edges[cell];
        let (room, sign) = match way {
            Way::Up => (own.up, 1),
            Way::Down => (own.down, -1),
        };
        let want = want.min(room);
        let mut moved: BTreeMap<usize, i64> = BTreeMap::new();
        let reached = self.around((cell, sign), want, &mut moved, |edge| Lane {
            down: self.edges[edge].down,
            up: self.edges[edge].up,
            price: self.edges[edge].price.filter(|price| *price <= most),
        });
        (reached, sorted(moved))
    }

    /// Brings a table in which every sum holds between the ends of every edge, by the cheapest ways around; none when there are not enough.
    /// Only edges that moved may lie outside of theirs. Edges without a price stay.
    pub(super) fn fit(
        &self,
        start: &[(usize, i64)],
        lane: impl Fn(usize) -> Lane,
    ) -> Option<Moves> {
        let mut moved: BTreeMap<usize, i64> = start.iter().copied().collect();
        for (edge, _) in start {
            let at = moved.get(edge).copied().unwrap_or(0);
            let Lane { down, up, .. } = lane(*edge);
            if down + up < 0 {
                return None;
            }
            let (want, sign) = if at < -down {
                (-down - at, 1)
            } else {
                ((at - up).max(0), -1)
            };
            if self.around((*edge, sign), want, &mut moved, &lane) < want {
                return None;
            }
        }
        Some(sorted(moved))
    }

    /// Moves an edge as far as is wanted, up or down, and others with it; gives how far it came.
    fn around(
        &self,
        (cell, sign): (usize, i64),
        want: i64,
        moved: &mut BTreeMap<usize, i64>,
        lane: impl Fn(usize) -> Lane,
    ) -> i64 {
        let own = self.edges[cell];
        let ends = if sign > 0 {
            (own.to, own.from)
        } else {
            (own.from, own.to)
        };
        let mut reached = 0;
        while reached < want {
            let Some(path) = self.path(cell, ends, moved, &lane) else {
                break;
            };
            let room = |(edge, sign): &(usize, i64)| lane(*edge).room(*sign, moved.get(edge));
            let by = path.iter().map(room).min().unwrap_or(0).min(want - reached);
            for (edge, sign) in path {
                *moved.entry(edge).or_default() += sign * by;
            }
            reached += by;
        }
        if reached > 0 {
            *moved.entry(cell).or_default() += sign * reached;
        }
        reached
    }

    /// The cheapest way from one node to another over edges with room, the shortest of equals.
    fn path(
        &self,
        except: usize,
        (source, sink): (usize, usize),
        moved: &BTreeMap<usize, i64>,
        lane: impl Fn(usize) -> Lane,
    ) -> Option<Vec<(usize, i64)>> {
        let mut best: Vec<(u64, u32)> = vec![(u64::MAX, u32::MAX); self.at.len()];
        let mut by: Vec<Option<(usize, i64)>> = vec![None; self.at.len()];
        let mut open = BinaryHeap::from([Reverse(((0_u64, 0_u32), source))]);
        best[source] = (0, 0);
        while let Some(Reverse((cost, node))) = open.pop() {
            if node == sink {
                break;
            }
            if cost > best[node] {
                continue;
            }
            for edge in self.at[node].iter().copied().filter(|e| *e != except) {
                let it = self.edges[edge];
                let (sign, there) = if it.from == node {
                    (1, it.to)
                } else {
                    (-1, it.from)
                };
                if (cost.0, cost.1 + 1) >= best[there] {
                    continue;
                }
                let lane = lane(edge);
                let Some(price) = lane.price else {
                    continue;
                };
                // What already moves costs nothing more.
                let price = if moved.contains_key(&edge) { 0 } else { price };
                let next = (cost.0.saturating_add(price), cost.1 + 1);
                if next < best[there] && lane.room(sign, moved.get(&edge)) > 0 {
                    best[there] = next;
                    by[there] = Some((edge, sign));
                    open.push(Reverse((next, there)));
                }
            }
        }
        let mut path = Vec::new();
        let mut at = sink;
        while at != source {
            let (edge, sign) = by[at]?;
            path.push((edge, sign));
            at = if sign > 0 {
                self.edges[edge].from
            } else {
                self.edges[edge].to
            };
        }
        Some(path)
    }
}

/// What moved, in order.
fn sorted(moved: BTreeMap<usize, i64>) -> Moves {
    moved.into_iter().filter(|(_, by)| *by != 0).collect()
}
