//! Version 1 of the benefit interface, as generated, and its conversion to our own types.

wasmtime::component::bindgen!({
    path: "../../wit/ydun-benefit/1.0",
    world: "benefit",
    imports: { default: trappable },
});

pub(crate) use ydun::benefit::{trace, types};

ydun_domain::bindings!(self::ydun::benefit::types);
