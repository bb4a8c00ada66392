//! The formats of integers, as documents write them.

use openapiv3::{IntegerFormat, IntegerType, VariantOrUnknownOrEmpty};

/// The format of an integer, where it is one that Rust has a type for.
pub(super) fn known(
    format: &VariantOrUnknownOrEmpty<IntegerFormat>,
) -> VariantOrUnknownOrEmpty<IntegerFormat> {
    let types = ["int8", "int16", "uint8", "uint16", "uint32", "uint64"];
    match format {
        VariantOrUnknownOrEmpty::Unknown(name) if !types.contains(&name.as_str()) => {
            VariantOrUnknownOrEmpty::Empty
        }
        format => format.clone(),
    }
}

/// Whether an integer may be one that 64 bits don't hold.
pub(super) fn is_beyond(integer: &IntegerType) -> bool {
    match &integer.format {
        VariantOrUnknownOrEmpty::Unknown(format) => {
            let format = format.to_lowercase().replace(['-', '_'], "");
            ["bigint", "biginteger", "int128", "uint128", "int256", "uint256"]
                .contains(&format.as_str())
        }
        VariantOrUnknownOrEmpty::Item(_) | VariantOrUnknownOrEmpty::Empty => false,
    }
}
