//! Closed sets of codes as they stand in the database, in JSON and on the command line. Not their labels: those are in `language`.

/// A code that is not a member of the set it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {set} code")]
pub struct UnknownCode {
    /// Name of the set, such as `registration::State`.
    pub set: &'static str,
}

/// Declares an enum whose members have a fixed code: `as_str`, `ALL`, `FromStr`, `TryFrom<String>`, `Display`.
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$item:meta])* $member:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$item])* #[doc = $code] $member),+ }

        impl $name {
            /// Every member, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// Every code, in the order of the declaration.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The code as stored and as written in JSON and filters.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $code),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::code::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$member),)+
                    _ => Err($crate::domain::code::UnknownCode { set: stringify!($name) }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::code::UnknownCode;
            fn try_from(code: String) -> Result<Self, Self::Error> {
                code.parse()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub use codes;
