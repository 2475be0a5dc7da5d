//! The one place with `unsafe`: what the processor can do and Rust does not offer by itself.

/// Hints that `value` is read soon; changes nothing that can be observed but time.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "the prefetch instruction has no safe form")]
#[inline(always)]
pub fn prefetch<T>(value: &T) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: prefetch never faults and never writes, whatever the address; here it is moreover that of a live
    // reference. SSE, which the instruction belongs to, is part of every x86_64.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast::<i8>()) }
}

/// Nothing to do where the instruction is not known.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub fn prefetch<T>(_: &T) {}

/// Work that gains from a processor with instructions for counting and finding bits.
pub trait Work {
    type Out;

    /// To be marked `#[inline(always)]`, as is all in it that gains.
    fn run(self) -> Self::Out;
}

/// Does the work with those instructions where the processor has them, as every server since 2013 does; the build is for
/// any x86_64.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "a function for newer processors may be called only after asking for them")]
pub fn at_best<W: Work>(work: W) -> W::Out {
    #[target_feature(enable = "popcnt,bmi1,bmi2,lzcnt")]
    fn newer<W: Work>(work: W) -> W::Out {
        work.run()
    }
    let counts_bits = is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt");
    if counts_bits {
        // SAFETY: the processor has just been asked for every feature named.
        unsafe { newer(work) }
    } else {
        work.run()
    }
}

/// Other processors have them from the start.
#[cfg(not(target_arch = "x86_64"))]
pub fn at_best<W: Work>(work: W) -> W::Out {
    work.run()
}
