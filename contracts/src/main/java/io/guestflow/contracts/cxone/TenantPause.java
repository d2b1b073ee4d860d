package io.guestflow.contracts.cxone;

import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import java.time.Instant;

/**
 * CXone asked the tenant to wait. On {@code cxone-throttle}, compacted; every instance of effects reads it from the
 * beginning and makes no call before the end.
 *
 * @param until when calls may be made again
 * @param instanceId the instance that was told
 */
public record TenantPause(Instant until, String instanceId) {
    /** Version 1. */
    public static final JsonCodec<TenantPause> CODEC =
            JsonCodec.of("cxone-throttle/1", (Fields in) -> new TenantPause(in.time("until"), in.id("instanceId")));
}
