//! Enums that are kept in a column and shown as one word.

/// The text is none of the words it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no {kind}; it is one of {}", words.join(", "))]
pub struct NotAWord {
    pub(crate) text: String,
    pub(crate) kind: &'static str,
    pub(crate) words: &'static [&'static str],
}

/// Makes an enum whose values are words: in columns, in JSON and on the command line.
///
/// In a `FromRow` struct such a column is marked `#[sqlx(try_from = "String")]`.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident ($kind:literal) {
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::NotAWord;
            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::words::NotAWord { text: text.to_owned(), kind: $kind, words: &[$($word),*] }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::words::NotAWord;
            fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl $crate::db::Bind for $name {
            const NULL: $crate::db::Arg = $crate::db::Arg::Text(None);
            fn bind(self) -> $crate::db::Arg {
                $crate::db::Bind::bind(self.word())
            }
        }
    )*};
}

pub(crate) use words;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro makes public enums")]
mod tests {
    words! {
        /// A lane on a road.
        Lane("lane") {
            Left = "left",
            Right = "right",
        }
    }

    #[test]
    fn every_word_comes_back_as_itself_and_others_are_refused() {
        for lane in Lane::ALL {
            assert_eq!(lane.word().parse(), Ok(*lane));
        }
        let refused = "middle".parse::<Lane>().unwrap_err();
        assert_eq!(refused.to_string(), "'middle' is no lane; it is one of left, right");
    }
}
