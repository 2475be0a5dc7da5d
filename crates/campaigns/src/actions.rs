//! One function a use case, inside the transaction of an `Act`.
