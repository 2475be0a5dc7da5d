//! The one place with `unsafe`: asks the processor to fetch a cache line that will be read soon.

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
