"""Asking for memory ahead of time, for compiled functions.

What calls this is compiled with it: after a change here, empty the cache of numba.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np import arrayobj

_arrays: Any = arrayobj  # without types
_building: Any = cgutils


def _made_ahead() -> Any:
    """Return a function that asks for a row of arcs, without waiting for it."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return lambda _arcs, _row: None

    def ahead(_context: Any, arcs: Any, _row: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = _arrays.make_array(signature.args[0])(context, builder, arguments[0])
            columns = ir.Constant(arguments[1].type, 2)
            byte, whole = ir.IntType(8).as_pointer(), ir.IntType(32)
            place = builder.gep(array.data, [builder.mul(arguments[1], columns)])
            kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
            fetch = _building.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            # To be read; into the fastest memory; data. A row that is not there does no harm.
            builder.call(fetch, [builder.bitcast(place, byte), whole(0), whole(3), whole(1)])
            return context.get_dummy_value()

        return types.void(arcs, types.int64), code

    return intrinsic(ahead)


ahead = _made_ahead()
