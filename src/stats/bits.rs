//! Numbers as files hold them: by their bits, so that infinities are kept too and whoever reads a
//! number gets the one that was written, whatever the format.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One number.
pub mod number {
    use super::*;

    /// Writes the bits.
    pub fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        number.to_bits().serialize(to)
    }

    /// Reads the bits.
    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<f64, D::Error> {
        u64::deserialize(from).map(f64::from_bits)
    }
}

/// A list of numbers in no particular order.
pub mod numbers {
    use super::*;

    /// Writes the bits of each, in ascending order: how the numbers came must not show in a file.
    pub fn serialize<S: Serializer>(numbers: &[f64], to: S) -> Result<S::Ok, S::Error> {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        to.collect_seq(sorted.iter().map(|number| number.to_bits()))
    }

    /// Reads the bits of each.
    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<f64>, D::Error> {
        let bits = Vec::<u64>::deserialize(from)?;
        Ok(bits.into_iter().map(f64::from_bits).collect())
    }
}

/// An array longer than the 32 elements that serde knows.
pub mod array {
    use super::*;
    use serde::de::Error;

    /// Writes a list.
    pub fn serialize<S: Serializer, T: Serialize, const N: usize>(
        array: &[T; N],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        array.as_slice().serialize(to)
    }

    /// Reads a list of exactly that length.
    pub fn deserialize<'d, D: Deserializer<'d>, T: Deserialize<'d>, const N: usize>(
        from: D,
    ) -> Result<[T; N], D::Error> {
        let list = Vec::<T>::deserialize(from)?;
        let wrong = |list: Vec<T>| Error::invalid_length(list.len(), &&*format!("{N} elements"));
        list.try_into().map_err(wrong)
    }
}
